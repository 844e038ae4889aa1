"""Sums that can be taken apart again: a weight of its own gives each value digits of its own.

``sum(salary * power(1000000, row_number))`` is one number with every salary in it. A sum hides its
summands only where they come into it alike: as they are, in other units, or times what says
nothing of the single row.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from mesh.privacy.classes import Class
from mesh.privacy.columns import functions
from mesh.privacy.columns.functions import RANGED
from mesh.privacy.columns.generated import REPEATING, held_against, is_made_of_nothing
from mesh.privacy.columns.groups import column_at, owner, ties
from mesh.privacy.columns.parts import (
    GENERATED,
    NUMBERED,
    PLAIN,
    UNEVEN,
    Uses,
    classes_of,
)
from mesh.privacy.columns.scope import MADE, Scope, column_of

STEEP: tuple[type[exp.Expr], ...] = (exp.Exp, exp.Pad, exp.Repeat, exp.FromBase, exp.Rand, exp.Uuid)
STEEP_NAMES = frozenset({"bitwise_left_shift", "sinh", "cosh", "random", "shuffle"})
"""Functions of which a small step of the operand is a large one of what they give."""

ALIKE: tuple[type[exp.Expr], ...] = (
    exp.Add,
    exp.Sub,
    exp.Coalesce,
    exp.Greatest,
    exp.Least,
    exp.Nullif,
    exp.DateDiff,
    exp.Distinct,
)
"""What may be made of several columns beside products and branches."""

GREATEST_EXPONENT = 4
"""A mean of higher powers is that of the largest value alone."""

APART = 1000
"""How many times as much one branch may weigh as another: thousands and units are one scale."""


def told_apart(figure: exp.Expr, scope: Scope) -> Uses | None:
    """What a figure tells of values that it only compares, if it can be taken apart; else None."""
    if scope.uneven or any(is_uneven(each, scope) for each in figure.iter_expressions()):
        return held_against(figure, scope)
    return None


def repeats_unevenly(node: exp.Expr | None, scope: Scope) -> bool:
    """Whether an array, or a number held against one of a list, gives each row its own weight."""
    if node is None:
        return False
    for each in node.find_all(*REPEATING, *RANGED):
        sides = [*each.iter_expressions()]
        if isinstance(each, RANGED):
            sides = [side for side in sides if not _is_of_a_list(side, scope)]
            if len(sides) == len([*each.iter_expressions()]):
                continue
        if any(is_uneven(side, scope) or _tells_rows_apart(side, scope) for side in sides):
            return True
    return False


def _is_of_a_list(node: exp.Expr, scope: Scope) -> bool:
    return any(_marked(each, scope, frozenset({GENERATED})) for each in node.find_all(exp.Column))


def is_uneven(node: exp.Expr | None, scope: Scope) -> bool:  # noqa: PLR0911
    """Whether rows can come into a sum of the expression with weights that tell them apart."""
    if node is None or isinstance(node, (exp.Literal, exp.Identifier, exp.DataType, exp.Var)):
        return False
    if isinstance(node, exp.Column):
        named = scope.weighs() and not isinstance(node.this, exp.Star)
        return named and _marked(node, scope, frozenset({UNEVEN}))
    if isinstance(node, (exp.Mul, exp.Div)):
        return _is_uneven_product(node, scope)
    if isinstance(node, exp.Pow):
        return _is_uneven_power(node, scope)
    if isinstance(node, (exp.If, exp.Case)):
        return _are_uneven_branches(node, scope)
    if isinstance(node, exp.Query):
        return _is_of_the_row(node, scope)
    if isinstance(node, exp.Window):
        return not _is_over_rows(node)
    if functions.answers(node):
        return False
    if isinstance(node, (exp.Filter, exp.ArgMax, exp.ArgMin)):
        return is_uneven(node.this, scope)
    if isinstance(node, STEEP) or functions.name_of(node) in STEEP_NAMES:
        return node.find(exp.Column) is not None or isinstance(node, (exp.Rand, exp.Uuid))
    parts = list(node.iter_expressions())
    return any(is_uneven(each, scope) for each in parts) or _combines(node, parts)


def _combines(node: exp.Expr, parts: list[exp.Expr]) -> bool:
    """Whether a function makes one value of several columns in a way that nobody can say."""
    if len(parts) < 2 or isinstance(node, ALIKE) or functions.is_aggregate(node):
        return False
    found = [{(each.table, each.name) for each in _columns(part)} for part in parts]
    return sum(map(bool, found)) > 1 and len(set().union(*found)) > 1


def _columns(node: exp.Expr) -> list[exp.Column]:
    """The columns in an expression, without those that it only asks about."""
    ends = functions.answers
    found = node.walk(prune=lambda inner: isinstance(inner, exp.Query) or ends(inner))
    return [each for each in found if isinstance(each, exp.Column)]


def _is_uneven_product(node: exp.Expr, scope: Scope) -> bool:
    factors = list(_factors(node))
    if any(is_uneven(each, scope) for each in factors):
        return True
    varying = [each for each in factors if each.find(exp.Column) is not None]
    return len(varying) > 1 and any(_tells_rows_apart(each, scope) for each in varying)


def _factors(node: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(node, (exp.Mul, exp.Div)):
        yield from _factors(node.left.unnest())
        yield from _factors(node.right.unnest())
    else:
        yield node


def _is_uneven_power(node: exp.Expr, scope: Scope) -> bool:
    exponent = node.expression.unnest()
    if not isinstance(exponent, exp.Literal) or _number(exponent) > GREATEST_EXPONENT:
        return True
    return is_uneven(node.this, scope)


def _are_uneven_branches(node: exp.Expr, scope: Scope) -> bool:
    """Whether branches weigh so much more than others that both can be read, or rows pick them."""
    pairs = [(each.this, each.args.get("true")) for each in node.args.get("ifs") or [node]]
    rest = node.args.get("default") or node.args.get("false")
    given = [each for each in (*(then for _, then in pairs), rest) if _adds(each)]
    if all(_is_word(each) for each in given):
        return False
    if any(is_uneven(each, scope) for each in given):
        return True
    scales = [_scale(each) for each in given]
    if scales and max(scales) > APART * min(scales):
        return True
    asked = [each for each, _ in pairs]
    asked += [node.this] if isinstance(node, exp.Case) and node.this is not None else []
    valued = [each for each in given if each.find(exp.Column) is not None]
    if len(given) > 1 and len(valued) != 1:
        return any(_picks_rows(each, scope) for each in asked)
    return any(_tells_rows_apart(each, scope) for each in valued) and any(
        each.find(exp.Column) for each in asked
    )


def _adds(node: exp.Expr | None) -> bool:
    """Whether a branch gives more than nothing."""
    if node is None or isinstance(node, exp.Null):
        return False
    bare = node.unnest()
    return not (isinstance(bare, exp.Literal) and _number(bare) == 0)


def _is_word(node: exp.Expr) -> bool:
    """Whether a branch gives a text that is no number."""
    return (
        isinstance(node, exp.Literal)
        and node.is_string
        and not node.name.strip("+-. ")[:1].isdigit()
    )


def _scale(node: exp.Expr) -> float:
    """How much constants weigh in a branch."""
    bare = node.unnest()
    if isinstance(bare, exp.Literal):
        return 1.0 if bare.is_string else abs(_number(bare)) or 1.0
    if isinstance(bare, exp.Cast) and isinstance(bare.this, exp.Literal):
        return abs(_number(bare.this)) or 1.0
    if isinstance(bare, (exp.Cast, exp.TryCast, exp.Neg)):
        return _scale(bare.this)
    if isinstance(bare, exp.Mul):
        return _scale(bare.left) * _scale(bare.right)
    if isinstance(bare, exp.Div):
        return _scale(bare.left) / _scale(bare.right)
    return 1.0


def _number(node: exp.Expr) -> float:
    try:
        return float(node.name)
    except ValueError:
        return 1.0


def _tells_rows_apart(node: exp.Expr, scope: Scope) -> bool:
    """Whether the expression is made of a number that each row has for itself."""
    for each in _columns(node):
        if each.find_ancestor(exp.DateDiff) is None and not isinstance(each.this, exp.Star):
            column = column_of(each, scope)
            if column is not None and (
                NUMBERED in column.marks
                or (is_made_of_nothing(column, scope) and PLAIN not in column.marks)
                or Class.TECHNICAL in classes_of(column.uses, scope.around)
            ):
                return True
            if _is_looked_up_by_place(each, scope):
                return True
    return False


def _is_looked_up_by_place(node: exp.Column, scope: Scope) -> bool:
    """Whether the column's table is joined by the place of a row."""
    if not any(NUMBERED in each.marks for _, table in scope.tables for each in table.columns):
        return False
    alias = owner(node, scope)
    others = (column_at(other, scope) for (mine, _), other in ties(scope) if mine == alias)
    return any(NUMBERED in each.marks for each in others)


