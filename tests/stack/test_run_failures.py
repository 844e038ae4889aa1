"""A run that fails or is ended leaves what is published as it was."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import psutil
import pytest

from mesh.build.run import Options, Scope, run
from mesh.core.errors import Findings, InputError
from mesh.core.paths import ROOT
from mesh.core.settings import Lake
from mesh.lake.branches import branches
from mesh.lake.clean import clean
from mesh.lake.trino import query
from mesh.lineage.emit import events_file
from tests.stack.batches import rewrite
from tests.stack.lake_parts import head
from tests.stack.published import Published

MOMENTS = 60
"""Nodes of a build within which a run is ended."""


def builds(lake: Lake) -> set[str]:
    return {state.name for state in branches(lake) if state.kind == "build"}


@pytest.fixture
def others(lake: Lake) -> set[str]:
    """Build branches that tests before have left, some of them in use by this very process."""
    return builds(lake)


def started(source: Path) -> subprocess.Popen[str]:
    """A run from scratch in a process of its own."""
    command = [sys.executable, "-m", "mesh", "run", "--full-refresh", "--wait"]
    return subprocess.Popen(
        [*command, "--source", str(source)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )


def test_a_failed_audit_publishes_nothing_and_keeps_the_branch(
    published: Published, tmp_path: Path, others: set[str]
) -> None:
    """Too many rows are rejected: the batch never reaches main, and can be looked at."""
    source = tmp_path / "bad"
    copytree(published.files.folder, source)
    rewrite(source / "patients.csv", lambda n, row: row | {"BIRTHDATE": "soon"})
    lake, before = published.lake, head(published.lake)

    with pytest.raises(Findings) as caught:
        run(Options(source=source, scope=Scope(select=("patients",))))

    assert head(lake) == before
    [branch] = builds(lake) - others
    assert branch in (caught.value.hint or "")
    assert "as it was" in caught.value.message
    [(here,)] = query(lake, "select count(*) from patients_landing.synthea_patients", "build")
    [(there,)] = query(lake, "select count(*) from patients_landing.synthea_patients", "lake")
    assert here > there
    assert '"eventType": "FAIL"' in events_file().read_text().splitlines()[-1]
    clean(lake, older_than=timedelta())


def test_input_that_is_not_whole_stops_before_the_build(
    published: Published, tmp_path: Path, others: set[str]
) -> None:
    source = tmp_path / "cut"
    copytree(published.files.folder, source)
    (source / "claims.csv").unlink()
    before = head(published.lake)
    with pytest.raises(InputError, match="claims"):
        run(Options(source=source))
    assert head(published.lake) == before
    assert builds(published.lake) <= others


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_in_the_middle_ends_dbt_and_changes_nothing(
    published: Published, number: signal.Signals, others: set[str]
) -> None:
    """At a moment that chance chooses; the next run builds through the same catalog."""
    before = head(published.lake)
    process = started(published.files.folder)
    dbt = children_after(process, random.randrange(1, MOMENTS))
    process.send_signal(number)
    process.communicate(timeout=60)

    assert process.returncode != 0
    gone, alive = psutil.wait_procs(dbt, timeout=30)
    assert (len(gone), alive) == (len(dbt), [])
    assert head(published.lake) == before
    # Only a killed run could not clear up; its branch is not in use, so it can be cleaned.
    assert bool(builds(published.lake) - others) == (number == signal.SIGKILL)
    if number == signal.SIGKILL:
        patients = Scope(select=("patients",), always=True)
        again = run(Options(source=published.files.folder, scope=patients, site=False))
        assert again.new
        assert again.summary.tests.failed == 0
    else:
        again = run(Options(source=published.files.folder, site=False))
        assert again.release == published.second.release
    clean(published.lake, older_than=timedelta())
    assert builds(published.lake) <= others


def children_after(process: subprocess.Popen[str], done: int) -> list[psutil.Process]:
    """The processes of a run once so many nodes of its build are done."""
    assert process.stderr is not None
    for line in process.stderr:
        done -= "success" in line
        if done == 0:
            break
    else:
        pytest.fail(f"the build ended with {done} more nodes to come")
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    return children
