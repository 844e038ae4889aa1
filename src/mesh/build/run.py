"""`mesh run`: input, branch, landing, build, audit, publish, documents.

What is published changes in one step near the end; until then everything happens on a branch.
What comes after it (sample queries, documents, report, lineage) can fail without taking the
release back: it is then named among what was left out.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.build import packages
from mesh.build.context import (
    PATIENTS,
    SEED,
    Context,
    Options,
    Outcome,
    Scope,
    as_of_date,
    run_folder,
)
from mesh.build.dbt import DbtError
from mesh.build.fingerprint import Marks, fingerprint, logic
from mesh.build.publication import write_site
from mesh.build.release import build_and_publish, stays
from mesh.build.summary import Summary
from mesh.core.console import Steps, info, warn
from mesh.core.errors import Findings, InputError, LakeError, MeshError
from mesh.core.paths import ROOT
from mesh.core.settings import Lake

if TYPE_CHECKING:
    from mesh.lake.branches import Branch
    from mesh.landing.land import Landed

__all__ = ["PATIENTS", "SEED", "Options", "Outcome", "Scope", "as_of_date", "run", "run_folder"]


def run(options: Options, run_id: str | None = None) -> Outcome:
    """Bring what is published up to date with input and project.

    Args:
        options: What to build from, and how.
        run_id: The id of :func:`mesh.lake.names.new_run_id` that it shall have, a new one if None.

    Raises:
        Findings: A test or a model failed; what is published is as it was.
        MeshError: It could not run.
    """
    from mesh.contracts.gate import require_contracts
    from mesh.lake.branches import ensure_standing
    from mesh.lake.lease import lease
    from mesh.lake.lock import publisher_lock
    from mesh.lake.names import new_run_id
    from mesh.stack import lifecycle
    from mesh.stack.interrupts import Interrupts

    steps = Steps()
    with Interrupts().active():
        with steps.step("read the data contracts"):
            require_contracts()
        with steps.step("start the stack"):
            lake = lifecycle.up()
            if not lake.embedded:  # `up` lays out the embedded one
                ensure_standing(lake)
            state = packages.ensure()
        left_out = [] if state.real else [f"Elementary's tables and monitors: {state.reason}"]
        context = Context(lake, run_id or new_run_id(), options, state, steps, left_out)
        with (
            publisher_lock(context.run_id, wait=options.wait),
            lease(lake, context.run_id, wait=options.wait),
        ):
            return _locked(context)


def _locked(context: Context) -> Outcome:
    """The part that only one process does at a time."""
    from mesh.lake.branches import drop_branch, open_branch
    from mesh.lake.lock import vacate

    scope = context.options.scope
    folder = _input(context) if scope.land else None
    branch = open_branch(context.lake, "build", context.run_id)
    try:
        landed = _landed(context, branch, folder) if folder else []
        if context.options.prepare:
            with context.steps.step("prepare the branch"):
                context.options.prepare(context.lake, branch.name)
        live = _live(context.lake)
        variables: dict[str, object] = {"as_of_date": _day(context.options, live)}
        marks = _marks(context, variables, live)
        if live and live.summary and _is_current(context, live.summary, marks, landed):
            outcome = _nothing_new(context, live.tag, live.summary)
            drop_branch(context.lake, branch)
        else:
            context = _from_scratch_if_needed(context, live)
            outcome = build_and_publish(context, branch, landed, variables, marks)
    except (Findings, LakeError, DbtError) as error:
        vacate(branch.name)  # it stays for a look, but nobody works on it any more
        if not isinstance(error, Findings):  # which says so itself
            info(stays(branch))
        raise
    except BaseException as error:
        published = ""
        with suppress(MeshError):
            published = _published_by(context)
            drop_branch(context.lake, branch)
        if isinstance(error, KeyboardInterrupt | SystemExit):  # Ctrl-C, SIGTERM
            info(
                f"interrupted after the publish: {published} is live, the next run writes its site"
                if published
                else "interrupted: the branch is dropped, what is published is as it was"
            )
        raise
    _documents(context, outcome)
    return outcome


def _published_by(context: Context) -> str:
    """The release that this run has published, empty if none."""
    from mesh.lake.releases import releases

    found = (one.tag for one in releases(context.lake) if one.run_id == context.run_id)
    return next(found, "")


def _input(context: Context) -> Path:
    options = context.options
    if options.source:
        return options.source
    from mesh.landing.synthea import generate

    with context.steps.step("make the input"):
        return generate(options.patients, options.seed)


def _landed(context: Context, branch: Branch, folder: Path) -> list[Landed]:
    from mesh.privacy.values.gate import require_declared

    with context.steps.step("land the input"):
        landed = land_on(context.lake, branch.name, folder)
        require_patients(context.lake, branch.name, folder)
    with context.steps.step("look at the new values"):
        require_declared(context.lake, branch, landed)
    return landed


def land_on(lake: Lake, branch: str, folder: Path) -> list[Landed]:
    """Land a folder of Synthea CSV and the pseudonym keys on a branch.

    Raises:
        InputError: The files are not what they should be; nothing was landed.
    """
    from mesh.core.secrets import DOMAINS, secrets
    from mesh.landing.keys import ensure_keys
    from mesh.landing.land import land

    known = secrets()
    keys = {domain: known.pseudonym_key(domain) for domain in DOMAINS}
    ensure_keys(lake, branch, keys)
    landed = land(lake, branch, folder)
    fresh = [one for one in landed if not one.skipped]
    info(
        f"    {sum(one.rows for one in fresh):,} rows of {len(fresh)} files are new, "
        f"{len(landed) - len(fresh)} files were landed before"
    )
    return landed


def require_patients(lake: Lake, branch: str, folder: Path) -> None:
    """Refuse an export from which nothing but empty products could be made.

    Raises:
        InputError: The folder has no patient, and no batch before it had one.
    """
    from mesh.landing import tables
    from mesh.landing.files import BY_NAME
    from mesh.landing.land import batch_records

    file = BY_NAME["patients.csv"]
    table = tables.load_table(tables.open_catalog(lake, branch), file.table)
    if table is None or not any(record["rows"] for record in batch_records(table).values()):
        raise InputError(
            "the file holds no patient, and none was landed before",
            where=f"{folder / file.name}:1",
            expected="at least one row below the header",
        )


@dataclass(frozen=True)
class _Live:
    """The live release; no summary if it was stored by another version."""

    tag: str
    summary: Summary | None


def _live(lake: Lake) -> _Live | None:
    from mesh.lake.releases import release_file, releases

    known = releases(lake)
    tag = next((release.tag for release in known if release.live), None)
    if tag is None:
        if known:
            warn(
                "main is at no release: somebody wrote to it, and this run builds on that; "
                f"`./mesh rollback {known[0].tag}` takes it back"
            )
        return None
    try:
        return _Live(tag, Summary.from_json(release_file(lake, tag, "summary.json")))
    except MeshError as error:
        warn(f"{tag} has no summary that can be read: {error.message}")
        return _Live(tag, None)


def _day(options: Options, live: _Live | None) -> str:
    """The day to count from; without an input of its own a run goes on as the live release did."""
    if options.scope.land:
        return as_of_date(generated=options.source is None)
    made = as_of_date(generated=True)
    return as_of_date(generated=bool(live and live.summary and live.summary.as_of_date == made))


def _marks(context: Context, variables: dict[str, object], live: _Live | None) -> Marks:
    """What to store with the release; what was built in part must not count as up to date."""
    if context.options.scope.select:
        return Marks("", live.summary.logic if live and live.summary else "")
    return Marks(fingerprint(ROOT, variables, context.packages.kind), logic(ROOT))


def _is_current(context: Context, live: Summary, marks: Marks, landed: list[Landed]) -> bool:
    """Whether this run would make the tables of the live release again."""
    if context.options.scope.always or context.options.full_refresh:
        return False
    known = bool(marks.fingerprint) and live.fingerprint == marks.fingerprint
    return known and all(one.skipped for one in landed)


def _from_scratch_if_needed(context: Context, live: _Live | None) -> Context:
    """Build everything anew when the SQL changed, or an incremental table would mix two rules."""
    if live is None or (live.summary and live.summary.logic == logic(ROOT)):
        return context
    info(f"    the models changed since {live.tag}: incremental tables are built from scratch")
    return replace(context, options=replace(context.options, full_refresh=True))


def _nothing_new(context: Context, tag: str, summary: Summary) -> Outcome:
    info(f"nothing is new since {tag}: neither input nor project; --full-refresh builds")
    return Outcome(context.lake, tag, False, summary, context.steps, context.left_out)


def _documents(context: Context, outcome: Outcome) -> None:
    """Ask the sample queries and write the site, unless it shows release and contracts already."""
    from mesh.build import samples
    from mesh.build.docs import is_current, site_dir

    current = not outcome.new and is_current(site_dir(), outcome.release)
    try:
        if current:
            outcome.answers = samples.kept(context.lake, outcome.release)
        else:
            with context.steps.step("ask the sample queries"):
                outcome.answers = samples.keep(context.lake, outcome.release)
    except MeshError as error:
        warn(str(error))
        outcome.left_out.append(f"answers to sample queries: {error.message}")
    if current:
        return
    if not context.options.site:
        outcome.left_out.append("the site, as asked: `./mesh docs` writes it")
        return
    with context.steps.step("write the site"):
        faults = write_site(context.lake, context.packages, outcome.release, outcome.summary)
    for fault in faults:
        warn(fault)
    outcome.left_out.extend(faults)
