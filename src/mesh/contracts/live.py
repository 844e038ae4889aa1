"""The real tables against their contracts, by what Trino's information schema says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from mesh.contracts.finding import Finding
from mesh.contracts.model import Contract, Field
from mesh.contracts.project import FOLDER, ContractProject
from mesh.contracts.trino_types import same

PUBLISH = "build and publish it: `./mesh run`"


class Cursor(Protocol):
    """What is needed of a cursor of Trino's client."""

    def execute(self, operation: str) -> Any:
        """Run a statement."""

    def fetchall(self) -> Sequence[Sequence[Any]]:
        """All of its rows."""


Tables = Mapping[tuple[str, str], Mapping[str, tuple[str, bool]]]


def live_drift(project: ContractProject, cursor: Cursor, catalog: str) -> Iterator[Finding]:
    """Where the tables of a catalog differ from the contracts of a project."""
    places = [(contract, _place(project, contract)) for contract in project.by_table]
    tables = real_tables(cursor, catalog, {schema for _, (schema, _) in places})
    if len(places) > 1 and not any(place in tables for _, place in places):
        yield Finding(
            FOLDER, 0, 0, "C531", catalog,
            f"none of the {len(places)} tables is in catalog {catalog}",
            "the tables of the contracts", PUBLISH,
        )  # fmt: skip
        return
    for contract, place in places:
        yield from table_drift(contract, tables.get(place), catalog)


def _place(project: ContractProject, contract: Contract) -> tuple[str, str]:
    """Schema and table of a contract's product."""
    node = project.model_of(contract)
    parts = contract.table.physical_name.lower().split(".")
    schema = parts[-2] if len(parts) > 1 else (node.schema if node else "")
    return schema, parts[-1]


def real_tables(cursor: Cursor, catalog: str, schemas: set[str]) -> Tables:
    """The columns of the tables in some schemas: their types and whether they may be NULL."""
    if not schemas:
        return {}
    listed = ", ".join(_literal(schema) for schema in sorted(schemas))
    cursor.execute(
        "select table_schema, table_name, column_name, data_type, is_nullable "  # noqa: S608
        f"from {_quoted(catalog)}.information_schema.columns "
        f"where table_schema in ({listed}) "
        "order by table_schema, table_name, ordinal_position"
    )
    found: dict[tuple[str, str], dict[str, tuple[str, bool]]] = {}
    for schema, table, column, type_, nullable in cursor.fetchall():
        columns = found.setdefault((str(schema), str(table)), {})
        columns[str(column)] = (str(type_), str(nullable).upper() == "YES")
    return found


def table_drift(
    contract: Contract, columns: Mapping[str, tuple[str, bool]] | None, catalog: str
) -> Iterator[Finding]:
    """Where one real table differs from its contract."""
    table = contract.table
    if columns is None:
        yield _finding(
            contract,
            (*table.path, "physicalName"),
            "C531",
            table.physical_name,
            f"the table is not in catalog {catalog}",
            table.physical_name,
            PUBLISH,
        )
        return
    wanted = {column.name.lower(): column for column in table.columns}
    rebuild = "build it anew, or correct the contract"
    for name, column in wanted.items():
        if name not in columns:
            yield _finding(
                contract,
                column.path,
                "C532",
                column.name,
                f"the real table {table.physical_name} lacks the column",
                "a column of the contract",
                rebuild,
            )
            continue
        yield from _column_drift(contract, column, *columns[name])
    for name in columns:
        if name not in wanted:
            yield _finding(
                contract,
                (*table.path, "properties"),
                "C533",
                name,
                f"the real table {table.physical_name} has a column more",
                "the columns of the contract",
                rebuild,
            )
    if list(wanted) != list(columns) and sorted(wanted) == sorted(columns):
        first = next(a for a, b in zip(wanted, columns, strict=True) if a != b)
        yield _finding(
            contract,
            wanted[first].path,
            "C536",
            wanted[first].name,
            f"the real table {table.physical_name} has the columns in another order",
            "the order of the contract",
            rebuild,
        )


def _column_drift(
    contract: Contract, column: Field, type_: str, nullable: bool
) -> Iterator[Finding]:
    if column.physical and not same(column.physical, type_):
        yield _finding(
            contract,
            (*column.path, "physicalType"),
            "C534",
            column.name,
            f"the real column is {type_}",
            column.physical,
            _why(column.physical),
        )
    if column.required == nullable:
        yield _finding(
            contract,
            (*column.path, "required"),
            "C535",
            column.name,
            f"the real column {'allows' if nullable else 'forbids'} NULL",
            "NOT NULL" if column.required else "an optional column",
            "build it anew, or correct the contract",
        )


def _why(wanted: str) -> str:
    if wanted.lower().startswith(("varchar(", "char", "tinyint", "smallint", "timestamp(3")):
        return "Iceberg has no such type and stores a wider one: write that in the contract"
    return "build it anew, or correct the contract"


def _finding(
    contract: Contract, path: tuple[str | int, ...], code: str, element: str, *words: str
) -> Finding:
    line, column = contract.place(path)
    found, expected, hint = words
    return Finding(
        contract.file, line, column, code, element, found, expected, hint, product=contract.product
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
