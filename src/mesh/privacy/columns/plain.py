"""Expressions that give a column as it came: what masks and lengths may be trusted with."""

from __future__ import annotations

from sqlglot import exp

from mesh.privacy.columns.parts import PLAIN, Unfollowable
from mesh.privacy.columns.scope import Scope, resolve

SAME_VALUE: tuple[type[exp.Expr], ...] = (
    exp.Paren,
    exp.Alias,
    exp.Cast,
    exp.TryCast,
    exp.Try,
    exp.Trim,
    exp.Lower,
    exp.Upper,
    exp.Nullif,
    exp.FromISO8601Timestamp,
    exp.FromISO8601Date,
    exp.StrToTime,
    exp.AtTimeZone,
    exp.TimestampTrunc,
    exp.DateTrunc,
    exp.Max,
    exp.Min,
    exp.AnyValue,
    exp.Date,
)
"""Spellings and coarser forms of the first operand, whose others are constants."""

LOOSE: tuple[type[exp.Expr], ...] = (
    *SAME_VALUE,
    exp.Split,
    exp.RegexpReplace,
    exp.Replace,
    exp.RegexpExtractAll,
    exp.ParseJSON,
    exp.JSONExtract,
)
"""Besides, what may be counted or measured: no longer than the value itself."""

NAMES = frozenset(
    {"from_iso8601_timestamp", "from_iso8601_date", "from_iso8601_timestamp_nanos", "date_parse",
     "with_timezone", "from_unixtime"}
)  # fmt: skip


def is_plain(node: exp.Expr | None, scope: Scope, *, loose: bool = False) -> bool:  # noqa: PLR0911
    """Whether the expression gives a column of a source, or one of several, or a constant.

    ``loose`` is for what is only measured, so that parts of a value do as well.
    """
    if node is None or isinstance(node, (exp.Literal, exp.Null, exp.Boolean, exp.CurrentDate)):
        return True
    if isinstance(node, exp.Column):
        return _column(node, scope)
    if isinstance(node, exp.Coalesce):
        return all(is_plain(each, scope, loose=loose) for each in (node.this, *node.expressions))
    if isinstance(node, exp.If):
        return is_plain(node.args.get("true"), scope, loose=loose) and is_plain(
            node.args.get("false"), scope, loose=loose
        )
    if isinstance(node, exp.Case):
        values = [each.args.get("true") for each in node.args.get("ifs") or []]
        return all(
            is_plain(each, scope, loose=loose) for each in (*values, node.args.get("default"))
        )
    if loose and isinstance(node, (exp.Concat, exp.DPipe)):
        return all(is_plain(each, scope, loose=True) for each in node.iter_expressions())
    if isinstance(node, exp.Substring) and _begins(node):
        return is_plain(node.this, scope)
    if isinstance(node, LOOSE if loose else SAME_VALUE):
        if (not loose and _cuts(node)) or (isinstance(node, exp.Trim) and node.expression):
            return False
        return is_plain(node.this, scope, loose=loose) and _constant_besides(node, node.this)
    if isinstance(node, exp.Anonymous) and node.name.lower() in NAMES and node.expressions:
        return is_plain(node.expressions[0], scope, loose=loose)
    return node.find(exp.Column, exp.Query) is None


def _begins(node: exp.Substring) -> bool:
    """Whether it is the day at the beginning of a time that is written out."""
    start, length = node.args.get("start"), node.args.get("length")
    return start == exp.Literal.number(1) and length == exp.Literal.number(10)


def _cuts(node: exp.Expr) -> bool:
    """Whether a cast leaves only the beginning of a text: one as varchar(3) does."""
    return isinstance(node, (exp.Cast, exp.TryCast)) and (
        node.to.this in exp.DataType.TEXT_TYPES and bool(node.to.expressions)
    )


def _constant_besides(node: exp.Expr, first: exp.Expr) -> bool:
    return all(each is first or each.find(exp.Column) is None for each in node.iter_expressions())


def _column(node: exp.Column, scope: Scope) -> bool:
    names = [part.name.lower() for part in node.parts]
    if isinstance(node.this, exp.Star):
        return False
    try:
        found = resolve(names, scope, scope)
    except Unfollowable:
        return False
    return PLAIN in found.marks or not any(use.direct for use in found.uses)
