"""Dropping what finished or failed runs left: branches, their catalogs, files of no release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mesh.core.settings import Lake
from mesh.lake.branches import BranchState, branches, catalog_of
from mesh.lake.catalogs import catalogs, drop_catalog
from mesh.lake.commits import Reference
from mesh.lake.files import drop_files, stored_runs
from mesh.lake.lock import forget, publisher
from mesh.lake.names import BUILD_CATALOG, run_started_at
from mesh.lake.nessie import Nessie
from mesh.lake.releases import releases

_PREFIXES = ("build-", "ci-", "publish-", "bench-")
_CATALOGS = ("build_", "ci_", "bench_")


@dataclass(frozen=True)
class Leftover:
    """One thing that is or was to be dropped."""

    what: str
    """branch, catalog or files."""
    name: str
    age_hours: float | None


def clean(lake: Lake, older_than: timedelta, dry_run: bool = False) -> list[Leftover]:
    """Drop what runs left that started longer than ``older_than`` ago, and tell what that was.

    Never touched: standing branches, releases, a branch in use on this machine. A branch in use
    on another machine is protected by its age alone.
    """
    before = datetime.now(UTC) - older_than
    all_branches = branches(lake)
    doomed = [state for state in all_branches if _is_old(state, before)]
    kept = {state.name for state in all_branches} - {state.name for state in doomed}
    old_catalogs = sorted(_orphans(catalogs(lake), kept))
    old_files = sorted(_old_runs(lake, kept, before))
    found = [Leftover("branch", state.name, state.age_hours) for state in doomed]
    found += [Leftover("catalog", name, None) for name in old_catalogs]
    found += [Leftover("files", run_id, _age(run_id)) for run_id in old_files]
    if not dry_run:
        _drop(lake, doomed, old_catalogs, old_files)
    return found


def _is_old(state: BranchState, before: datetime) -> bool:
    # Only names that runs give, with their time in them: nobody's own branch is dropped.
    started = run_started_at(state.name)
    ours = state.name.startswith(_PREFIXES) and started is not None
    return ours and state.state == "kept" and started is not None and started <= before


def _orphans(present: Iterable[str], kept: set[str]) -> Iterable[str]:
    """Catalogs of runs whose branch goes or is gone."""
    shown = {catalog_of(*_kind_and_run(name)) for name in kept}
    shown |= {name.replace("-", "_") for name in kept}
    if publisher():
        shown.add(BUILD_CATALOG)
    for name in present:
        if (name == BUILD_CATALOG or name.startswith(_CATALOGS)) and name not in shown:
            yield name


def _kind_and_run(branch: str) -> tuple[str, str]:
    kind, _, run_id = branch.partition("-")
    return kind, run_id


def _old_runs(lake: Lake, kept: set[str], before: datetime) -> Iterable[str]:
    """Runs that stored files and then neither became a release nor kept their branch."""
    published = {release.run_id for release in releases(lake)}
    for run_id in stored_runs(lake) - published:
        started = run_started_at(run_id)
        if started and started <= before and f"build-{run_id}" not in kept:
            yield run_id


def _age(run_id: str) -> float | None:
    started = run_started_at(run_id)
    return (datetime.now(UTC) - started).total_seconds() / 3600 if started else None


def _drop(
    lake: Lake, doomed: list[BranchState], old_catalogs: list[str], old_files: list[str]
) -> None:
    for name in old_catalogs:
        drop_catalog(lake, name)
    with Nessie.of(lake) as nessie:
        for state in doomed:
            nessie.delete(Reference(state.name, "BRANCH", state.hash))
            forget(state.name)
    for run_id in old_files:
        drop_files(lake, run_id)
