"""`mesh run`: input, branch, landing, build, audit, publish, documents.

What is published changes in one step near the end; until then everything happens on a branch.
What comes after it (documents, report, lineage) can fail without taking the release back: it is
then named among what was left out.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.build import packages, quality
from mesh.build.dbt import DbtError, Project
from mesh.build.fingerprint import fingerprint
from mesh.build.manifest import Manifest, RunResults, read_manifest, read_run_results
from mesh.build.progress import Progress
from mesh.build.publication import write_site
from mesh.build.summary import (
    Summary,
    arrivals_of,
    count_rows,
    count_tests,
    counted_tables,
    products_of,
)
from mesh.core.console import Steps, info, warn
from mesh.core.errors import Findings, LakeError, MeshError
from mesh.core.paths import ROOT, state_dir
from mesh.core.settings import Lake

if TYPE_CHECKING:
    from mesh.lake.branches import Branch
    from mesh.lake.releases import Release
    from mesh.landing.land import Landed

PATIENTS = 40
"""Patients generated when nothing is said: the first run then takes some three minutes."""
SEED = 1
KEPT_RUNS = 20
"""Folders of dbt's artifacts that are kept, the youngest."""


@dataclass(frozen=True)
class Scope:
    """The part of a run that is wanted; `mesh run` wants all of it, an orchestrator may not.

    Args:
        land: Take in the input; else the tables are built from what is landed already.
        select: dbt's selectors of what to build; everything if empty.
        unit_tests: Run dbt's unit tests too.
        always: Build also when nothing is new.
    """

    land: bool = True
    select: tuple[str, ...] = ()
    unit_tests: bool = False
    always: bool = False


@dataclass(frozen=True)
class Options:
    """What to build from, and how.

    Args:
        patients: How many histories Synthea makes; ignored when ``source`` is given.
        source: A folder of Synthea CSV to take instead.
        wait: Wait for another publisher instead of giving up.
        full_refresh: Build every table from scratch, also when nothing changed.
    """

    patients: int = PATIENTS
    seed: int = SEED
    source: Path | None = None
    wait: bool = False
    full_refresh: bool = False
    scope: Scope = Scope()


@dataclass
class Outcome:
    """How a run went."""

    lake: Lake
    release: str
    new: bool
    summary: Summary
    steps: Steps
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Run:
    """What the steps of one run share."""

    lake: Lake
    run_id: str
    options: Options
    packages: packages.PackagesState
    steps: Steps
    left_out: list[str]

    @property
    def folder(self) -> Path:
        """Where dbt's artifacts and logs of this run lie."""
        return run_folder(self.run_id)


def run_folder(run_id: str) -> Path:
    """Where dbt's artifacts and logs of a run lie, also when it failed."""
    return state_dir() / "runs" / run_id


def run(options: Options, run_id: str | None = None) -> Outcome:
    """Bring what is published up to date with input and project.

    Args:
        options: What to build from, and how.
        run_id: The id of :func:`mesh.lake.names.new_run_id` that it shall have, a new one if None.

    Raises:
        Findings: A test or a model failed; what is published is as it was.
        MeshError: It could not run.
    """
    from mesh.lake.lock import publisher_lock
    from mesh.lake.names import new_run_id
    from mesh.stack import lifecycle
    from mesh.stack.interrupts import Interrupts

    steps = Steps()
    with Interrupts().active():
        with steps.step("start the stack"):
            lake = lifecycle.up()
            state = packages.ensure()
        left_out = [] if state.real else [f"Elementary's tables and monitors: {state.reason}"]
        context = _Run(lake, run_id or new_run_id(), options, state, steps, left_out)
        with publisher_lock(context.run_id, wait=options.wait):
            return _locked(context)


def as_of_date(options: Options) -> str:
    """The day ages are counted from, as YYYY-MM-DD: generated histories end on a fixed day."""
    from mesh.landing.synthea import REFERENCE_DATE

    today = datetime.now(UTC).date()
    day = today if options.source else datetime.strptime(REFERENCE_DATE, "%Y%m%d").date()
    return day.isoformat()


def describe_input(options: Options) -> str:
    """The input in words."""
    if not options.scope.land:
        return "what is landed already"
    if options.source:
        return f"the files of {options.source.resolve().name}"
    return f"{options.patients} patients of Synthea, seed {options.seed}"


def _locked(context: _Run) -> Outcome:
    """The part that only one process does at a time."""
    from mesh.lake.branches import drop_branch, open_branch

    scope = context.options.scope
    folder = _input(context) if scope.land else None
    branch = open_branch(context.lake, "build", context.run_id)
    try:
        landed = _land(context, branch, folder) if folder else []
        variables: dict[str, object] = {"as_of_date": as_of_date(context.options)}
        # What was built in part must not count as up to date.
        mark = "" if scope.select else fingerprint(ROOT, variables, context.packages.kind)
        build = scope.always or context.options.full_refresh
        outcome = None if build else _nothing_new(context, landed, mark)
        if outcome is None:
            outcome = _build_and_publish(context, branch, landed, variables, mark)
        else:
            drop_branch(context.lake, branch)
    except (Findings, LakeError):
        raise  # the branch stays for a look
    except BaseException:
        with suppress(MeshError):
            drop_branch(context.lake, branch)
        raise
    _documents(context, outcome)
    return outcome


def _input(context: _Run) -> Path:
    options = context.options
    if options.source:
        return options.source
    from mesh.landing.synthea import generate

    with context.steps.step("make the input"):
        return generate(options.patients, options.seed)


