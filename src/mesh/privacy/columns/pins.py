"""Conditions that can leave the rows of one person only."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from mesh.privacy.classes import Class
from mesh.privacy.columns import functions
from mesh.privacy.columns.functions import EQUAL, ORDERED, RANGED
from mesh.privacy.columns.others import (
    asks_for_an_extreme,
    asks_for_few,
    asks_of_others,
    known_uses,
)
from mesh.privacy.columns.parts import RANKED, classes_of
from mesh.privacy.columns.plain import is_plain
from mesh.privacy.columns.scope import Scope, column_of
from mesh.privacy.declassify import recognise

TELLING = frozenset({Class.DIRECT, Class.QUASI, Class.TECHNICAL, Class.FREE_TEXT, Class.UNKNOWN})
PICKING = (
    *EQUAL,
    exp.NEQ,
    exp.NullSafeNEQ,
    exp.In,
    exp.Like,
    exp.ILike,
    exp.RegexpLike,
    exp.StartsWith,
    exp.EndsWith,
    exp.ArrayContains,
)
PICKING_NAMES = frozenset({"starts_with", "ends_with", "contains"})
BELOW = (*EQUAL, *RANGED, exp.In)
PERSONAL = TELLING | {Class.SENSITIVE}


def pins_a_person(node: exp.Expr | None, scope: Scope) -> bool:
    """Whether a filter asks for a value of a column that tells people apart."""
    nodes = list(_conditions(node, scope))
    return _picks_by_others(node, nodes, scope) or any(
        _asks_for_a_person(each, scope)
        or _asks_for_a_value(each, scope)
        or _asks_for_the_most(each, scope)
        for each in nodes
    )


def joins_a_person(node: exp.Expr | None, scope: Scope) -> bool:
    """Whether a join asks for identifiers that come from no table of people, or for one value."""
    nodes = list(_conditions(node, scope))
    return _picks_by_others(node, nodes, scope) or any(
        _asks_for_a_person(each, scope) or (_is_constant(each) and _asks_for_a_value(each, scope))
        for each in nodes
    )


def _picks_by_others(node: exp.Expr | None, nodes: list[exp.Expr], scope: Scope) -> bool:
    """Whether rows are picked by a range, or by how they stand to others of their table."""
    if node is None:
        return False
    if _bounds(nodes, scope) or asks_of_others(nodes, scope) or asks_for_few(node, scope):
        return True
    asked = (each for each in node.walk(prune=lambda inner: isinstance(inner, exp.Query)))
    return any(
        asks_for_an_extreme(each, scope) for each in asked if isinstance(each, (*BELOW, exp.Is))
    )


def _is_constant(node: exp.Expr) -> bool:
    """Whether a condition holds columns against constants alone."""
    return sum(each.find(exp.Column, exp.Query) is not None for each in _sides(node)) < 2


def _conditions(node: exp.Expr | None, scope: Scope) -> Iterator[exp.Expr]:
    """The conditions in an expression, without those of its subqueries and of masks."""

    def ends(inner: exp.Expr) -> bool:
        if isinstance(inner, exp.Case):
            return recognise(inner, lambda masked: is_plain(masked, scope)) is not None
        return isinstance(inner, exp.Query)

    if node is not None:
        for each in node.walk(prune=ends):
            if functions.answers(each) and not isinstance(each, (exp.Is, exp.AggFunc)):
                yield each


def _asks_for_a_value(node: exp.Expr, scope: Scope) -> bool:
    """Whether it holds a value of a telling column, or of a secret one and others', to another."""
    if not isinstance(node, PICKING) and functions.name_of(node) not in PICKING_NAMES:
        return False
    sides = [side for side in _sides(node) if not isinstance(side, exp.Query)]
    known = [_classes(side, scope) for side in sides]
    if isinstance(node, exp.In) and node.args.get("query") is not None:
        return any((each & TELLING) - {Class.DIRECT} for each in known)
    if any(Class.DIRECT in each for each in known):
        return False  # told by _asks_for_a_person
    return any(each & TELLING for each in known)


def _asks_for_the_most(node: exp.Expr, scope: Scope) -> bool:
    """Whether it holds a personal value to one that a few have: the greatest, or the last."""
    if not isinstance(node, (*BELOW, *PICKING)):
        return False
    known = [_classes(each, scope) & PERSONAL for each in _sides(node)]
    return sum(bool(each) for each in known) > 1 and any(Class.SENSITIVE in each for each in known)


