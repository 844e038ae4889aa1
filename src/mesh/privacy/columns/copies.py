"""Comparisons that write a value down again: a CASE from words to words, x = 'word' as a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

from mesh.privacy.classes import Class
from mesh.privacy.columns import functions
from mesh.privacy.columns.functions import ORDERED
from mesh.privacy.columns.parts import classes_of
from mesh.privacy.columns.scope import Scope

SEARCHING = (
    exp.Like,
    exp.ILike,
    exp.RegexpLike,
    exp.StartsWith,
    exp.EndsWith,
    exp.StrPosition,
    exp.RegexpCount,
    exp.RegexpExtract,
    exp.Levenshtein,
    exp.Split,
)
WORDY = (*SEARCHING, exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.In, exp.Between)
CLASSES = re.compile(r"\[[^\]]*\]|\\.|\{[^}]*\}|\(\?[^:)]*[:)]")
"""What a regular expression says of letters without naming one."""

SECRET = frozenset({Class.SENSITIVE})
COPIED = frozenset({Class.DIRECT, Class.QUASI, Class.SENSITIVE, Class.FREE_TEXT})


@dataclass(frozen=True)
class Told:
    """What an expression says to be one word or not.

    Args:
        of: What is held against the word.
        exact: Whether it is the word, and not one of several or one that holds it.
    """

    of: exp.Expr
    exact: bool = True


def words_of(node: exp.Expr) -> Iterator[Told]:
    """What a CASE or IF holds against words where it gives others, once for every branch."""
    if isinstance(node, exp.Case):
        for branch in node.args.get("ifs") or []:
            if _is_word(branch.args.get("true")):
                yield from _compared(branch.this, node.this)
    elif isinstance(node, exp.If) and _is_word(node.args.get("true")):
        found = _compared(node.this, None)
        yield from (each for each in found if each.exact or not _is_left_at_nothing(node))
        rest = node.args.get("false")
        if isinstance(rest, (exp.If, exp.Case)):
            yield from words_of(rest)


def _is_left_at_nothing(node: exp.If) -> bool:
    """Whether a number is counted as nothing where a condition holds, and as it is elsewhere."""
    rest = node.args.get("false")
    return node.args["true"] == exp.Literal.number(0) and rest is not None and not _is_word(rest)


def _compared(condition: exp.Expr, operand: exp.Expr | None) -> Iterator[Told]:
    condition = condition.unnest()
    if operand is not None:
        if _is_word(condition):
            yield Told(operand)
    elif isinstance(condition, (exp.And, exp.Or, exp.Not)):
        for each in condition.iter_expressions():
            yield from (replace(told, exact=False) for told in _compared(each, None))
    elif (found := told_by(condition)) is not None:
        yield found


def told_by(node: exp.Expr) -> Told | None:
    """What an expression says to be one word or not."""
    if isinstance(node, (exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ)):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if _is_word(other) and one.find(exp.Column) is not None:
                searched = _searched(one.unnest())
                return Told(one) if searched is None else searched
    if isinstance(node, ORDERED):
        sides = (_searched(each.unnest()) for each in (node.left, node.right))
        return next((each for each in sides if each is not None), None)
    if isinstance(node, exp.Is):
        inner = node.this.unnest()
        return Told(inner.this) if isinstance(inner, exp.Nullif) else _searched(inner)
    return _in_words(node) or _searched(node)


def _in_words(node: exp.Expr) -> Told | None:
    """What is held against a list or array of words, or a range of one."""
    if isinstance(node, exp.In):
        words, asked = node.expressions, node.this
    elif isinstance(node, exp.Between):
        same = node.args["low"] == node.args["high"]
        words, asked = [node.args["low"]] if same else [], node.this
    elif isinstance(node, exp.ArrayContains):
        words, asked = node.this.expressions, node.expression
    elif functions.name_of(node) in functions.OF_ELEMENTS and len(node.expressions) > 1:
        array, asking = node.expressions[:2]
        if array.find(exp.Column, exp.Query) is None:
            return Told(asking, exact=False)
        return Told(array, exact=False) if asking.find(*WORDY) is not None else None
    elif functions.name_of(node) in functions.OF_ARRAYS and len(node.expressions) > 1:
        first, second = node.expressions[:2]
        if second.find(exp.Column) is not None:
            first, second = second, first
        words, asked = second.expressions, first
    else:
        return None
    if not words or not all(_is_word(each) for each in words) or asked.find(exp.Column) is None:
        return None
    return Told(asked, exact=len(words) == 1)


def _searched(node: exp.Expr) -> Told | None:
    """What is searched for a word: signs between words and classes of letters are none."""
    if isinstance(node, exp.ArraySize) and isinstance(node.this, exp.Split):
        node = node.this
    if isinstance(node, exp.Escape):
        node = node.this
    if isinstance(node, SEARCHING):
        asked, pattern = node.this, node.args.get("substr") or node.args.get("expression")
    elif functions.name_of(node) in functions.SEARCHING_NAMES and len(node.expressions) > 1:
        asked, pattern = node.expressions[:2]
    else:
        return None
    if not isinstance(pattern, exp.Literal) or asked.find(exp.Column) is None:
        return None
    text = CLASSES.sub("", pattern.name) if "regexp" in node.key + node.name else pattern.name
    if not any(each.isalnum() for each in text):
        return None
    return Told(asked, exact=isinstance(node, exp.Like) and not set(text) & {"%", "_"})


def _is_word(node: exp.Expr | None) -> bool:
    """Whether it is made of literals alone, as ``upper('hiv')``; NULL is no word."""
    return node is not None and node.find(exp.Column, exp.Query, exp.Null) is None


def copied(node: exp.Expr, scope: Scope) -> list[exp.Expr]:
    """The parts of which the expression gives the value, though it only compares them."""
    from mesh.privacy.columns.expression import uses

    if scope.counting:
        return []
    branches = isinstance(node, (exp.Case, exp.If))
    named: dict[str, list[Told]] = {}
    for told in words_of(node) if branches else filter(None, [told_by(node)]):
        named.setdefault(told.of.sql(), []).append(told)
    found = []
    for parts in named.values():
        again = branches and sum(each.exact for each in parts) > 1
        if classes_of(uses(parts[0].of, scope), scope.around) & (COPIED if again else SECRET):
            found.append(parts[0].of)
    return found
