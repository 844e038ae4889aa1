"""Where a person is: tables, releases, branches and folders, and what becomes of each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pyiceberg.catalog.rest import RestCatalog

from mesh.core.paths import state_dir
from mesh.core.settings import Lake
from mesh.erase import landing
from mesh.erase.subject import Subject
from mesh.lake.branches import STANDING, branches, has_own_work
from mesh.lake.names import DEV, MAIN
from mesh.lake.nessie import Nessie
from mesh.lake.releases import releases
from mesh.landing import tables

SUBJECT_COLUMNS = ("patient_id", "patient_key")
"""How columns end by which models name a person: the source's identifier, a domain's pseudonym.
A unit test holds them against lineage: no model that either comes to lacks such a column."""

_WORKERS = 4

CACHES = ("input", "runs", "trees")
"""Folders of the state that may hold copies of the input or what a build said of it."""


@dataclass(frozen=True)
class Plan:
    """What erasing a person touches.

    Attributes:
        landed: Rows about the person by landing table; they are taken out of its files.
        modelled: Rows about the person by model; all models are built anew without them.
        releases: Releases that go, because a release never changes.
        branches: Branches of finished or failed runs, which go.
        holders: Branches that are not dropped and may hold the person, each with why. Where there
            are any, the erasure cannot be complete.
        folders: Folders beside the lake whose content goes.
    """

    landed: dict[str, int]
    modelled: dict[str, int]
    releases: tuple[str, ...]
    branches: tuple[str, ...]
    holders: dict[str, str]
    folders: tuple[Path, ...]

    @property
    def is_published(self) -> bool:
        """Whether what is published holds the person."""
        return bool(self.landed or self.modelled)


def make(lake: Lake, subject: Subject) -> Plan:
    """See where a person is; nothing is changed."""
    kept, holders = branches_of(lake, subject)
    return Plan(
        landed=landing.rows_of(lake, MAIN, subject.identifier),
        modelled=_modelled(lake, subject),
        releases=tuple(each.tag for each in releases(lake)),
        branches=kept,
        holders=holders,
        folders=tuple(path for name in CACHES if (path := state_dir() / name).exists()),
    )


def _modelled(lake: Lake, subject: Subject) -> dict[str, int]:
    """The rows about the person in every table that names people, by ``schema.table``.

    Counted through Iceberg: a query's text would stand in Trino's history with the person in it.
    """
    known = {subject.identifier, *subject.pseudonyms.values()}
    catalog = tables.open_catalog(lake, MAIN)
    with Nessie.of(lake) as nessie:
        names = [name for name in nessie.metadata(MAIN) if not _is_landing(name)]
    with tables.translated(MAIN), ThreadPoolExecutor(_WORKERS) as pool:
        counts = pool.map(lambda name: _count(catalog, name, known), names)
        found = {name: count for name, count in zip(names, counts, strict=True) if count}
    return dict(sorted(found.items()))


def _count(catalog: RestCatalog, name: str, known: set[str]) -> int:
    table = tables.load_table(catalog, name)
    names = table.schema().column_names if table else []
    naming = [each for each in names if each.endswith(SUBJECT_COLUMNS)]
    if table is None or not naming:
        return 0
    counts: list[int] = []
    for column in naming:
        scan = table.scan(row_filter=tables.among(column, known), selected_fields=(column,))
        counts.append(int(scan.to_arrow().num_rows))
    return max(counts)


def _is_landing(name: str) -> bool:
    return name.partition(".")[0].endswith("_landing")


def branches_of(lake: Lake, subject: Subject) -> tuple[tuple[str, ...], dict[str, str]]:
    """The branches that go, and those that stay and may hold the person, each with why."""
    kept, holders = [], {}
    for state in branches(lake):
        if state.name in STANDING:
            continue
        if state.state == "in use":
            holders[state.name] = "it is in use: wait until its run has ended"
        elif state.kind in ("build", "ci"):
            kept.append(state.name)
        elif landing.rows_of(lake, state.name, subject.identifier):
            holders[state.name] = "it is somebody's own: drop it, or have its owner drop it"
    with Nessie.of(lake) as nessie:
        if has_own_work(nessie, nessie.get(DEV), nessie.get(MAIN)):
            holders[DEV] = "it holds work of its own: `./mesh branches --refresh dev --force`"
    return tuple(kept), holders
