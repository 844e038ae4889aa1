"""`mesh ci`: build what a change touches on production's data, without touching production.

The branch starts from what is published, so everything that is not selected is simply there. It
is dropped afterwards, also when the build fails or is interrupted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from mesh.build import packages, samples
from mesh.build.changes import Base, base_of, modified
from mesh.build.dbt import Project
from mesh.build.manifest import Manifest, Result, read_manifest, read_run_results
from mesh.build.progress import Progress
from mesh.build.summary import Summary, count_rows
from mesh.contracts.project import read_contracts
from mesh.core.console import Steps, info, warn
from mesh.core.errors import MeshError
from mesh.core.git import fork_of
from mesh.core.paths import ROOT, state_dir
from mesh.core.settings import Lake
from mesh.lake.branches import drop_branch, open_branch
from mesh.lake.names import new_run_id
from mesh.lake.releases import Release, release_file, releases
from mesh.lake.trino import query
from mesh.site.samples import Answers, faults


@dataclass(frozen=True)
class Check:
    """What a check of a change did.

    ``rows_before`` and ``rows_after`` map ``schema.table`` of built models to their rows in
    production and on the branch; a table that production lacks is only in the second. ``answers``
    are those of the branch to the sample queries, empty where the build failed.
    """

    compared_with: str
    branch: str
    kept: bool
    manifest: Manifest
    results: tuple[Result, ...]
    rows_before: dict[str, int]
    rows_after: dict[str, int]
    steps: Steps
    answers: Answers = field(default_factory=dict)

    @property
    def failures(self) -> tuple[Result, ...]:
        """The nodes that were not built, and the tests that did not pass."""
        return tuple(result for result in self.results if result.failed)

    @property
    def passed(self) -> bool:
        """Whether every node was built, every test passed and every sample query was answered."""
        return not self.failures and not any(faults(self.answers))


def check(base: str | None = None, *, keep: bool = False) -> Check:
    """Build what a change touches on a branch of production's lake.

    Args:
        base: A git revision that the change is compared with beside the live release.
        keep: Leave branch and catalog for a look.

    Raises:
        Findings: A contract or the access rules are not in order, a contract changed without the
            version that this takes, personal data would leak, or a protection of the base is gone.
        MeshError: It could not run, as when the manifest to compare with is broken.
    """
    from mesh.access.compiled import require_rules
    from mesh.contracts.gate import require_contracts, require_steps
    from mesh.privacy.gate import require_no_leak
    from mesh.stack import lifecycle
    from mesh.stack.interrupts import Interrupts

    if base is not None:
        base = _start(base)
    steps, run_id = Steps(), new_run_id()
    folder = state_dir() / "runs" / f"ci-{run_id}"
    with Interrupts().active():
        with steps.step("read the data contracts"):
            require_contracts()
            if base is not None:
                require_steps(base)
        with steps.step("follow personal data"):
            require_no_leak(base)
        with steps.step("hold the access rules against their sources"):
            require_rules()
        with steps.step("start the stack"):
            lake = lifecycle.up()
            state = packages.ensure()
        live = next((release for release in releases(lake) if release.live), None)
        variables: dict[str, object] = {"as_of_date": _as_of_date(lake, live)}
        plain = Project(lake, lake.catalog, state, variables=variables)
        compared = _base(plain, live, base, folder / "state", steps)
        with _branch(lake, run_id, keep) as (name, catalog):
            if live is None:
                _land_something(lake, name, steps)
            with steps.step("build and test what changed"):
                project = replace(plain, catalog=catalog)
                results = _build(project, folder, compared)
            manifest = read_manifest(folder)
            before, after = _rows(lake, catalog, manifest, results)
            answers: Answers = {}
            if not any(result.failed for result in results):
                with steps.step("ask the sample queries"):
                    answers = samples.ask_as_service(lake, read_contracts(ROOT)[0], catalog)
    told = compared.name if compared else "nothing: no release is published yet, so all was built"
    return Check(told, name, keep, manifest, results, before, after, steps, answers)


def _as_of_date(lake: Lake, live: Release | None) -> str:
    """The live release's own day: another one would count as a change of every model."""
    from mesh.build.context import as_of_date

    if live is None:
        return as_of_date(generated=True)
    return Summary.from_json(release_file(lake, live.tag, "summary.json")).as_of_date


def _start(revision: str) -> str:
    """The revision that the change starts from: where it left the given one, if that went on."""
    commit, since = fork_of(ROOT, revision)
    if not since:
        return revision
    warn(
        f"{revision} has {since} commits that this branch lacks: against its release, what they "
        "changed counts as changed back here and is built too; rebase to see your own"
    )
    return commit


