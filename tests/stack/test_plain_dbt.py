"""dbt as an engineer starts it: on the branch dev, whatever it does to main's tables there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mesh.build.manifest import read_run_results
from mesh.core.paths import ROOT
from mesh.core.settings import Lake
from mesh.lake.branches import refresh_dev
from mesh.lake.names import DEV, MAIN
from tests.stack.lake_parts import head
from tests.stack.published import Published

MODEL = "silver_medical__encounters"


@pytest.fixture
def dev(published: Published) -> Iterator[Lake]:
    """The published lake with dev at what is published, before the test and after it."""
    refresh_dev(published.lake, force=True)
    yield published.lake
    refresh_dev(published.lake, force=True)


def dbt(target: Path, *arguments: str) -> None:
    """Run dbt with no more in its environment than a shell gives it; it has to end well."""
    kept = ("PATH", "HOME", "MESH_HOME", "LANG")
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            *arguments,
            *("--target-path", str(target), "--log-path", str(target)),
        ],
        cwd=ROOT,
        env={name: os.environ[name] for name in kept if name in os.environ},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def heads(lake: Lake) -> tuple[str, str]:
    return head(lake, MAIN), head(lake, DEV)


def outcomes(target: Path) -> dict[str, str]:
    return {r.unique_id: r.status for r in read_run_results(target).results}


def test_a_model_is_built_tested_and_documented_on_dev_alone(dev: Lake, tmp_path: Path) -> None:
    main, before = heads(dev)
    assert before == main

    dbt(tmp_path, "build", "--select", MODEL)
    built = outcomes(tmp_path)
    assert built.pop(f"model.mesh.{MODEL}") == "success"
    assert set(built.values()) == {"pass"}
    after = heads(dev)
    assert after[0] == main
    assert after[1] != main

    dbt(tmp_path, "test", "--select", MODEL)
    assert outcomes(tmp_path) == built

    dbt(tmp_path, "docs", "generate")
    catalog = json.loads((tmp_path / "catalog.json").read_text())
    assert catalog["errors"] is None
    assert "encounter_id" in catalog["nodes"][f"model.mesh.{MODEL}"]["columns"]
    assert sum(name.startswith("model.mesh.") for name in catalog["nodes"]) > 80
    assert heads(dev)[0] == main
