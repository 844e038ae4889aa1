"""Values that are made of nothing and held against personal ones: what is equal to it, tells it.

``unnest(sequence(0, 999999999)) as t(n) join people on cast(ssn as bigint) = t.n`` shows every
number, and no column of people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlglot import exp

from mesh.privacy.classes import HARMLESS
from mesh.privacy.columns import functions
from mesh.privacy.columns.functions import RANGED
from mesh.privacy.columns.groups import owner
from mesh.privacy.columns.parts import (
    GENERATED,
    NOTHING,
    Column,
    Relation,
    Uses,
    classes_of,
    union,
)
from mesh.privacy.columns.scope import MADE, Scope

REPEATING = (exp.GenerateSeries, exp.GenerateDateArray, exp.Repeat)
"""Arrays that are as long as a value says."""


def generated(relation: Relation) -> Relation:
    """The relation whose columns without a source are told to be made of nothing."""
    columns = [
        c if any(use.direct for use in c.uses) else replace(c, marks=c.marks | {GENERATED})
        for c in relation.columns
    ]
    return replace(relation, columns=columns)


def tie(condition: exp.Expr | None, scope: Scope) -> None:
    """Give columns that are made of nothing the uses of the personal values they are held against.

    ``scope.repeated`` is given what decides how many of them a row of a person meets.
    """
    for node in comparisons(condition) if scope.generates() else ():
        places = {(id(holder), alias): holder for holder, alias in _places(node, scope)}
        if places and (told := _told(node, scope)):
            for (_, alias), holder in places.items():
                _tell(holder, alias, told)
                others = {owner(each, holder) for each in node.find_all(exp.Column)} - {alias}
                holder.tellers[alias] = holder.tellers.get(alias, frozenset()) | others
                if isinstance(node, RANGED):
                    holder.repeated = union([holder.repeated, told])


def told_by_elements(body: exp.Expr, scope: Scope) -> Uses:
    """What a lambda's comparisons of its elements tell of other values."""
    found: list[Uses] = []
    for node in comparisons(body):
        names = (each for each in node.find_all(exp.Identifier))
        if any(each.name.lower() in scope.parameters for each in names):
            found.append(_told(node, scope))
    return union(found)


def told_by_guesses(node: exp.Expr, scope: Scope) -> Uses:
    """What an answer tells of personal values that it holds against guesses of them.

    A figure only counts the answers; where these are shown row by row, they are the value.
    """
    if not scope.generates() or (isinstance(node, exp.Binary) and _is_constant(node)):
        return NOTHING
    guesses, asked = 0, []
    for each in _own_columns(node):
        if _is_guess(each, scope):
            guesses += 1
        else:
            asked.append(_uses(each, scope))
    if not guesses:
        return NOTHING
    told = _personal(union([*asked, *(_uses(each, scope) for each in _queries(node))]), scope)
    scope.guesses |= bool(told)
    return NOTHING if scope.counting else told


def _is_constant(node: exp.Binary) -> bool:
    """Whether a plain column is held against a plain constant."""
    return isinstance(node.right, exp.Literal) and isinstance(node.left, exp.Column)


def _own_columns(node: exp.Expr) -> Iterator[exp.Column]:
    """The columns of which an expression has values: not those of subqueries, parts and orders."""
    if isinstance(node, exp.Window):
        yield from _own_columns(node.this)
    elif isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
        yield node
    elif not isinstance(node, exp.Query):
        for each in node.iter_expressions():
            yield from _own_columns(each)


def _queries(node: exp.Expr) -> Iterator[exp.Expr]:
    for each in node.walk(prune=lambda inner: isinstance(inner, exp.Query)):
        if isinstance(each, exp.Query):
            yield each


def _is_guess(node: exp.Column, scope: Scope) -> bool:
    """Whether a column is of a table of the query and was made of nothing before it was tied."""
    found = found_in(node, scope)
    return found is not None and bool(found[2].marks & MADE)


def _uses(node: exp.Expr, scope: Scope) -> Uses:
    from mesh.privacy.columns.expression import uses

    return uses(node, scope)


def held_against(node: exp.Expr, scope: Scope) -> Uses:
    """The personal values that an expression compares."""
    return union([_told(each, scope) for each in comparisons(node)])


def except_for(relation: Relation, others: list[Relation], scope: Scope) -> Relation:
    """What EXCEPT leaves of a relation: of values made of nothing, those that others lack."""
    columns = [
        replace(
            column,
            uses=union(
                [column.uses, *(_personal(each.columns[place].uses, scope) for each in others)]
            ),
        )
        if is_made_of_nothing(column, scope) and all(place < len(each.columns) for each in others)
        else column
        for place, column in enumerate(relation.columns)
    ]
    return replace(relation, columns=columns)


def repeats(node: exp.Expr, scope: Scope) -> Uses:
    """The personal values that say how long an array in the expression is."""
    from mesh.privacy.columns.expression import uses

    return union([_personal(uses(each, scope), scope) for each in node.find_all(*REPEATING)])


def comparisons(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    """The comparisons in an expression, without those of its subqueries."""
    if condition is not None:
        for each in condition.walk(prune=lambda inner: isinstance(inner, exp.Query)):
            if functions.answers(each) and not isinstance(each, (exp.Is, exp.AggFunc, exp.Exists)):
                yield each


def _told(node: exp.Expr, scope: Scope) -> Uses:
    """The personal values on the sides of a comparison."""
    from mesh.privacy.columns.expression import uses

    sides = (
        each.this if isinstance(each, (exp.Any, exp.All)) else each
        for each in node.iter_expressions()
    )
    return _personal(union([uses(each, scope) for each in sides]), scope)


def _personal(made: Uses, scope: Scope) -> Uses:
    return {
        use: step
        for use, step in made.items()
        if use.direct and classes_of({use: step}, scope.around) - HARMLESS
    }


def _places(node: exp.Expr, scope: Scope) -> Iterator[tuple[Scope, str]]:
    """The tables of the columns in a comparison that are made of nothing."""
    for column in node.find_all(exp.Column):
        if (place := _place(column, scope)) is not None:
            yield place


def _place(node: exp.Column, scope: Scope) -> tuple[Scope, str] | None:
    found = found_in(node, scope)
    if found is None or not is_made_of_nothing(found[2], found[0]):
        return None
    return found[0], found[1]


def found_in(node: exp.Column, scope: Scope) -> tuple[Scope, str, Column] | None:
    """The query, alias and column of a table that a name stands for."""
    for current in scope.chain():
        for alias, table in current.tables:
            for column in table.named(node.name.lower()):
                if node.table.lower() in {"", alias}:
                    return current, alias, column
    return None


def is_made_of_nothing(column: Column, scope: Scope) -> bool:
    """Whether a column holds numbers or words of its own, and no personal value."""
    return bool(column.marks & MADE) and not classes_of(column.uses, scope.around) - HARMLESS


def _tell(scope: Scope, alias: str, told: Uses) -> None:
    for place, (name, table) in enumerate(scope.tables):
        if name == alias:
            columns = [
                replace(c, uses=union([c.uses, told])) if is_made_of_nothing(c, scope) else c
                for c in table.columns
            ]
            scope.tables[place] = (name, replace(table, columns=columns))
            scope.told += 1
