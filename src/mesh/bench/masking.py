"""What masks cost: when a table is built, and when a role reads one that Trino masks for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import ceil

from mesh.bench.figure import Figure, ratio
from mesh.core.console import info
from mesh.core.errors import MeshError
from mesh.core.paths import state_dir
from mesh.core.settings import Lake
from mesh.lake.branches import drop_branch, open_branch
from mesh.lake.names import MAIN, new_run_id
from mesh.lake.trino import connect, query

CATALOG, SCHEMA = "bench", "masking"
ROWS = 500_000
"""Rows that are built: enough for the engine's work, not its planning, to decide."""
PEOPLE = "patients_silver.silver_patients__patients"
"""The widest table, and the one with personal data of every class."""
MASKS = {
    "patient_id": "pseudonym('patient_id', domain='analytics')",
    "patient_key": "pseudonym('patient_key', domain='analytics')",
    "social_security_number": "partial_mask('social_security_number')",
    "driving_licence_number": "redact('driving_licence_number')",
    "passport_number": "redact('passport_number')",
    "first_name": "redact('first_name')",
    "middle_name": "redact('middle_name')",
    "last_name": "pseudonym('last_name', domain='analytics')",
    "maiden_name": "redact('maiden_name')",
    "birth_place": "suppress_text('birth_place')",
    "street_address": "suppress_text('street_address')",
    "zip_code": "zip3('zip_code')",
    "birth_date": "age_band('birth_date')",
    "death_date": "year_of('death_date')",
}
"""Columns of that table and the macro over each; the others are copied."""
OWN = (
    "patient_id", "patient_key", "social_security_number", "driving_licence_number",
    "passport_number", "street_address",
)  # fmt: skip
"""Columns in which no two people have the same value. Copies of a person that did would cost next
to nothing to write as they are: the file would hold each value once."""


def masked_build(lake: Lake, rounds: int) -> list[Figure]:
    """The widest table written with its masks, against a plain copy of the same rows."""
    with _many_people(lake) as (columns, source):
        masks = _rendered(lake)
        if unknown := sorted(set(masks) - set(columns)):
            raise MeshError(f"{PEOPLE} has no column {unknown[0]}", hint="mend MASKS")
        shown = ", ".join(f"{masks[c]} as {c}" if c in masks else c for c in columns)
        masked = f"select {shown} from {source}"  # noqa: S608  # made above
        plain = f"select {', '.join(columns)} from {source}"  # noqa: S608
        ours, bare = _alternate(
            "masked build",
            rounds,
            lambda: _write(lake, masked),
            lambda: _write(lake, plain),
        )
    what = f"writing {ROWS:,} people with {len(masks)} of {len(columns)} columns masked, over as is"
    return [ratio("masked build", what, 1.3, ("masked", ours), ("as is", bare))]


def masked_query(lake: Lake, rounds: int) -> list[Figure]:
    """The same query by a role that sees masks and by one that sees the columns clear."""
    table, role, clear, columns = _widest_masked_product(lake)
    checks = ", ".join(f"checksum({name})" for name in columns)
    statement = f"select count(*), {checks} from {table}"  # noqa: S608  # the contract's names
    ours, bare = _alternate(
        "masked query",
        rounds,
        lambda: _ask(lake, role, statement),
        lambda: _ask(lake, clear, statement),
    )
    what = f"reading every column of {table} as {role}, over as {clear}"
    return [ratio("masked query", what, 1.2, (role, ours), (clear, bare))]