def _land(context: _Run, branch: Branch, folder: Path) -> list[Landed]:
    from mesh.core.secrets import DOMAINS, secrets
    from mesh.landing.keys import ensure_keys
    from mesh.landing.land import land

    known = secrets()
    keys = {domain: known.pseudonym_key(domain) for domain in DOMAINS}
    with context.steps.step("land the input"):
        ensure_keys(context.lake, branch.name, keys)
        landed = land(context.lake, branch.name, folder)
    fresh = [one for one in landed if not one.skipped]
    info(
        f"    {sum(one.rows for one in fresh):,} rows of {len(fresh)} files are new, "
        f"{len(landed) - len(fresh)} files were landed before"
    )
    return landed


def _nothing_new(context: _Run, landed: list[Landed], mark: str) -> Outcome | None:
    """The live release, when this run would make the same tables again."""
    from mesh.lake.releases import find_release, release_file

    if not all(one.skipped for one in landed):
        return None
    try:
        release = find_release(context.lake, "live")
        summary = Summary.from_json(release_file(context.lake, release.tag, "summary.json"))
    except MeshError:
        return None
    if summary.fingerprint != mark:
        return None
    info(f"nothing is new since {release.tag}: neither input nor project; --full-refresh builds")
    return Outcome(context.lake, release.tag, False, summary, context.steps, context.left_out)


def _build_and_publish(
    context: _Run, branch: Branch, landed: list[Landed], variables: dict[str, object], mark: str
) -> Outcome:
    project = Project(
        context.lake, branch.catalog, context.packages, quality=True, variables=variables
    )
    project = _with_evidence(context, project)
    with context.steps.step("build and test"):
        results = _build(context, project)
    manifest = read_manifest(context.folder)
    if results.failures:
        _lineage(context, manifest, results, published=False)
        raise _failed(context, branch, manifest, results)
    with context.steps.step("publish"):
        summary = _summarise(context, branch, manifest, results, landed, mark)
        release = _publish(context, branch, summary)
    with context.steps.step("send lineage events"):
        _lineage(context, manifest, results, published=True)
    _forget_old_runs(state_dir() / "runs")
    return Outcome(context.lake, release.tag, True, summary, context.steps, context.left_out)


def _with_evidence(context: _Run, project: Project) -> Project:
    """The project with Elementary's tables in place, or without Elementary and saying so."""
    if not context.packages.real or quality.tables_are_there(context.lake):
        return project
    with context.steps.step("make Elementary's tables"):
        try:
            quality.ensure_tables(project, context.folder / "elementary")
        except DbtError as error:
            warn(str(error))
            context.left_out.append(f"Elementary's tables and monitors: {error.message}")
            return Project(
                project.lake, project.catalog, project.packages, variables=project.variables
            )
    return project


def _build(context: _Run, project: Project) -> RunResults:
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


def _failed(
    context: _Run, branch: Branch, manifest: Manifest, results: RunResults
) -> MeshError:
    """Say what failed and where to look; the lake itself being gone is another matter."""
    from mesh.lake.trino import query

    for result in results.failures:
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
    count = len(results.failures)
    return Findings(
        f"{count} of {len(results.results)} nodes failed; what is published is as it was",
        where=str(log),
        hint=f"branch {branch.name} stays for a look until the next run: "
        f'./mesh sql --catalog {branch.catalog} "select ..."',
    )


def _summarise(
    context: _Run,
    branch: Branch,
    manifest: Manifest,
    results: RunResults,
    landed: list[Landed],
    mark: str,
) -> Summary:
    rows = count_rows(context.lake, branch.catalog, counted_tables(manifest))
    return Summary(
        run_id=context.run_id,
        fingerprint=mark,
        input=describe_input(context.options),
        as_of_date=as_of_date(context.options),
        elementary=context.packages.real,
        models=len(manifest.models),
        products=products_of(manifest, rows),
        arrivals=arrivals_of(manifest, rows, landed),
        tests=count_tests(results),
    )


def _publish(context: _Run, branch: Branch, summary: Summary) -> Release:
    from mesh.lake.publish import publish

    (context.folder / "summary.json").write_text(summary.to_json())
    names = ("manifest.json", "run_results.json", "summary.json")
    files = {name: context.folder / name for name in names}
    release = publish(context.lake, branch, f"Publish {summary.input}", files)
    info(f"    published as {release.tag}")
    return release


def _lineage(
    context: _Run, manifest: Manifest, results: RunResults, *, published: bool
) -> None:
    from mesh.lineage import emit, events
    from mesh.lineage.events import Place

    lake = context.lake
    place = Place(lake.trino_host, lake.trino_port, lake.catalog)
    try:
        emit(events(manifest, results, place, run_id=context.run_id, published=published))
    except MeshError as error:
        warn(str(error))
        context.left_out.append(f"lineage events: {error.message}")


def _documents(context: _Run, outcome: Outcome) -> None:
    """Write the site, unless it shows this release already."""
    from mesh.build.docs import site_dir, site_release

    if not outcome.new and site_release(site_dir()) == outcome.release:
        return
    with context.steps.step("write the site"):
        faults = write_site(context.lake, context.packages, outcome.release, outcome.summary)
    for fault in faults:
        warn(fault)
    outcome.left_out.extend(faults)


def _forget_old_runs(folder: Path) -> None:
    for old in sorted(path for path in folder.iterdir() if path.is_dir())[:-KEPT_RUNS]:
        shutil.rmtree(old, ignore_errors=True)