def _picks_rows(condition: exp.Expr, scope: Scope) -> bool:
    """Whether a condition asks for the place of a row, or for one row by its key."""
    if any(not _is_over_rows(each) for each in condition.find_all(exp.Window)):
        return True
    asks = condition.find(exp.EQ, exp.NullSafeEQ, exp.In) is not None
    for each in condition.find_all(exp.Column):
        if not isinstance(each.this, exp.Star) and (
            _marked(each, scope, MADE) or (asks and _tells_rows_apart(each, scope))
        ):
            return True
    return False


def _is_over_rows(node: exp.Expr) -> bool:
    """Whether a window gives a figure of several rows and no place of one."""
    inner = node.this
    while isinstance(inner, (exp.IgnoreNulls, exp.RespectNulls, exp.Filter)):
        inner = inner.this
    return functions.is_figure(inner) or isinstance(
        inner, (exp.Count, exp.CountIf, exp.Max, exp.Min)
    )


def is_numbered(node: exp.Expr, scope: Scope) -> bool:
    """Whether the expression is the place of a row."""
    if isinstance(node, exp.Column):
        return not isinstance(node.this, exp.Star) and _marked(node, scope, frozenset({NUMBERED}))
    return isinstance(node, exp.Window) and functions.answers(node.this) and not _is_over_rows(node)


def _is_of_the_row(query: exp.Expr, scope: Scope) -> bool:
    """Whether a subquery is about the row around it."""
    inner = scope.inner()
    scope.evaluate(query, inner)
    return inner.reaches


def _marked(node: exp.Column, scope: Scope, marks: frozenset[str]) -> bool:
    column = column_of(node, scope)
    return column is not None and bool(column.marks & marks)