def _alternate(
    name: str, rounds: int, ours: Callable[[], float], bare: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """Samples of both in turn, the first of each round changing; one more before, not counted."""
    ours(), bare()
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for place in (0, 1) if number % 2 == 0 else (1, 0):
            taken[place].append((ours, bare)[place]())
        info(f"    {name} {number + 1}: {taken[0][-1]:.2f} s, bare {taken[1][-1]:.2f} s")
    return taken


@contextmanager
def _many_people(lake: Lake) -> Iterator[tuple[list[str], str]]:
    """The columns and the name of a table of many people, on a branch that is gone afterwards."""
    branch = open_branch(lake, "ci", new_run_id(), catalog=CATALOG)
    try:
        [[people]] = query(lake, f"select count(*) from {CATALOG}.{PEOPLE}")  # noqa: S608
        if not people:
            raise MeshError(f"{PEOPLE} is empty", hint="`./mesh run` first")
        query(lake, f"create schema {CATALOG}.{SCHEMA}")
        source = f"{CATALOG}.{SCHEMA}.people"
        times = ceil(ROWS / int(people))
        columns = [str(name) for name, *_ in query(lake, f"show columns from {CATALOG}.{PEOPLE}")]
        shown = ", ".join(f"{c} || cast(n as varchar) as {c}" if c in OWN else c for c in columns)
        query(
            lake,
            f"create table {source} as select {shown} from {CATALOG}.{PEOPLE} "  # noqa: S608
            f"cross join table(sequence(1, {times})) as copies (n) limit {ROWS}",
        )
        yield columns, source
    finally:
        drop_branch(lake, branch)


def _rendered(lake: Lake) -> Mapping[str, str]:
    """The expression that dbt makes of each mask."""
    from mesh.build import packages
    from mesh.build.dbt import Event, Project

    compiled: list[str] = []

    def hear(event: Event) -> None:
        if event.name == "CompiledNode":
            compiled.append(str(event.data["compiled"]))

    mark = "--8<--"
    inline = f"\n{mark}\n".join(f"{{{{ {call} }}}}" for call in MASKS.values())
    folder = state_dir() / "bench-masks"
    Project(lake, CATALOG, packages.ensure()).invoke(
        ["compile", "--inline", inline], folder, listen=hear
    )
    if not compiled:
        raise MeshError("dbt compiled no mask", where=str(folder / "dbt.log"))
    return dict(zip(MASKS, compiled[-1].split(mark), strict=True))


def _write(lake: Lake, select: str) -> float:
    table = f"{CATALOG}.{SCHEMA}.written"
    began = time.monotonic()
    query(lake, f"create or replace table {table} as {select}")
    return time.monotonic() - began


def _ask(lake: Lake, role: str, statement: str) -> float:
    from mesh.access.accounts import as_role

    with connect(as_role(lake, role), lake.catalog) as connection:
        cursor = connection.cursor()
        began = time.monotonic()
        cursor.execute(statement)
        cursor.fetchall()
        return time.monotonic() - began


def _widest_masked_product(lake: Lake) -> tuple[str, str, str, list[str]]:
    """Table, masked role, clear role and columns where the most values are masked.

    Both roles see every column and every row, so that only the masks differ.
    """
    from mesh.access.decide import decide
    from mesh.access.matrix import cells

    seen: dict[tuple[str, str], dict[str, str]] = {}
    filtered = set()
    for cell in cells(decide().policy):
        seen.setdefault((cell.table, cell.role), {})[cell.column] = cell.how
        if cell.rows:
            filtered.add((cell.table, cell.role))
    whole = {
        key: ways
        for key, ways in seen.items()
        if key not in filtered and set(ways.values()) <= {"clear", "masked"}
    }
    clear = {
        table: role for (table, role), ways in whole.items() if set(ways.values()) == {"clear"}
    }
    found = []
    for (table, role), ways in whole.items():
        masked = sum(how == "masked" for how in ways.values())
        if masked and table in clear:
            [[rows]] = query(lake, f"select count(*) from {lake.catalog}.{table}")  # noqa: S608
            found.append((masked * int(rows), table, role, clear[table], sorted(ways)))
    if not found:
        raise MeshError("no product is masked for one role and clear for another", where=MAIN)
    _, table, role, clear_role, columns = max(found)
    return table, role, clear_role, columns
