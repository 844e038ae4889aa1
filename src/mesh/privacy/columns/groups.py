"""Whom a number of people counts, and which figures are about those people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

from mesh.privacy.classes import HARMLESS, Class
from mesh.privacy.columns.parts import PERSON, Column, Relation, Unfollowable, Uses, classes_of
from mesh.privacy.columns.scope import Scope, resolve

OF_GROUPS = frozenset({Class.SENSITIVE_SUM, Class.QUASI_SUM, Class.SENSITIVE_KEY, Class.QUASI_KEY})
HIDDEN = ""
"""Stands for what groups are formed by and the query does not show."""


@dataclass(frozen=True)
class Guard:
    """A condition on a number of people.

    Args:
        of: Conditions that narrow whom the number counts.
        table: Alias of the table whose column it asks; empty for a count of the query itself.
        people: Aliases of the tables whose rows are about the people that the query counts.
    """

    of: frozenset[str]
    table: str = ""
    people: frozenset[str] = frozenset()


def counted(node: exp.Expr, of: frozenset[str], scope: Scope) -> Guard:
    """The guard that a count of people makes: of the tables of whose rows it counts them."""
    people = {owner(column, scope) for column in node.find_all(exp.Column)}
    pairs = [
        (one[0], other[0])
        for one, other in ties(scope)
        if _is_person(column_at(one, scope), scope) and _is_person(column_at(other, scope), scope)
    ]
    # Of a table that an outer join may give no row of, there can be fewer than are counted.
    pairs = [(a, b) for a, b in pairs if a in scope.optional or b not in scope.optional]
    while more := {b for a, b in pairs if a in people and b not in people}:
        people |= more
    return Guard(of, people=frozenset(people))


def about_them(node: exp.Expr, guard: Guard, scope: Scope) -> bool:
    """Whether an expression is made of personal values of the counted people alone."""
    for each in node.walk(prune=lambda inner: isinstance(inner, exp.Query)):
        if isinstance(each, exp.Query):
            made = scope.evaluate(each, scope.inner())
            if any(classes_of(c.uses, scope.around) - HARMLESS for c in made.columns):
                return False
        elif (
            isinstance(each, exp.Column)
            and not _tellers(each, scope) <= guard.people
            and (isinstance(each.this, exp.Star) or not _is_harmless(each, scope))
        ):
            return False
    return True


def covered(alias: str, guard: Guard, scope: Scope) -> bool:
    """Whether each group of one table holds all people whom the guard's table counts beside it.

    It does if what its groups are formed by is equal to what those of the other are formed by, and
    both are of the same rows.
    """
    if alias == guard.table:
        return True
    table, counts = _table(alias, scope), _table(guard.table, scope)
    if table is None or counts is None or table.keys is None or counts.keys is None:
        return False
    tied = {name for name in table.keys if _is_tied((alias, name), guard.table, counts, scope)}
    return table.keys <= tied and _same_rows(table, counts, ())


def covering(guard: Guard, scope: Scope) -> Guard | None:
    """The guard of this query's own groups, if each holds all whom the guard's table counts."""
    counts = _table(guard.table, scope)
    if scope.keys is None or counts is None or counts.keys is None:
        return None
    for key in scope.keys:
        if not isinstance(key, exp.Column):
            return None
        place = (owner(key, scope), key.name.lower())
        if place[0] != guard.table and not _is_tied(place, guard.table, counts, scope):
            return None
    others = [each for each in _conjuncts(scope) if not _joins(each, guard, counts, scope)]
    people = {
        alias
        for alias, table in scope.tables
        if alias == guard.table or _same_rows(table, counts, others)
    }
    return Guard(guard.of, people=frozenset(people))


def _tellers(node: exp.Column, scope: Scope) -> frozenset[str]:
    """The tables whose people a column tells of: its own, or what it was held against."""
    alias = owner(node, scope)
    return scope.tellers.get(alias, frozenset({alias}))


def counting(columns: list[Column], scope: Scope) -> list[Column]:
    """The columns of a query, of which a count of people guards no figures of other tables."""
    if len(scope.tables) < 2 or not any(column.people for column in columns):
        return columns
    counts = [a for a, table in scope.tables if any(c.people for c in table.columns)]
    figures = [a for a, table in scope.tables if _has_figures(table, scope)]
    if all(covered(b, Guard(frozenset(), a), scope) for a in counts for b in figures):
        return columns
    return [replace(column, people=False) for column in columns]


def _has_figures(table: Relation, scope: Scope) -> bool:
    return any(classes_of(c.uses, scope.around) & OF_GROUPS for c in table.columns)


def owner(node: exp.Column, scope: Scope) -> str:
    """Alias of the table of this query that a column belongs to."""
    name, alias = node.name.lower(), node.table.lower()
    for each, relation in scope.tables:
        if (not alias or alias == each) and relation.named(name):
            return each
    return ""


Place = tuple[str, str]
"""A column of this query's tables: alias and name."""


