"""What a contract says about values and no test of dbt makes sure of."""

from __future__ import annotations

from collections.abc import Iterator

from mesh.contracts.dbt_tests import limits, tests_of_rule
from mesh.contracts.document import Key
from mesh.contracts.model import Contract, Field, Table

Unenforced = tuple[tuple[Key, ...], str, str]
"""The place of a promise, the part it is about, and what it is called."""


def unenforced(contract: Contract) -> Iterator[Unenforced]:
    """The rules and limits that become no test; text and SQL, which is judged apart, are not told.

    What lies inside a column has no test, and dbt tests one table of a contract.
    """
    for table in contract.tables:
        compiled = table is contract.tables[0]
        for rule in table.all_rules:
            told = rule.kind == "text" or (compiled and rule.kind == "sql")
            if not told and not (compiled and tests_of_rule(table, rule)):
                yield rule.path, rule.identity, f"the rule {rule.identity}"
        for column in table.columns:
            yield from _limits(table, column, compiled=compiled)
            for inner in column.fields:
                yield from _inside(table, inner)


def _limits(table: Table, column: Field, *, compiled: bool) -> Iterator[Unenforced]:
    for name, test in limits(table, column):
        if test is None or not compiled:
            yield (*column.path, "logicalTypeOptions", name), column.name, f"its {name}"


def _inside(table: Table, column: Field) -> Iterator[Unenforced]:
    for rule in column.rules:
        if rule.kind != "text":
            yield rule.path, column.name, f"the rule {rule.identity}"
    yield from _limits(table, column, compiled=False)
    for inner in column.fields:
        yield from _inside(table, inner)
