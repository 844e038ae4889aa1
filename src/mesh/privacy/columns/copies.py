"""Comparisons that write a value down again: a CASE from words to words, x = 'word' as a value."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from mesh.privacy.classes import Class
from mesh.privacy.columns.parts import classes_of
from mesh.privacy.columns.scope import Scope

SECRET = frozenset({Class.SENSITIVE})
COPIED = frozenset({Class.DIRECT, Class.QUASI, Class.SENSITIVE, Class.FREE_TEXT})


def words_of(node: exp.Expr) -> Iterator[exp.Expr]:
    """What a CASE or IF holds against words where it gives others, once for every branch."""
    if isinstance(node, exp.Case):
        for branch in node.args.get("ifs") or []:
            if _is_word(branch.args.get("true")):
                yield from _compared(branch.this, node.this)
    elif isinstance(node, exp.If) and _is_word(node.args.get("true")):
        yield from _compared(node.this, None)
        rest = node.args.get("false")
        if isinstance(rest, (exp.If, exp.Case)):
            yield from words_of(rest)


def _compared(condition: exp.Expr, operand: exp.Expr | None) -> Iterator[exp.Expr]:
    condition = condition.unnest()
    if operand is not None:
        if _is_word(condition):
            yield operand
    elif (found := told_by(condition)) is not None:
        yield found


def told_by(node: exp.Expr) -> exp.Expr | None:
    """What an expression says to be one word or not."""
    if isinstance(node, (exp.EQ, exp.NEQ, exp.NullSafeEQ)):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if _is_word(other) and one.find(exp.Column) is not None:
                return one
    if isinstance(node, exp.In) and len(node.expressions) == 1 and _is_word(node.expressions[0]):
        asked: exp.Expr = node.this
        return asked
    return None


def _is_word(node: exp.Expr | None) -> bool:
    return isinstance(node, exp.Literal) or (
        isinstance(node, (exp.Boolean, exp.Neg, exp.Cast, exp.Paren))
        and node.find(exp.Column) is None
    )


def copied(node: exp.Expr, scope: Scope) -> list[exp.Expr]:
    """The parts of which the expression gives the value, though it only compares them."""
    from mesh.privacy.columns.expression import uses

    if scope.counting:
        return []
    if not isinstance(node, (exp.Case, exp.If)):
        told = told_by(node)
        least, parts = 1, [told] if told is not None else []
    else:
        least, parts = 2, list(words_of(node))
    named: dict[str, list[exp.Expr]] = {}
    for part in parts:
        named.setdefault(part.sql(), []).append(part)
    found = []
    for part, *more in named.values():
        wanted = COPIED if least > 1 and more else SECRET
        if classes_of(uses(part, scope), scope.around) & wanted:
            found.append(part)
    return found
