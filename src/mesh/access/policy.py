"""What is allowed, as data: the one form from which every engine's rules are compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SYSTEM_CATALOG = "system"
INFORMATION_SCHEMA = "information_schema"

SYSTEM_TABLES: Mapping[str, tuple[str, ...]] = {
    "jdbc": ("attributes", "catalogs", "columns", "procedure_columns", "procedures",
             "pseudo_columns", "schemas", "super_tables", "super_types", "tables", "table_types",
             "types", "udts"),
    "metadata": ("catalogs", "table_comments"),
    "runtime": ("queries",),
}  # fmt: skip
"""What every role reads of catalog ``system``: drivers and reporting tools ask there. The engine
shows each user only the catalogs, tables and queries that it may see."""

OPERATOR_TABLES: Mapping[str, tuple[str, ...]] = {
    **SYSTEM_TABLES,
    "runtime": ("nodes", "optimizer_rule_stats", "queries", "tasks", "transactions"),
}
"""What those read who keep the engine running."""

PSEUDO_COLUMNS = ("$file_modified_time", "$partition", "$path")
"""Columns that every Iceberg table has beside its own: they tell of files, and a partition's
values stand in the path of its files. Closed to every role."""

SESSION_PROPERTIES = ("query_max_execution_time", "query_max_run_time", "time_zone_id")
"""System session properties that a role may set; none of them changes what it sees."""


@dataclass(frozen=True)
class Treatment:
    """How a role sees a column: ``clear``, ``masked`` or ``hidden``."""

    how: str
    mask: str = ""
    """Name of the mask in access/classes.yml."""
    expression: str = ""
    """What the engine computes in place of the value."""


@dataclass(frozen=True)
class Grant:
    """A role may read a table.

    Attributes:
        role: The role.
        schema: Schema of the table in the published catalog.
        table: Its name.
        product: ``domain.product``, empty for a table that is no product.
        columns: How each column is seen; empty where the role sees all columns there are.
        classes: The class of each column.
        keep: Condition that a row has to fulfil, empty for all rows.
    """

    role: str
    schema: str
    table: str
    product: str = ""
    columns: Mapping[str, Treatment] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    keep: str = ""

    @property
    def name(self) -> str:
        """``schema.table``."""
        return f"{self.schema}.{self.table}"


@dataclass(frozen=True)
class Policy:
    """All that is allowed. What is not in here is denied.

    ``operators`` are roles that see and end everybody's queries.
    """

    catalog: str
    service_account: str
    roles: tuple[str, ...]
    operators: tuple[str, ...]
    grants: tuple[Grant, ...]

    def grant(self, role: str, schema: str, table: str) -> Grant | None:
        """What a role may do with a table, None if nothing."""
        return self._by_table.get((role, schema, table))

    @property
    def _by_table(self) -> dict[tuple[str, str, str], Grant]:
        return {(each.role, each.schema, each.table): each for each in self.grants}

    def system_tables(self, role: str) -> Mapping[str, tuple[str, ...]]:
        """What a role reads of catalog ``system``."""
        return OPERATOR_TABLES if role in self.operators else SYSTEM_TABLES
