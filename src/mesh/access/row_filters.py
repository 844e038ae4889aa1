"""Which conditions hold as row filters of Trino.

Trino puts the condition of a user and that of a filter into one, and what it can write as a set of
values of a column comes first in it (``PushPredicateIntoTableScan``, "unenforced constraints go
first"). Anything else may be asked after the condition of the user where that one is not
deterministic: ``cast(secret || substr(cast(random() as varchar), 1, 0) as bigint) > 0`` then fails
on a row that the filter hides, and the error quotes it. So a filter has to be such a set.
"""

from __future__ import annotations

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError

COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


def columns_of(condition: str) -> set[str]:
    """The columns that a condition reads; what is no plain condition counts as a strange one."""
    tree = _parsed(condition)
    if tree is None:
        return {condition}
    return {column.sql(dialect="trino") for column in tree.find_all(exp.Column)}


def holds(condition: str) -> bool:
    """Whether a condition only compares columns with constants, all of it at once."""
    tree = _parsed(condition)
    return tree is not None and all(_is_set(each) for each in tree.flatten())


def _parsed(condition: str) -> exp.Expr | None:
    try:
        trees = parse(f"select 1 where {condition}", dialect="trino")
    except SqlglotError:
        return None
    if len(trees) != 1 or trees[0] is None or len(list(trees[0].find_all(exp.Query))) != 1:
        return None
    where = trees[0].find(exp.Where)
    # An `and` of several, so that its parts can be looked at alike.
    return exp.and_(where.this, exp.true()) if where is not None else None


def _is_set(part: exp.Expr) -> bool:
    """Whether it says which values a column may have, or several columns each by itself."""
    part = part.unnest()
    if isinstance(part, exp.And):
        return all(_is_set(each) for each in part.flatten())
    if isinstance(part, exp.Not):
        return not isinstance(part.this.unnest(), exp.And) and _is_set(part.this)
    if isinstance(part, exp.Boolean | exp.Column):
        return True
    if isinstance(part, COMPARISONS):
        sides = sorted((part.left, part.right), key=_is_constant)
        return isinstance(sides[0], exp.Column) and _is_constant(sides[1])
    return isinstance(part.this, exp.Column) and _are_constants(part)


def _are_constants(part: exp.Expr) -> bool:
    """Whether a column is held against constants alone, where it is held against several."""
    if isinstance(part, exp.In):
        return bool(part.expressions) and all(map(_is_constant, part.expressions))
    if isinstance(part, exp.Between):
        return _is_constant(part.args["low"]) and _is_constant(part.args["high"])
    return isinstance(part, exp.Is) and isinstance(part.expression, exp.Null)


def _is_constant(value: exp.Expr) -> bool:
    """A literal, or one with its type before it, as ``date '2026-01-01'``."""
    if isinstance(value, exp.Neg | exp.Cast):
        return isinstance(value.this, exp.Literal)
    return isinstance(value, exp.Literal)
