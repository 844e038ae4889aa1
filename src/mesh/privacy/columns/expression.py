"""What an expression is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from mesh.privacy.classes import GROUPED, PICKED, SUMMED, Change, Class, change
from mesh.privacy.columns import functions
from mesh.privacy.columns.branches import of_case, of_if
from mesh.privacy.columns.copies import copied
from mesh.privacy.columns.generated import tie, told_by_elements, told_by_guesses
from mesh.privacy.columns.guards import (
    counts_people,
    marks_of,
)
from mesh.privacy.columns.keyed import is_whole_key
from mesh.privacy.columns.ladders import place_in, told_since
from mesh.privacy.columns.others import marks_by_others, told_by_others
from mesh.privacy.columns.parts import (
    NOTHING,
    NUMBERED,
    UNEVEN,
    Column,
    Unfollowable,
    Uses,
    changed,
    indirectly,
    kinds_of,
    stepped,
    union,
)
from mesh.privacy.columns.pins import pins_a_person
from mesh.privacy.columns.plain import is_plain
from mesh.privacy.columns.scope import Scope, resolve
from mesh.privacy.columns.weights import is_numbered, is_uneven, told_apart
from mesh.privacy.declassify import PSEUDONYM, recognise

OVER_ALL = change(
    sensitive=Class.NONE, quasi=Class.NONE, sensitive_sum=Class.NONE, quasi_sum=Class.NONE
)
"""What a sum over a whole table leaves."""


COUNTS = (exp.Count, exp.CountIf, exp.ApproxDistinct, exp.RowNumber)
"""What says how many rows there are."""


PLAIN_PARTS = (exp.Column, exp.Literal, exp.Null)
"""What no answer or branch is in."""

OF_ONE_ROW = (exp.Max, exp.Min, exp.AnyValue)
"""Aggregates that are the same however often a row is there."""


def uses(node: exp.Expr | None, scope: Scope) -> Uses:  # noqa: PLR0911
    """What the expression is made of.

    Raises:
        Unfollowable: A name in it stands for nothing that is known.
    """
    if node is None or isinstance(node, (exp.DataType, exp.Null, exp.Boolean, exp.Var)):
        return NOTHING
    if isinstance(node, exp.Column):
        return _column(node, scope)
    if isinstance(node, (exp.Literal, exp.Identifier)):
        return _text(str(node.this), scope)
    found = recognise(
        node,
        lambda masked: is_plain(masked, scope),
        lambda masked: kinds_of(_children(masked, scope), scope.around),
    )
    if found is not None:
        return changed(_children(node, scope), found)
    special = _SPECIAL.get(type(node))
    if special is not None:
        return special(node, scope)
    if isinstance(node, exp.Query):
        return _subquery(node, scope)
    if functions.answers(node):
        return _answer(node, scope)
    if (named := _BY_NAME.get(functions.name_of(node))) is not None:
        return named(node, scope)
    if scope.grouped and functions.is_aggregate(node):
        return _aggregate(node, scope)
    if functions.is_figure(node):
        return _mixed(node, _children(node, scope), scope)
    return _children(node, scope)


def _answer(node: exp.Expr, scope: Scope) -> Uses:
    """What an answer about values gives of them."""
    made = _children(node, scope)
    if scope.around.rungs is not None:
        scope.around.rungs.ask(node, made, scope.around)
    if isinstance(node, COUNTS):
        tie(node, scope)
        return union([indirectly(made), changed(scope.repeated, _figure(node, scope))])
    if not _tells_little(node, scope):
        return made
    told = [uses(part, scope) for each in _asking(node) for part in copied(each, scope)]
    told += [told_by_guesses(node, scope), told_by_others(node, scope)]
    return union([*told, indirectly(made)])


def _asking(node: exp.Expr) -> Iterator[exp.Expr]:
    """The answers and branches in an answer, itself too, without those that a figure counts."""
    yield node
    for part in node.iter_expressions():
        if isinstance(part, PLAIN_PARTS):
            continue
        for each in part.walk(prune=lambda inner: isinstance(inner, (exp.Query, exp.AggFunc))):
            if isinstance(each, (exp.Case, exp.If)) or functions.answers(each):
                yield each


def _mixed(node: exp.Expr, made: Uses, scope: Scope) -> Uses:
    """What a figure leaves of its values: all of them if it can be taken apart again."""
    apart = told_apart(node, scope)
    return changed(made, _figure(node, scope)) if apart is None else union([made, apart])


def _tells_little(node: exp.Expr, scope: Scope) -> bool:
    """Whether an answer is no way to write the value: a length made as long as the value is one."""
    if not functions.measures(node):
        return True
    parts = list(_parts(node))
    if isinstance(node, exp.StrPosition) or functions.name_of(node) in functions.SEARCHES:
        # in a constant text, the place of a letter says which one it is
        needle = node.args.get("substr") or parts[-1]
        haystack = node.this if isinstance(node, exp.StrPosition) else parts[0]
        if needle.find(exp.Column) is not None and haystack.find(exp.Column) is None:
            return False
    return all(is_plain(each, scope, loose=True) for each in parts)


def _parts(node: exp.Expr) -> Iterator[exp.Expr]:
    for value in node.args.values():
        if isinstance(value, exp.Expr):
            yield value
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, exp.Expr):
                    yield each


def _children(node: exp.Expr, scope: Scope) -> Uses:
    return union([uses(part, scope) for part in _parts(node)])


def _text(text: str, scope: Scope) -> Uses:
    values = scope.around.values
    if not values:
        return NOTHING
    return union([made for mark, made in values.items() if mark in text.lower()])


def _column(node: exp.Column, scope: Scope) -> Uses:
    if isinstance(node.this, exp.Star):
        # count(t.*) and the like
        table = next((rel for name, rel in scope.tables if name == node.table.lower()), None)
        return union([column.uses for column in table.columns]) if table else NOTHING
    names = [part.name.lower() for part in node.parts]
    made = resolve(names, scope, scope).uses
    if scope.grouped:
        made = changed(made, GROUPED)
    return union([made, _text(names[-1], scope)]) if scope.around.values else made


def _subquery(node: exp.Expr, scope: Scope) -> Uses:
    relation = scope.evaluate(node, scope.inner())
    first = union([column.uses for column in relation.columns])
    return union([first, indirectly(relation.rows)])


def _wrapped(node: exp.Expr, scope: Scope) -> Uses:
    inner = node.this
    if isinstance(inner, exp.Query):
        return _subquery(inner, scope)
    return uses(inner, scope)


def _ranked(node: exp.Expr, scope: Scope) -> Uses:
    """max_by(x, y) and min_by(x, y): y decides, x is given."""
    grouped, scope.grouped = scope.grouped, False
    try:
        rest = [uses(part, scope) for part in _parts(node) if part is not node.this]
        return union([uses(node.this, scope), *(indirectly(each) for each in rest)])
    finally:
        scope.grouped = grouped


def _nullif(node: exp.Expr, scope: Scope) -> Uses:
    return union([uses(node.this, scope), indirectly(uses(node.expression, scope))])


def _window(node: exp.Expr, scope: Scope) -> Uses:
    parts = [indirectly(uses(each, scope)) for each in node.args.get("partition_by") or []]
    inner = node.this
    while isinstance(inner, (exp.IgnoreNulls, exp.RespectNulls, exp.Filter)):
        if isinstance(inner, exp.Filter):
            parts.append(indirectly(uses(inner.expression, scope)))
        inner = inner.this
    # A running sum shows its summands, so nothing is taken off it here.
    made = _children(inner, scope)
    if functions.answers(inner):
        made = indirectly(made)
    elif functions.is_figure(inner):
        made = union([made, told_apart(inner, scope) or NOTHING])
    return union([made, *parts])


def _aggregate(node: exp.Expr, scope: Scope) -> Uses:
    counting, scope.counting = scope.counting, functions.is_figure(node)
    scope.grouped = False
    try:
        made = _children(node, scope)
        if not isinstance(node, OF_ONE_ROW):
            made = union([made, scope.repeated])
        if functions.is_figure(node):
            return _mixed(node, made, scope)
    finally:
        scope.grouped, scope.counting = True, counting
    return changed(made, PICKED)


def _figure(node: exp.Expr, scope: Scope) -> Change:
    """What a sum makes of classes: one that looks for a person or at one row is not over all."""
    if scope.figures is not OVER_ALL:
        return scope.figures
    grouped, scope.grouped = scope.grouped, False
    try:
        return SUMMED if scope.reaches or pins_a_person(node, scope) else OVER_ALL
    finally:
        scope.grouped = grouped


def _filter(node: exp.Expr, scope: Scope) -> Uses:
    grouped, scope.grouped = scope.grouped, False
    condition = indirectly(uses(node.expression, scope))
    tie(node.expression, scope)
    pinned = pins_a_person(node.expression, scope)
    scope.grouped = grouped
    figures, scope.figures = scope.figures, SUMMED if pinned else scope.figures
    try:
        return union([uses(node.this, scope), condition])
    finally:
        scope.figures = figures


def _where(node: exp.Expr, scope: Scope) -> Uses:
    return uses(node.this, scope)


def _lambda(node: exp.Expr, scope: Scope) -> Uses:
    before = scope.parameters
    scope.parameters = (*before, *(each.name.lower() for each in node.expressions))
    try:
        return union([uses(node.this, scope), told_by_elements(node.this, scope)])
    finally:
        scope.parameters = before


def _dot(node: exp.Expr, scope: Scope) -> Uses:
    if isinstance(node.expression, (exp.Anonymous, exp.Func)):
        return union([uses(part, scope) for part in _parts(node.expression)])
    return uses(node.this, scope)


def _failing(node: exp.Expr, scope: Scope) -> Uses:
    """An error raised on purpose: its words are shown, and no value comes of it."""
    scope.around.shown.append(union([_children(node, scope), _elements(node, scope)]))
    return NOTHING


def _elements(node: exp.Expr, scope: Scope) -> Uses:
    """What the parameters of lambdas in an expression stand for: the arrays beside these."""
    names = {each.name.lower() for each in node.find_all(exp.Identifier)}
    found, inside = [], node.find_ancestor(exp.Lambda)
    while inside is not None:
        if inside.parent and any(each.name.lower() in names for each in inside.expressions):
            beside = inside.parent.iter_expressions()
            found += [uses(each, scope) for each in beside if not isinstance(each, exp.Lambda)]
        inside = inside.find_ancestor(exp.Lambda)
    return union(found)


def _keyed(node: exp.Expr, scope: Scope) -> Uses:
    """A keyed hash: a pseudonym when its key comes from a table of keys, else just an encoding."""
    if len(node.expressions) != 2:
        return _children(node, scope)
    value, key = (uses(each, scope) for each in node.expressions)
    sources = [use.ref for use in key if use.direct]
    trusted = bool(sources) and all(scope.around.trusted_key(ref) for ref in sources)
    if trusted and is_whole_key(node.expressions[1], scope):
        return union([changed(value, PSEUDONYM), indirectly(key)])
    return union([value, key])


def _unfollowable(node: exp.Expr, scope: Scope) -> Uses:
    raise Unfollowable(f"nobody can say what {node.sql(dialect='trino')[:80]} gives")


_SPECIAL: dict[type[exp.Expr], Callable[[exp.Expr, Scope], Uses]] = {
    exp.Subquery: _wrapped,
    exp.Paren: _wrapped,
    exp.If: of_if,
    exp.Case: of_case,
    exp.Nullif: _nullif,
    exp.ArgMax: _ranked,
    exp.ArgMin: _ranked,
    exp.Window: _window,
    exp.Filter: _filter,
    exp.Where: _where,
    exp.Lambda: _lambda,
    exp.Dot: _dot,
    exp.Command: _unfollowable,
}

_BY_NAME: dict[str, Callable[[exp.Expr, Scope], Uses]] = {
    "fail": _failing,
    **dict.fromkeys(("hmac_md5", "hmac_sha1", "hmac_sha256", "hmac_sha512"), _keyed),
}
"""The same, for functions that the parser has no class of its own for."""


def made_by(name: str, node: exp.Expr, scope: Scope) -> Column:
    """The column that an expression gives, under a name."""
    place, scope.guesses = place_in(scope.around), False
    made = union([uses(node, scope), told_since(place, scope.around)])
    if scope.guesses:
        tie(node, scope)
    if scope.around.trace and not isinstance(node, exp.Column):
        made = stepped(made, name, node.sql(dialect="trino", comments=False))
    people = counts_people(node, scope)
    marks = marks_of(node, people, scope)
    if scope.uneven or is_uneven(node, scope):
        marks |= {UNEVEN}
    if is_numbered(node, scope):
        marks |= {NUMBERED}
    if not isinstance(node, exp.Column):  # one of another table keeps its marks
        marks |= marks_by_others(node, scope)
    return Column(name, made, people is not None, marks)
