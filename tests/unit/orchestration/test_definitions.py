"""The code location loads without a stack, and serves on loopback only."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from dagster import Definitions

from mesh.build.parse import manifest_folder
from mesh.core.paths import ROOT
from orchestration import home
from orchestration.jobs import DAILY
from orchestration.specs import Mesh


@pytest.fixture(scope="module")
def defs() -> Definitions:
    from orchestration.definitions import defs

    return defs


def test_dagster_validates_the_code_location(tmp_path: Path) -> None:
    """As a process of its own, with the settings that `mesh dagster` writes."""
    folder = home.prepare(tmp_path / "dagster")
    command = [sys.executable, "-m", "dagster", "definitions", "validate", "-m", home.MODULE]
    done = subprocess.run(
        command, cwd=ROOT, env=home.environment(folder), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Validation successful" in done.stdout + done.stderr


def test_the_jobs_are_all_of_it_but_for_unit_tests(defs: Definitions) -> None:
    mesh = Mesh.read(manifest_folder())
    everything = {spec.key for spec in mesh.assets}
    for name, expected in {"refresh": everything, "rebuild": everything - mesh.landed}.items():
        layer = defs.resolve_job_def(name).asset_layer
        assert layer.selected_asset_keys == expected
        checks = {key for part in layer.data for key in part.assets_def.check_keys}
        assert checks == set(mesh.checks) - mesh.unit_tests


def test_the_refresh_is_daily(defs: Definitions) -> None:
    schedule = defs.resolve_schedule_def("daily_refresh")
    assert (schedule.cron_schedule, schedule.job_name) == (DAILY, "refresh")
    assert schedule.execution_timezone == "UTC"


def test_dagster_says_nothing_to_its_makers_and_runs_one_build_at_a_time(tmp_path: Path) -> None:
    settings = yaml.safe_load((home.prepare(tmp_path) / "dagster.yaml").read_text())
    assert settings["telemetry"] == {"enabled": False}
    assert settings["concurrency"] == {"runs": {"max_concurrent_runs": 1}}
    assert home.environment(tmp_path)["DAGSTER_DISABLE_TELEMETRY"] == "1"


def test_the_server_listens_on_loopback_at_the_port_of_last_time(tmp_path: Path) -> None:
    port = home.port_of(tmp_path)
    assert home.port_of(tmp_path) == port
    command = home.server(port)
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert command[command.index("--port") + 1] == str(port)
