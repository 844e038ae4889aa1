"""The running engine, asked as every role."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from trino.dbapi import Connection
from trino.exceptions import TrinoQueryError

from mesh.access.accounts import as_role
from mesh.access.decide import decide
from mesh.access.simulate import Table
from mesh.core.settings import Lake
from mesh.lake.trino import connect

POLICY = decide().policy
DENIED = "denied"
LISTING = (
    f"select table_schema, table_name, column_name from {POLICY.catalog}.information_schema.columns"
    " where table_schema <> 'information_schema'"
)


@dataclass
class Engine:
    """The engine, asked with one account at a time."""

    lake: Lake
    connections: dict[str, Connection] = field(default_factory=dict)

    def ask(self, role: str, sql: str) -> Any:
        """The rows, or ``denied``; any other failure is an error of the test."""
        if role not in self.connections:
            own = self.lake if role == POLICY.service_account else as_role(self.lake, role)
            self.connections[role] = connect(own, POLICY.catalog)
        cursor = self.connections[role].cursor()
        try:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()]
        except TrinoQueryError as error:
            if error.error_name == "PERMISSION_DENIED":
                return DENIED
            raise

    @cached_property
    def tables(self) -> dict[Table, list[str]]:
        """The columns of all tables of the published catalog, as the service account sees them."""
        found: dict[Table, list[str]] = {}
        for schema, table, column in self.ask(POLICY.service_account, LISTING):
            found.setdefault(Table(POLICY.catalog, schema, table), []).append(column)
        return found

    @cached_property
    def elsewhere(self) -> list[Table]:
        """Two tables of every other catalog."""
        found = []
        for catalog in sorted(self.names("show catalogs") - {POLICY.catalog, "system"}):
            listed = (
                f"select table_schema, table_name from {catalog}.information_schema.tables"
                " where table_schema <> 'information_schema' order by 1 desc limit 2"
            )
            rows = self.ask(POLICY.service_account, listed)
            found += [Table(catalog, schema, table) for schema, table in rows]
        return found

    @cached_property
    def truths(self) -> dict[str, Any]:
        """What the service account was answered, by query."""
        return {}

    def truth(self, sql: str) -> Any:
        """What the service account is answered; asked once."""
        if sql not in self.truths:
            self.truths[sql] = self.ask(POLICY.service_account, sql)
        return self.truths[sql]

    def names(self, sql: str, role: str = POLICY.service_account) -> set[str]:
        """The first column of a query."""
        return {str(row[0]) for row in self.ask(role, sql)}


def quoted(table: Table, suffix: str = "") -> str:
    return f'"{table.catalog}"."{table.schema}"."{table.table}{suffix}"'


def fingerprint(shown: dict[str, str], source: str) -> str:
    """A query that tells two sets of rows apart without showing one of them."""
    sums = [f"to_hex(checksum({shown[name]}))" for name in sorted(shown)]
    return f"select count(*), {', '.join(sums)} from {source}" if sums else ""
