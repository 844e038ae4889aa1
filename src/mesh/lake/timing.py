"""How long opening, merging and rolling back take, beside tables of a chosen size.

It runs on a branch that stands in for main, so what is published is not touched.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from mesh.core.settings import Lake
from mesh.lake.branches import drop_branch, open_branch
from mesh.lake.catalogs import create_catalog, drop_catalog
from mesh.lake.files import filesystem
from mesh.lake.names import MAIN, new_run_id
from mesh.lake.nessie import Nessie
from mesh.lake.publish import merge_and_move
from mesh.lake.trino import query


@dataclass(frozen=True)
class BranchTimes:
    """Wall times in seconds, one for each repetition, beside a table of ``size`` bytes."""

    rows: int
    size: int
    open: list[float]
    """Branch made, and its Trino catalog."""
    merge: list[float]
    """Merged to one commit and the stand-in for main set to it."""
    rollback: list[float]
    """The stand-in set back to where it was."""

    @property
    def open_and_merge(self) -> float:
        """Median of opening plus median of merging, in seconds."""
        return median(self.open) + median(self.merge)


def branch_times(lake: Lake, rows: int, repetitions: int = 5) -> BranchTimes:
    """Measure the life of a branch that changes a table of ``rows`` rows, in thousands.

    Each time the whole table is replaced by the branch, so that the merge carries all of it.
    """
    opened: list[float] = []
    merged: list[float] = []
    back: list[float] = []
    with _stand_in(lake, rows) as (target, schema), Nessie.of(lake) as nessie:
        size = _size(lake, target, schema)
        for _ in range(repetitions):
            with _timed(opened):
                branch = open_branch(lake, "ci", new_run_id(), start=target)
            # Not one row stays in its file, so the merge carries all of the table.
            table = f"{branch.catalog}.{schema}.facts"
            anew = f"select x + 1 as x, filler from {table}"  # noqa: S608
            query(lake, f"create or replace table {table} as {anew}")
            source = nessie.get(branch.name)
            with _timed(merged):
                merge_and_move(nessie, branch, source, target, message="measure", properties={})
            start = nessie.get(target)
            with _timed(back):
                nessie.assign(start, branch.base)
            drop_branch(lake, branch)
    return BranchTimes(rows, size, opened, merged, back)


@contextmanager
def _timed(taken: list[float]) -> Iterator[None]:
    began = time.monotonic()
    yield
    taken.append(time.monotonic() - began)


@contextmanager
def _stand_in(lake: Lake, rows: int) -> Iterator[tuple[str, str]]:
    """A branch in place of main, with one table; gone afterwards, files included."""
    target = f"bench-{new_run_id()}"
    catalog = schema = target.replace("-", "_")
    with Nessie.of(lake) as nessie:
        nessie.create(target, "BRANCH", nessie.get(MAIN).hash)
        try:
            create_catalog(lake, catalog, target)
            query(lake, f"create schema {catalog}.{schema}")
            query(lake, _facts(f"{catalog}.{schema}.facts", rows))
            yield target, schema
        finally:
            drop_catalog(lake, catalog)
            nessie.delete(nessie.get(target))
            filesystem(lake).delete_dir(f"{lake.bucket}/{schema}")


def _facts(table: str, rows: int) -> str:
    """The statement that makes a table of rows that do not compress."""
    thousands = max(rows // 1000, 1)
    return (
        f"create table {table} as "  # noqa: S608
        "select (a - 1) * 1000 + b as x, cast(uuid() as varchar) as filler "
        f"from unnest(sequence(1, {thousands})) as t (a) "
        "cross join unnest(sequence(1, 1000)) as u (b)"
    )


def _size(lake: Lake, target: str, schema: str) -> int:
    catalog = target.replace("-", "_")
    files = f'{catalog}.{schema}."facts$files"'
    return int(query(lake, f"select sum(file_size_in_bytes) from {files}")[0][0])  # noqa: S608
