"""From a branch with input to a release: build, audit, publish, tell lineage."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.build import quality
from mesh.build.context import Context, Outcome, describe_input
from mesh.build.dbt import DbtError, Project
from mesh.build.fingerprint import Marks
from mesh.build.manifest import Manifest, RunResults, read_manifest, read_run_results
from mesh.build.progress import Progress
from mesh.build.summary import (
    Summary,
    arrivals_of,
    count_rows,
    count_tests,
    counted_tables,
    products_of,
)
from mesh.core.console import info, warn
from mesh.core.errors import Findings, LakeError, MeshError
from mesh.core.paths import state_dir
from mesh.lake.names import run_started_at

if TYPE_CHECKING:
    from mesh.lake.branches import Branch
    from mesh.lake.releases import Release
    from mesh.landing.land import Landed

KEPT_RUNS = 20
"""Folders of dbt's artifacts that are kept, the youngest, of runs and checks of changes alike."""


@dataclass(frozen=True)
class _Built:
    """A build that dbt brought to its end, well or not."""

    project: Project
    manifest: Manifest
    results: RunResults


def build_and_publish(
    context: Context,
    branch: Branch,
    landed: list[Landed],
    variables: dict[str, object],
    marks: Marks,
) -> Outcome:
    """Build what the context wants on ``branch`` and publish it if every test passes.

    Args:
        context: The run.
        branch: Its branch, with the input landed.
        landed: What was landed, for the summary.
        variables: dbt variables.
        marks: By what a later run knows whether anything is new.

    Raises:
        Findings: Personal data would leak, or a model or test failed; the branch stays.
        MeshError: It could not run.
    """
    from mesh.privacy.gate import require_no_leak

    with context.steps.step("follow personal data"):
        require_no_leak()
    project = _with_evidence(
        context,
        Project(context.lake, branch.catalog, context.packages, quality=True, variables=variables),
    )
    with context.steps.step("build and test"):
        results = _build(context, project)
        built = _Built(project, read_manifest(context.folder), results)
    if results.failures:
        _lineage(context, built, published=False)
        raise _failed(context, branch, built)
    with context.steps.step("publish"):
        summary = _summarise(context, built, landed, marks)
        release = _publish(context, branch, summary)
    with context.steps.step("send lineage events"):
        _lineage(context, built, published=True)
    _forget_old_runs(state_dir() / "runs")
    return Outcome(context.lake, release.tag, True, summary, context.steps, context.left_out)


def _with_evidence(context: Context, project: Project) -> Project:
    """The project with Elementary's tables in place, or without Elementary and saying so."""
    if not context.packages.real or quality.tables_are_there(context.lake):
        return project
    with context.steps.step("make Elementary's tables"):
        try:
            quality.ensure_tables(project, context.folder / "elementary")
        except DbtError as error:
            warn(str(error))
            context.left_out.append(f"Elementary's tables and monitors: {error.message}")
            return replace(project, quality=False)
    return project


def _build(context: Context, project: Project) -> RunResults:
    scope = context.options.scope
    command = ["build", "--exclude", "package:elementary"]
    command += [] if scope.unit_tests else ["--exclude-resource-type", "unit_test"]
    command += ["--select", *scope.select] if scope.select else []
    if context.options.full_refresh:
        command.append("--full-refresh")
    progress = Progress()
    project.invoke(command, context.folder, listen=progress)
    info(f"    {progress.tests} tests passed")
    return read_run_results(context.folder)


def _failed(context: Context, branch: Branch, built: _Built) -> MeshError:
    """Say what failed and where to look; the lake itself being gone is another matter."""
    from mesh.lake.trino import query

    failures, manifest = built.results.failures, built.manifest
    for result in failures:
        node = manifest.nodes.get(result.unique_id) or manifest.tests.get(result.unique_id)
        where = f"{node.path}: {node.name}" if node else result.unique_id
        warn(f"{where}: {result.status}: {result.message.strip()}")
    log = context.folder / "dbt.log"
    try:
        query(context.lake, "select 1")
    except LakeError as error:
        return LakeError(
            f"the lake went away during the build: {error.message}",
            where=str(log),
            hint="what is published is as it was; see `./mesh status`, then run again",
        )
    count = f"{len(failures)} of {len(built.results.results)}"
    return Findings(
        f"{count} nodes failed; what is published is as it was",
        where=str(log),
        hint=stays(branch),
    )


def stays(branch: Branch) -> str:
    """How to look into what a build that was not published has made."""
    look = f'./mesh sql --catalog {branch.catalog} "select ..."'
    return f"branch {branch.name} stays for a look until the next run: {look}"


def _summarise(context: Context, built: _Built, landed: list[Landed], marks: Marks) -> Summary:
    project, manifest = built.project, built.manifest
    rows = count_rows(context.lake, project.catalog, counted_tables(manifest))
    return Summary(
        run_id=context.run_id,
        fingerprint=marks.fingerprint,
        logic=marks.logic,
        input=describe_input(context.options),
        as_of_date=str((project.variables or {})["as_of_date"]),
        elementary=project.with_elementary,
        models=len(manifest.models),
        products=products_of(manifest, rows),
        arrivals=arrivals_of(manifest, rows, landed),
        tests=count_tests(built.results),
    )


def _publish(context: Context, branch: Branch, summary: Summary) -> Release:
    from mesh.lake.publish import publish

    (context.folder / "summary.json").write_text(summary.to_json())
    names = ("manifest.json", "run_results.json", "summary.json")
    files = {name: context.folder / name for name in names}
    release = publish(context.lake, branch, f"Publish {summary.input}", files)
    info(f"    published as {release.tag}")
    return release


def _lineage(context: Context, built: _Built, *, published: bool) -> None:
    from mesh.lineage import emit, events
    from mesh.lineage.events import Place

    lake = context.lake
    place = Place(lake.trino_host, lake.trino_port, lake.catalog)
    try:
        run_id = context.run_id
        emit(events(built.manifest, built.results, place, run_id=run_id, published=published))
    except MeshError as error:
        warn(str(error))
        context.left_out.append(f"lineage events: {error.message}")


def _forget_old_runs(folder: Path) -> None:
    epoch = datetime.fromtimestamp(0, UTC)
    folders = [path for path in folder.iterdir() if path.is_dir()]
    folders.sort(key=lambda path: run_started_at(path.name) or epoch)
    for old in folders[:-KEPT_RUNS]:
        shutil.rmtree(old, ignore_errors=True)
