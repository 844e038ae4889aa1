"""Without hub and mirror the stand-in is there quickly, and says why."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mesh.build import packages


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MESH_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("hub", ["http://127.0.0.1:9/", "http://no.such.host.invalid/", "nonsense"])
def test_an_unreachable_hub_gives_the_stand_in(hub: str) -> None:
    began = time.monotonic()
    found = packages.ensure({"DBT_PACKAGE_HUB_URL": hub})
    assert (found.kind, found.real) == ("stand-in", False)
    assert hub in found.reason
    assert (found.path / "elementary" / "dbt_project.yml").is_file()
    assert time.monotonic() - began < packages.ANSWER + 5


def test_plain_dbt_finds_the_packages_of_the_last_run(state: Path) -> None:
    made = packages.ensure({"DBT_PACKAGE_HUB_URL": "http://127.0.0.1:9/"})
    assert packages.known().resolve() == made.path
    assert packages.known().parent == state / "dbt-packages"


def test_plain_dbt_has_packages_before_the_first_run() -> None:
    assert (packages.known() / "elementary" / "macros").is_dir()


def test_the_stand_in_knows_every_monitor_that_the_models_use() -> None:
    text = (packages.STAND_IN / "elementary" / "macros" / "monitors.sql").read_text()
    used = {
        line.split("elementary.")[1].split(":")[0].strip()
        for path in (packages.ROOT / "models").rglob("*.yml")
        for line in path.read_text().splitlines()
        if "- elementary." in line
    }
    assert used
    assert all(f"test {name}(model)" in text for name in used)
