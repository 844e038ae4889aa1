"""Conditions that only groups of enough distinct people meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from mesh.privacy.classes import Class
from mesh.privacy.columns.parts import Unfollowable, classes_of

if TYPE_CHECKING:
    from mesh.privacy.columns.expression import Scope

TELLS_PEOPLE_APART = frozenset({Class.DIRECT, Class.TECHNICAL, Class.QUASI, Class.UNKNOWN})


def shows_enough(condition: exp.Expr | None, scope: Scope) -> bool:
    """Whether the condition holds only for groups of enough people."""
    return _compared(condition, scope, enough=True)


def shows_too_few(condition: exp.Expr | None, scope: Scope) -> bool:
    """Whether the condition holds for every group of too few people."""
    return _compared(condition, scope, enough=False)


def _compared(node: exp.Expr | None, scope: Scope, *, enough: bool) -> bool:
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, (exp.And, exp.Or)):
        wanted = isinstance(node, exp.And) is enough
        sides = (node.left, node.right)
        return wanted and any(_compared(side, scope, enough=enough) for side in sides)
    if isinstance(node, exp.Not):
        return _compared(node.this, scope, enough=not enough)
    if not isinstance(node, (exp.GTE, exp.GT, exp.LTE, exp.LT)):
        return False
    left, right, upward = node.left, node.right, isinstance(node, (exp.GTE, exp.GT))
    strict = isinstance(node, (exp.GT, exp.LT))
    if _number(left) is not None:
        left, right, upward = right, left, not upward
    bound = _number(right)
    if bound is None or upward is not enough or not counts_people(left, scope):
        return False
    # n > 10 and n >= 11 let the same groups through; n < 11 and n <= 10 stop the same.
    least = bound + 1 if strict is enough else bound
    return least >= scope.around.smallest


def _number(node: exp.Expr) -> int | None:
    if isinstance(node, exp.Literal) and not node.is_string and str(node.this).isdigit():
        return int(node.this)
    return None


def counts_people(node: exp.Expr, scope: Scope) -> bool:  # noqa: PLR0911
    """Whether the expression is a number of distinct people, or at most one."""
    if isinstance(node, (exp.Paren, exp.Cast, exp.TryCast, exp.Alias)):
        return counts_people(node.this, scope)
    if isinstance(node, exp.Count):
        return isinstance(node.this, exp.Distinct) and _people(node.this.expressions, scope)
    if isinstance(node, exp.ApproxDistinct):
        return _people([node.this], scope)
    if isinstance(node, exp.Least):
        return all(counts_people(each, scope) for each in (node.this, *node.expressions))
    if isinstance(node, exp.Sub):
        return counts_people(node.left, scope) and counts_people(node.right, scope)
    if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
        return _column_counts(node, scope)
    return False


def _column_counts(node: exp.Column, scope: Scope) -> bool:
    from mesh.privacy.columns.expression import resolve

    try:
        return resolve([part.name.lower() for part in node.parts], scope, scope).people
    except Unfollowable:
        return False


def _people(nodes: list[exp.Expr], scope: Scope) -> bool:
    """Whether distinct values of these are distinct people, as far as the classes tell."""
    from mesh.privacy.columns.expression import uses

    grouped, scope.grouped = scope.grouped, False
    try:
        made = [uses(node, scope) for node in nodes]
    finally:
        scope.grouped = grouped
    return any(classes_of(each, scope.around) & TELLS_PEOPLE_APART for each in made)
