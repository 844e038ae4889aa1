"""Conditions that can leave the rows of one person only."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from mesh.privacy.classes import Class
from mesh.privacy.columns import functions
from mesh.privacy.columns.parts import RANKED, Unfollowable, Uses, classes_of
from mesh.privacy.columns.scope import Scope, resolve

TELLING = frozenset({Class.DIRECT, Class.QUASI, Class.TECHNICAL, Class.FREE_TEXT, Class.UNKNOWN})
EQUAL = (exp.EQ, exp.NullSafeEQ)
PICKING = (*EQUAL, exp.NEQ, exp.In, exp.Like, exp.ILike, exp.RegexpLike)
SPELLING = (exp.Trim, exp.Lower, exp.Upper, exp.Cast, exp.TryCast, exp.Paren)
BELOW = (*EQUAL, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between)


def pins_a_person(node: exp.Expr | None, scope: Scope) -> bool:
    """Whether a filter asks for a value of a column that tells people apart."""
    return any(
        _asks_for_a_person(each, scope) or _asks_for_a_value(each, scope)
        for each in _conditions(node)
    )


def joins_a_person(node: exp.Expr | None, scope: Scope) -> bool:
    """Whether a join asks for identifiers that come from no table of people."""
    return any(_asks_for_a_person(each, scope) for each in _conditions(node))


def _conditions(node: exp.Expr | None) -> Iterator[exp.Expr]:
    """The conditions in an expression, without those of its subqueries."""
    if node is not None:
        for each in node.walk(prune=lambda inner: isinstance(inner, exp.Query)):
            if functions.answers(each) and not isinstance(each, (exp.Is, exp.AggFunc)):
                yield each


def _asks_for_a_value(node: exp.Expr, scope: Scope) -> bool:
    if not isinstance(node, PICKING):
        return False
    sides = [_spelled(node.this), _spelled(node.args.get("expression"))]
    known = [classes_of(_uses(s, scope), scope.around) for s in sides if isinstance(s, exp.Column)]
    if isinstance(node, exp.In) and node.args.get("query") is not None:
        return any((each & TELLING) - {Class.DIRECT} for each in known)
    if any(Class.DIRECT in each for each in known):
        return False  # told by _asks_for_a_person
    return any(each & TELLING for each in known)


def _spelled(node: exp.Expr | None) -> exp.Expr | None:
    while isinstance(node, SPELLING):
        node = node.this
    return node


def _asks_for_a_person(node: exp.Expr, scope: Scope) -> bool:  # noqa: PLR0911
    if isinstance(node, exp.Exists):
        return _inside(node.this, scope)
    columns = [c for c in node.find_all(exp.Column) if _own(c, node)]
    if isinstance(node, BELOW) and any(_ranked(each, scope) for each in columns):
        return True
    direct = [each for each in columns if Class.DIRECT in _classes(each, scope)]
    if not direct:
        return False
    if isinstance(node, exp.In) and isinstance(node.args.get("query"), exp.Expr):
        return _from_elsewhere(node.args["query"], scope)
    if isinstance(node, exp.NEQ) and isinstance(node.right, exp.Literal):
        return bool(node.right.name)
    if isinstance(node, EQUAL) and all(side.find(exp.Column) for side in (node.left, node.right)):
        sides = [classes_of(_uses(side, scope), scope.around) for side in (node.left, node.right)]
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
    from mesh.privacy.columns.joins import joined_tables

    select = query.unnest() if isinstance(query, exp.Subquery) else query
    if not isinstance(select, exp.Select) or select.args.get("with_") is not None:
        return False
    inner = scope.inner()
    joined_tables(select, inner)
    where = select.args.get("where")
    return inner.pinned or joins_a_person(where.this if where is not None else None, inner)


def _classes(node: exp.Column, scope: Scope) -> set[Class]:
    return classes_of(_uses(node, scope), scope.around)


def _uses(node: exp.Expr | None, scope: Scope) -> Uses:
    from mesh.privacy.columns.expression import uses

    try:
        return uses(node, scope)
    except Unfollowable:
        return {}


def _ranked(node: exp.Column, scope: Scope) -> bool:
    try:
        found = resolve([part.name.lower() for part in node.parts], scope, scope)
    except Unfollowable:
        return False
    return RANKED in found.marks
