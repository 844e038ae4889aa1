"""Answers one question about a table or column from the rendered rules."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from mesh.access.guard import load_rules
from mesh.access.policy import PSEUDO_COLUMNS
from mesh.access.simulate import Simulator, Table
from mesh.access.source import read_source
from mesh.access.trino import FILE
from mesh.contracts.project import readable_contracts
from mesh.core.errors import InputError
from mesh.core.paths import ROOT


@dataclass(frozen=True)
class Answer:
    """What the engine does.

    Attributes:
        table: The table in full.
        column: The column, empty where the question is about the table.
        allowed: Whether a query over it is let through.
        how: ``clear``, ``masked``, ``hidden`` or ``denied``.
        expression: What is computed in place of the value.
        rows: Condition on rows, empty for all.
        hidden: Columns of the table that the user does not see.
        masked: Its masked columns with their expressions.
    """

    role: str
    table: str
    column: str
    allowed: bool
    how: str
    expression: str
    rows: str
    hidden: tuple[str, ...]
    masked: dict[str, str]

    def lines(self) -> list[str]:
        """As lines for a terminal."""
        what = f"{self.table}.{self.column}" if self.column else self.table
        lines = [f"{self.role} on {what}: {self.how}"]
        if self.expression:
            lines.append(f"  shown as: {self.expression}")
        if self.rows:
            lines.append(f"  rows: only where {self.rows}")
        if not self.column:
            lines += [f"  {name}: shown as {text}" for name, text in self.masked.items()]
            lines += [f"  {name}: hidden" for name in self.hidden]
        return lines


def ask(role: str, name: str, root: Path = ROOT) -> Answer:
    """What a role sees of ``[catalog.]schema.table[.column]``.

    Raises:
        InputError: There is no such role, the name is none of a table, or the product has no such
            column, of which the rules say nothing.
        StackError: The rendered rules are not sound.
    """
    source = read_source(root)
    if role not in (*source.roles, source.service_account):
        raise InputError(f"there is no role {role!r}", expected=", ".join(source.roles))
    table, column = _parse(name, source.catalog)
    if column and table.catalog == source.catalog:
        _require_column(table, column, root)
    _, rules = load_rules(root / FILE)
    simulator = Simulator(rules)
    allowed = simulator.executes(role) and simulator.selects(
        role, table, [column] if column else []
    )
    constraints = simulator.constraints(role, table) if allowed else []
    treatment = simulator.treatment(role, table, column) if column and allowed else None
    return Answer(
        role=role,
        table=str(table),
        column=column,
        allowed=allowed,
        how=treatment.how if treatment else "allowed" if allowed else "denied",
        expression=treatment.expression if treatment else "",
        rows=simulator.keep(role, table) if allowed else "",
        hidden=tuple(
            each["name"]
            for each in constraints
            if "mask" not in each and each["name"] not in PSEUDO_COLUMNS
        ),
        masked={each["name"]: each["mask"] for each in constraints if "mask" in each},
    )


def _require_column(table: Table, column: str, root: Path) -> None:
    """Refuse a column that the product in a table does not have."""
    name = f"{table.schema}.{table.table}"
    tables = [t for contract in readable_contracts(root) for t in contract.tables]
    known = [c.name for t in tables if t.physical_name == name for c in t.columns]
    if known and column not in (*known, *PSEUDO_COLUMNS):
        near = get_close_matches(column, known, 1)
        raise InputError(
            f"{name} has no column {column!r}",
            expected=", ".join(known),
            hint=f"did you mean {near[0]}?" if near else "",
        )


def _parse(name: str, catalog: str) -> tuple[Table, str]:
    """Table and column of a name; a first part that holds a layer is a schema, not a catalog."""
    parts = name.split(".")
    if len(parts) == 2:
        return Table(catalog, *parts), ""
    if len(parts) == 4:
        return Table(*parts[:3]), parts[3]
    if len(parts) == 3:
        if parts[0].endswith(("_gold", "_silver", "_bronze", "_landing", "_identity", "_vault")):
            return Table(catalog, *parts[:2]), parts[2]
        return Table(*parts), ""
    raise InputError(
        f"{name!r} names no table", expected="[catalog.]schema.table, or that and .column"
    )
