"""dbt's unit tests run on the real engine, beside tables that are published."""

from __future__ import annotations

from pathlib import Path

from mesh.build import packages
from mesh.build.dbt import Project
from mesh.build.manifest import PROJECT, read_manifest, read_run_results
from mesh.lake.branches import drop_branch, open_branch
from mesh.lake.names import new_run_id
from tests.stack.published import Published


def test_every_unit_test_of_the_project_runs_and_passes(
    published: Published, tmp_path: Path
) -> None:
    """`mesh run` leaves them out; on a branch, since each makes an empty table for its columns."""
    lake, day = published.lake, published.second.summary.as_of_date
    branch = open_branch(lake, "ci", new_run_id())
    try:
        project = Project(lake, branch.catalog, packages.ensure(), variables={"as_of_date": day})
        project.invoke(["test", "--resource-type", "unit_test"], tmp_path)
    finally:
        drop_branch(lake, branch)
    tests = read_manifest(tmp_path).tests.values()
    written = {t.unique_id for t in tests if t.kind == "unit_test" and t.package == PROJECT}
    assert len(written) >= 60
    outcomes = {r.unique_id: r.status for r in read_run_results(tmp_path).results}
    assert {name: outcomes.get(name) for name in written} == dict.fromkeys(written, "pass")