def ties(scope: Scope) -> Iterator[tuple[Place, Place]]:
    """The columns that are equal in every row, in both directions."""
    for each in _conjuncts(scope):
        if (places := _equated(each, scope)) is not None:
            yield places
            yield places[1], places[0]
    for name in scope.shared:
        holders = [alias for alias, table in scope.tables if table.named(name)]
        for one in holders:
            yield from (((one, name), (other, name)) for other in holders if other != one)


def _conjuncts(scope: Scope) -> Iterator[exp.Expr]:
    for condition in scope.conditions:
        parts = condition.flatten() if isinstance(condition, exp.And) else [condition]
        for each in parts:
            yield each.unnest()


def _equated(node: exp.Expr, scope: Scope) -> tuple[Place, Place] | None:
    if not isinstance(node, exp.EQ):
        return None
    left, right = node.left.unnest(), node.right.unnest()
    if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)):
        return None
    one, other = owner(left, scope), owner(right, scope)
    if not one or not other or one == other:
        return None
    return (one, left.name.lower()), (other, right.name.lower())


def _is_tied(place: Place, table: str, counts: Relation, scope: Scope) -> bool:
    """Whether a column is equal to one that the groups of a table are formed by, and the same."""
    own = _sources(column_at(place, scope))
    return any(
        other[0] == table
        and other[1] in (counts.keys or ())
        and _sources(column_at(other, scope)) == own
        for one, other in ties(scope)
        if one == place
    )


def _joins(node: exp.Expr, guard: Guard, counts: Relation, scope: Scope) -> bool:
    """Whether a condition asks only the guard's table, or ties another to its groups."""
    places = _equated(node, scope)
    if places is None:
        columns = list(node.find_all(exp.Column))
        return all(owner(each, scope) == guard.table for each in columns) and bool(columns)
    one, other = places if places[1][0] == guard.table else (places[1], places[0])
    return other[0] == guard.table and _is_tied(one, guard.table, counts, scope)


def _same_rows(table: Relation, counts: Relation, besides: list[exp.Expr] | tuple[()]) -> bool:
    """Whether a table is made of all rows of which another counts the people."""
    if not _nodes(table) <= _nodes(counts) or table.pinned:
        return False
    known = {_text(each) for each in counts.narrowed}
    return {_text(each) for each in (*table.narrowed, *besides)} <= known


def _nodes(table: Relation) -> set[str]:
    return {use.ref.node for column in table.columns for use in column.uses}


def _text(node: exp.Expr) -> str:
    """A condition without the names of tables in it."""
    bare = node.copy()
    for column in list(bare.find_all(exp.Column)):
        column.set("table", None)
    return bare.sql(dialect="trino", comments=False)


def _table(alias: str, scope: Scope) -> Relation | None:
    return next((table for each, table in scope.tables if each == alias), None)


def column_at(place: Place, scope: Scope) -> Column:
    """The column at a place; one of nothing where the table has none of that name."""
    alias, name = place
    table = _table(alias, scope)
    found = table.named(name) if table is not None else []
    return found[0] if found else Column(name, {})


def _sources(column: Column) -> set[object]:
    return {use.ref for use in column.uses if use.direct} or {column.name}


def _is_person(column: Column, scope: Scope) -> bool:
    return PERSON in column.marks or Class.DIRECT in classes_of(column.uses, scope.around)


def _is_harmless(node: exp.Column, scope: Scope) -> bool:
    try:
        made: Uses = resolve([part.name.lower() for part in node.parts], scope, scope).uses
    except Unfollowable:
        return True
    name = node.name.lower()
    if not node.table and name in scope.shared:
        return True
    return not classes_of(made, scope.around) - HARMLESS
