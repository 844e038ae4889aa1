"""What the names in a query stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from mesh.privacy.classes import SAME, SUMMED, Change
from mesh.privacy.columns.parts import (
    GENERATED,
    NOTHING,
    RANKED,
    UNEVEN,
    Column,
    ColumnRef,
    Relation,
    Surroundings,
    Unfollowable,
    Use,
    Uses,
    merged,
    union,
)

if TYPE_CHECKING:
    from mesh.privacy.columns.groups import Guard

MADE = frozenset({GENERATED, RANKED})
"""Marks of columns that hold numbers or words of their own, and no value of a source."""

Evaluate = Callable[[exp.Expr, "Scope"], Relation]


@dataclass
class Scope:
    """What the names in a query stand for.

    Args:
        tables: Tables of the FROM clause by alias, in order.
        ctes: Subqueries that a WITH clause named.
        outer: Scope of the query around this one.
        shared: Columns that USING merged into one.
        grouped: Whether values outside of aggregates are what groups are formed by.
        figures: What a sum makes of a class here.
        counting: Whether a value goes into a figure, where a comparison only counts.
        pinned: Whether a join may have left the rows of one person only.
        conditions: What holds for every row: ON and WHERE.
        optional: Aliases of the tables that an outer join may give no row of.
        keys: What groups are formed by; none where there is no group.
        guards: What HAVING, or WHERE of what groups are formed by, says of the people of a group.
        told: How often a column of a table was found to tell a value it is held against.
        guesses: Whether the column that is being made holds guesses against personal values.
        tellers: Aliases of the tables that such a column was held against, by that of its own.
        repeated: What decides how many rows there are for one of a person.
        asked: Personal values that conditions on rows ask so often that the answers are they.
        uneven: Whether rows may be there several times, by a number that each has for itself.
        made_of_nothing: Of how many tables it is known whether any has such a column, and whether.
        with_weights: Of how many tables it is known whether any has an uneven column, and whether.
        host: Scope of the query that this one is a derived table or a branch of.
        reaches: Whether a name inside, however deep, stands for a column of a query around, so
            that a sum here is about one row of that.
    """

    around: Surroundings
    evaluate: Evaluate
    tables: list[tuple[str, Relation]] = field(default_factory=list)
    ctes: dict[str, Relation] = field(default_factory=dict)
    outer: Scope | None = None
    shared: dict[str, Column] = field(default_factory=dict)
    grouped: bool = False
    figures: Change = SUMMED
    pinned: bool = False
    counting: bool = False
    conditions: list[exp.Expr] = field(default_factory=list)
    optional: set[str] = field(default_factory=set)
    keys: list[exp.Expr] | None = None
    guards: list[Guard] = field(default_factory=list)
    parameters: tuple[str, ...] = ()
    told: int = 0
    guesses: bool = False
    tellers: dict[str, frozenset[str]] = field(default_factory=dict)
    repeated: Uses = field(default_factory=dict)
    asked: Uses = field(default_factory=dict)
    uneven: bool = False
    made_of_nothing: tuple[int, bool] = (-1, False)
    with_weights: tuple[int, bool] = (-1, False)
    host: Scope | None = None
    reaches: bool = False

    def inner(self) -> Scope:
        """A scope for a query inside this one."""
        return Scope(self.around, self.evaluate, ctes=dict(self.ctes), outer=self)

    def beside(self) -> Scope:
        """A scope for a query that does not see this one's tables: a derived table, a branch."""
        return Scope(self.around, self.evaluate, ctes=dict(self.ctes), outer=self.outer, host=self)

    def generates(self) -> bool:
        """Whether a table that names can stand for has a column that is made of nothing."""
        if self.made_of_nothing[0] != len(self.tables):
            found = any(c.marks & MADE for _, table in self.tables for c in table.columns)
            self.made_of_nothing = (len(self.tables), found)
        return self.made_of_nothing[1] or (self.outer is not None and self.outer.generates())

    def weighs(self) -> bool:
        """Whether a table that names can stand for has a column by which rows could be weighed."""
        if self.with_weights[0] != len(self.tables):
            found = any(UNEVEN in c.marks for _, table in self.tables for c in table.columns)
            self.with_weights = (len(self.tables), found)
        return self.with_weights[1] or (self.outer is not None and self.outer.weighs())

    def chain(self) -> Iterator[Scope]:
        """This scope and those of the queries around it, from the inside."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def reach(self, found: Scope) -> None:
        """Note that a name in here stands for a column of a query around this one."""
        for scope in self.chain():
            if scope is found:
                return
            host: Scope | None = scope
            while host is not None:
                host.reaches, host = True, host.host


def resolve(names: list[str], scope: Scope, asking: Scope) -> Column:
    """The column that a dotted name stands for.

    Raises:
        Unfollowable: There is none.
    """
    for look in (_named, _undeclared):
        for current in scope.chain():
            if names[0] in current.parameters:
                scope.reach(current)
                return Column(names[-1], NOTHING)
            for length in range(len(names) - 1, -1, -1):
                # a.b.c is column c of b, column b of a and its field c, or column a and its fields
                found = look(names[:length], names[length], current)
                if found is not None:
                    scope.reach(current)
                    return found
    raise Unfollowable(f"the column {'.'.join(names)} is in none of the tables that are read")


def column_of(node: exp.Column, scope: Scope) -> Column | None:
    """The column that a name in a query stands for; None where there is none."""
    try:
        return resolve([part.name.lower() for part in node.parts], scope, scope)
    except Unfollowable:
        return None


def _tables(qualifier: list[str], scope: Scope) -> list[Relation]:
    if not qualifier:
        return [relation for _, relation in scope.tables]
    return [relation for alias, relation in scope.tables if alias == qualifier[-1]]


def _named(qualifier: list[str], name: str, scope: Scope) -> Column | None:
    if not qualifier and name in scope.shared:
        return scope.shared[name]
    found = [
        column
        for table in _tables(qualifier, scope)
        for column in table.columns
        if column.name == name
    ]
    if not found:
        return _hidden(qualifier, name, scope)
    if len(found) == 1:
        return found[0]
    return merged(name, found)


def _hidden(qualifier: list[str], name: str, scope: Scope) -> Column | None:
    """Columns that Iceberg tables have besides those of a SELECT *."""
    tables = _tables(qualifier, scope)
    if not name.startswith("$") or not tables:
        return None
    if name in {"$path", "$partition"}:  # both spell out the values of the partition
        return Column(name, union([c.uses for table in tables for c in table.columns]))
    return Column(name, NOTHING)


def _undeclared(qualifier: list[str], name: str, scope: Scope) -> Column | None:
    open_tables = [table for table in _tables(qualifier, scope) if table.open]
    if not open_tables:
        return None
    refs = [ColumnRef(node, name) for table in open_tables for node in sorted(table.open)]
    return Column(name, {Use(ref, True, SAME): None for ref in refs})
