"""What this house asks of the SQL in a contract: sample queries and quality rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mesh.contracts.document import Key
from mesh.contracts.finding import Finding
from mesh.contracts.model import Contract
from mesh.contracts.sql_rules import faults
from mesh.contracts.tables_read import tables_read
from mesh.contracts.unenforced import unenforced


def sql_in_contract(contract: Contract) -> Iterator[Finding]:
    """What is wrong with its queries."""
    yield from _queries(contract)
    yield from _sql_rules(contract)
    yield from enforced_by_nothing(contract)


def house_finding(
    contract: Contract, code: str, path: tuple[Key, ...], element: str, *words: str
) -> Finding:
    """A finding about a part of a contract; ``words`` are found, expected and hint."""
    line, column = contract.place(path)
    found, expected, hint = words
    return Finding(
        contract.file, line, column, code, element, found, expected, hint, product=contract.product
    )


def _queries(contract: Contract) -> Iterator[Finding]:
    """Sample queries read the product, name columns that it has, and run as a role it knows."""
    if len(contract.tables) != 1:
        return
    table = contract.table
    known = {column.name for column in table.columns}
    roles = {str(role.get("role")) for role in contract.roles}
    path = _path_of(contract, "sampleQueries")
    for index, query in enumerate(contract.sample_queries):
        place, name = (*path, "value", index), str(query.get("name") or index)
        if str(query.get("role")) not in roles:
            yield house_finding(
                contract,
                "C431",
                place,
                name,
                f"it runs as {query.get('role')}",
                ", ".join(sorted(roles)),
                "one of the roles that may read it",
            )
        for fault in _faults(str(query.get("sql") or ""), table.physical_name, known):
            yield house_finding(
                contract,
                "C430",
                place,
                name,
                fault,
                "a query of this product",
                "correct the sample query",
            )


def _sql_rules(contract: Contract) -> Iterator[Finding]:
    """A rule in SQL can be made a test: else it would be documentation and look like more."""
    for rule in (each for each in contract.table.all_rules if each.kind == "sql"):
        for fault in faults(rule):
            yield house_finding(
                contract,
                "C432",
                rule.path,
                rule.identity,
                fault,
                "a named query of {object} that gives one figure",
                "correct the rule, or say it as type: text",
            )


def enforced_by_nothing(contract: Contract) -> Iterator[Finding]:
    """What a contract promises about values and nothing tests."""
    for path, element, what in unenforced(contract):
        yield house_finding(
            contract,
            "C433",
            path,
            element,
            f"{what} is enforced by nothing",
            "what a test of dbt or a query of {object} can tell",
            "say it as type: sql or custom with engine dbt, or as type: text",
        )


def _path_of(contract: Contract, name: str) -> tuple[Key, ...]:
    raw = contract.raw.get("customProperties")
    entries = enumerate(raw if isinstance(raw, list) else ())
    named = (i for i, e in entries if isinstance(e, Mapping) and e.get("property") == name)
    return "customProperties", next(named, 0)


def _faults(sql: str, table: str, known: set[str]) -> Iterator[str]:
    try:
        query = sqlglot.parse_one(sql, read="trino")
    except (SqlglotError, RecursionError) as error:
        yield f"it does not parse: {str(error).splitlines()[0]}"
        return
    if not isinstance(query, exp.Query):
        yield "it is no query"
        return
    read = {f"{each.db}.{each.name}" for each in tables_read(query)}
    if table not in read:
        yield f"it does not read {table}"
    if read != {table}:
        return  # columns of other products are theirs to check
    aliases = {projection.alias for projection in query.find_all(exp.Alias)}
    for column in query.find_all(exp.Column):
        if column.name not in known and column.name not in aliases:
            yield f"the product has no column {column.name}"