def _base(
    project: Project, live: Release | None, revision: str | None, folder: Path, steps: Steps
) -> Base | None:
    """What to compare with; None when nothing is published, so that everything has to be built."""
    if live is None:
        return None
    with steps.step("read what the change is compared with"):
        return base_of(project, live, revision, folder)


@contextmanager
def _branch(lake: Lake, run_id: str, keep: bool) -> Iterator[tuple[str, str]]:
    branch = open_branch(lake, "ci", run_id)
    try:
        yield branch.name, branch.catalog
    finally:
        if not keep:
            drop_branch(lake, branch)


def _land_something(lake: Lake, branch: str, steps: Steps) -> None:
    """Nothing is published, so there is no data yet: take the input of a plain `mesh run`."""
    from mesh.build.run import PATIENTS, SEED, land_on
    from mesh.landing.synthea import generate

    with steps.step("make and land an input"):
        land_on(lake, branch, generate(PATIENTS, SEED))


def _build(project: Project, folder: Path, base: Base | None) -> tuple[Result, ...]:
    """What differs from the base and what follows from it: models with data tests, then unit tests.

    A unit test of an incremental model takes its columns from the model's table, so a model that
    production lacks has to be built first; `dbt build` would run the unit test before it.
    """
    chosen = ["--exclude", "package:elementary"]
    if base:
        touched = modified(project, base.states, folder)
        if not touched:
            return ()
        chosen += ["--select", *(f"{each}+" for each in touched)]
    progress = Progress()
    results: tuple[Result, ...] = ()
    for command, target in (
        (["build", "--exclude-resource-type", "unit_test"], folder),
        (["test", "--resource-type", "unit_test"], folder / "unit_tests"),
    ):
        project.invoke([*command, *chosen], target, listen=progress)
        if (target / "run_results.json").exists():  # else dbt selected nothing
            results += read_run_results(target).results
    info(f"    {progress.tests} tests passed")
    return results


def _rows(
    lake: Lake, catalog: str, manifest: Manifest, results: tuple[Result, ...]
) -> tuple[dict[str, int], dict[str, int]]:
    """The rows of the models that were built, in production and on the branch."""
    built = {
        manifest.nodes[result.unique_id].relation
        for result in results
        if result.unique_id in manifest.nodes and result.status == "success"
    }
    if not built:
        return {}, {}
    try:
        present = query(
            lake,
            "select table_schema || '.' || table_name from tables",
            lake.catalog,
            "information_schema",
        )
        there = built & {str(row[0]) for row in present}
        return count_rows(lake, lake.catalog, there), count_rows(lake, catalog, built)
    except MeshError as error:
        warn(f"rows were not counted: {error.message}")
        return {}, {}


def as_markdown(check: Check) -> str:
    """The check as a comment for a pull request."""
    failures, unanswered = check.failures, list(faults(check.answers))
    count = len(failures) + len(unanswered)
    verdict = f"**{count} failed**" if count else "everything passed"
    lines = [
        f"## Build of the change: {verdict}",
        "",
        f"Compared with {check.compared_with}. {len(check.results)} nodes were built or "
        "tested on a branch of production's lake; production is as it was.",
        "",
    ]
    if check.answers:
        lines += [f"{len(check.answers) - len(unanswered)} sample queries of contracts answer."]
        lines += [*(f"- sample query `{each}`" for each in unanswered), ""]
    if not check.results:
        return "\n".join([*lines, "Nothing that dbt builds has changed.", ""])
    models = [r for r in check.results if r.unique_id in check.manifest.nodes]
    if models:
        lines += ["| model | outcome | rows in production | rows here | s |"]
        lines += ["|---|---|--:|--:|--:|"]
    for result in models:
        node = check.manifest.nodes[result.unique_id]
        before, after = check.rows_before.get(node.relation), check.rows_after.get(node.relation)
        lines.append(
            f"| `{node.name}` | {result.status} | {_number(before)} | {_number(after)} "
            f"| {result.seconds:.1f} |"
        )
    for result in failures:
        found = check.manifest.nodes.get(result.unique_id) or check.manifest.tests.get(
            result.unique_id
        )
        where = f"`{found.path}` {found.name}" if found else f"`{result.unique_id}`"
        lines += ["", f"- {where}: {result.status}", "", "```", result.message.strip(), "```"]
    return "\n".join([*lines, ""])


def as_json(check: Check) -> dict[str, object]:
    """The check as one JSON document; ``seconds`` is wall time."""
    return {
        "compared_with": check.compared_with,
        "branch": check.branch if check.kept else None,
        "passed": check.passed,
        "samples": {"asked": len(check.answers), "failed": [*faults(check.answers)]},
        "nodes": [
            {
                "id": result.unique_id,
                "status": result.status,
                "seconds": round(result.seconds, 2),
                "message": result.message,
            }
            for result in check.results
        ],
        "rows_before": check.rows_before,
        "rows_after": check.rows_after,
    }


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