def _bounds(nodes: list[exp.Expr], scope: Scope) -> bool:
    """Whether a telling value is asked to lie between two others, however near these are.

    One of them can be asked for in a subquery that is read here.
    """
    bounded: dict[str, set[bool]] = {}
    before = {id(each): each for _, table in scope.tables for each in table.narrowed}
    inner = [each for condition in before.values() for each in condition.find_all(*RANGED)]
    for node in (*inner, *nodes):
        if isinstance(node, exp.Between):
            sides = [(node.this, node.args["low"], True), (node.this, node.args["high"], False)]
        elif isinstance(node, ORDERED):
            up = isinstance(node, (exp.GT, exp.GTE))
            sides = [(node.left, node.right, up), (node.right, node.left, not up)]
        else:
            continue
        for asked, bound, upward in sides:
            if not any(_own(each, node) for each in bound.find_all(exp.Column)):
                named = asked.unnest()
                name = named.name.lower() if isinstance(named, exp.Column) else named.sql()
                ways = bounded.setdefault(name, set())
                ways |= {True, False} if asked.find(exp.Abs) else {upward}
                if len(ways) > 1 and _classes(asked, scope) & TELLING:
                    return True
    return False


def _sides(node: exp.Expr) -> Iterator[exp.Expr]:
    """The values that a condition holds against each other."""
    for each in node.iter_expressions():
        side = each.this if isinstance(each, (exp.Any, exp.All)) else each
        yield side.unnest() if isinstance(side, (exp.Paren, exp.Subquery)) else side


def _asks_for_a_person(node: exp.Expr, scope: Scope) -> bool:  # noqa: PLR0911
    if isinstance(node, exp.Exists):
        return _inside(node.this, scope)
    columns = [c for c in node.find_all(exp.Column) if _own(c, node)]
    by_lot = node.find(exp.Rand) is not None
    if isinstance(node, BELOW) and any(_counts_others(each, scope) for each in _sides(node)):
        return True
    if isinstance(node, BELOW) and (by_lot or any(_ranked(each, scope) for each in columns)):
        return True
    direct = [each for each in columns if Class.DIRECT in _classes(each, scope)]
    if not direct:
        return False
    if isinstance(node, exp.In) and isinstance(node.args.get("query"), exp.Expr):
        return _from_elsewhere(node.args["query"], scope)
    if isinstance(node, exp.NEQ) and isinstance(node.right, exp.Literal):
        return bool(node.right.name)
    if isinstance(node, EQUAL) and all(side.find(exp.Column) for side in (node.left, node.right)):
        sides = [
            classes_of(known_uses(side, scope), scope.around) for side in (node.left, node.right)
        ]
        return not all(sides)
    return True


def _own(column: exp.Column, node: exp.Expr) -> bool:
    query = column.find_ancestor(exp.Query)
    return query is node.find_ancestor(exp.Query)


def _from_elsewhere(query: exp.Expr, scope: Scope) -> bool:
    """Whether the values of a subquery are not those of a table of people, or are a few of them."""
    relation = scope.evaluate(query.unnest(), scope.inner())
    made = [classes_of(column.uses, scope.around) for column in relation.columns]
    return relation.pinned or not any(made)


def _inside(query: exp.Expr, scope: Scope) -> bool:
    inner, where = _entered(query, scope)
    return inner is not None and (inner.pinned or joins_a_person(where, inner))


def _counts_others(query: exp.Expr, scope: Scope) -> bool:
    """Whether it is a subquery about the rows that are beyond the one around it."""
    if not isinstance(query, exp.Query):
        return False
    inner, where = _entered(query, scope)
    return inner is not None and asks_of_others(list(_conditions(where, inner)), inner)


def _entered(query: exp.Expr, scope: Scope) -> tuple[Scope | None, exp.Expr | None]:
    """The names in a subquery, and its condition."""
    from mesh.privacy.columns.joins import joined_tables

    select = query.unnest() if isinstance(query, exp.Subquery) else query
    if not isinstance(select, exp.Select) or select.args.get("with_") is not None:
        return None, None
    inner = scope.inner()
    joined_tables(select, inner)
    where = select.args.get("where")
    return inner, None if where is None else where.this


def _classes(node: exp.Expr, scope: Scope) -> set[Class]:
    return classes_of(known_uses(node, scope), scope.around)


def _ranked(node: exp.Column, scope: Scope) -> bool:
    found = column_of(node, scope)
    return found is not None and RANKED in found.marks
