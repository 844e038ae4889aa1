"""A lake that holds two batches, published one after the other, for the tests that only read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mesh.build.run import Options, Outcome, run
from mesh.core.settings import Lake
from mesh.lake.trino import query
from mesh.landing.synthea import generate
from tests.stack.batches import first_export, planted
from tests.stack.csv_truth import Files

PATIENTS = 12
SEED = 3
LAYERS = ("landing", "bronze", "silver", "gold", "identity")
Contents = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Published:
    """Two releases of one lake.

    Attributes:
        lake: The lake.
        files: The second export, which is the whole truth.
        first: The run that published the first export, with its faults.
        first_contents: The tables of its release, read while it was live.
        second: The run that published the second.
    """

    lake: Lake
    files: Files
    first: Outcome
    first_contents: Contents
    second: Outcome


def publish_two_batches(lake: Lake, folder: Path) -> Published:
    """Run the mesh on an earlier export with faults, then on the export itself."""
    full = planted(generate(PATIENTS, SEED), folder / "full")
    earlier = folder / "earlier"
    first_export(full, earlier)
    first = run(Options(source=earlier, site=False))
    held = contents(lake)
    second = run(Options(source=full))
    return Published(lake, Files(full), first, held, second)


def contents(lake: Lake) -> Contents:
    """Number of rows and a checksum over all columns, for every table of the domains."""
    schemas = ", ".join(
        f"'{domain}_{layer}'"
        for domain in ("patients", "medical", "fintech", "logistics", "analytics")
        for layer in LAYERS
    )
    columns = query(
        lake,
        f"""select table_schema || '.' || table_name, array_agg('"' || column_name || '"')
        from information_schema.columns where table_schema in ({schemas}) group by 1""",
        "lake",
    )
    found = {}
    for table, names in columns:
        sql = f"select count(*), to_hex(checksum(row({', '.join(sorted(names))}))) from {table}"
        [(rows, sum_)] = query(lake, sql, "lake")
        found[table] = (rows, sum_)
    return found
