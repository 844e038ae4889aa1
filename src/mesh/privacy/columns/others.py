"""Rows picked by how they stand to others of their table: the last, the one that none is beyond.

``created_at >= (select max(created_at) …)``, a join to later rows that finds none, a value that
nobody else has: each leaves the rows of a few people, whatever table it is asked of.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from mesh.privacy.classes import HARMLESS, Class
from mesh.privacy.columns import functions
from mesh.privacy.columns.functions import EQUAL, RANGED
from mesh.privacy.columns.generated import found_in
from mesh.privacy.columns.parts import (
    EXTREME,
    NOTHING,
    PERSON,
    SCARCE,
    Column,
    ColumnRef,
    Unfollowable,
    Uses,
    classes_of,
    kinds_of,
    union,
)
from mesh.privacy.columns.scope import Scope, column_of

EXTREMES = (exp.Max, exp.Min, exp.ArgMax, exp.ArgMin)
NEIGHBOURS = (*EXTREMES, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue)
RUNNING = (exp.Count, exp.Sum)
"""What is a place among all rows where it is over those before."""

LONG_UNITS = frozenset({"WEEK", "MONTH", "QUARTER", "YEAR"})
FEW_DAYS = 7
"""Days before the last that are no time of one person only."""

OF_MANY = frozenset({"name"})
"""Identifiers that several people can have, so that having it alone picks one."""


def marks_by_others(node: exp.Expr, scope: Scope) -> frozenset[str]:
    """What is known of a column that the expression makes of several rows."""
    found = {EXTREME} if is_extreme(node, scope) else set()
    return frozenset(found | ({SCARCE} if is_scarce(node, scope) else set()))


def is_extreme(node: exp.Expr, scope: Scope) -> bool:
    """Whether it is the greatest or least value of a table, or that of the row beside."""
    if isinstance(node, exp.Column):
        column = _resolved(node, scope)
        return column is not None and EXTREME in column.marks
    if isinstance(node, exp.Query):
        columns = scope.evaluate(node, scope.inner()).columns
        return any(EXTREME in each.marks for each in columns)
    if isinstance(node, exp.Window):
        running = RUNNING if node.args.get("order") is not None else ()
        return not _is_parted(node) and isinstance(_aggregate(node), (*NEIGHBOURS, *running))
    if isinstance(node, EXTREMES):
        return not scope.keys
    if _is_long_before(node) or isinstance(node, (exp.AggFunc, exp.Case, exp.If)):
        return False
    return any(is_extreme(each, scope) for each in node.iter_expressions())


def is_scarce(node: exp.Expr, scope: Scope) -> bool:
    """Whether it is the number of rows that share a value by which people are known."""
    if isinstance(node, exp.Column):
        column = _resolved(node, scope)
        return column is not None and SCARCE in column.marks
    if isinstance(node, (exp.Paren, exp.Cast)):
        return is_scarce(node.this, scope)
    if isinstance(node, exp.Window):
        parts = node.args.get("partition_by") or []
        return isinstance(_aggregate(node), exp.Count) and _tell_apart(parts, scope)
    return isinstance(node, exp.Count) and _tell_apart(scope.keys or [], scope)


def asks_for_few(condition: exp.Expr, scope: Scope) -> bool:
    """Whether it asks for a number of rows below that of people who may be shown."""
    for node in condition.walk(prune=lambda inner: isinstance(inner, exp.Query)):
        if isinstance(node, (*EQUAL, exp.LT, exp.LTE)) and _is_few(node.right, scope):
            counted = node.left
        elif isinstance(node, (*EQUAL, exp.GT, exp.GTE)) and _is_few(node.left, scope):
            counted = node.right
        else:
            continue
        if is_scarce(counted, scope):
            return True
    return False


def asks_for_an_extreme(node: exp.Expr, scope: Scope) -> bool:
    """Whether it holds a value against the greatest or least of its table, or all of them."""
    sides = list(node.iter_expressions())
    if isinstance(node, exp.Is):
        return is_extreme(node.this, scope)
    if not isinstance(node, (*RANGED, *EQUAL)) or len(sides) < 2:
        return False
    every = [side.this.unnest() for side in sides if isinstance(side, (exp.All, exp.Any))]
    if every and isinstance(node, RANGED):
        extremes = every
    else:
        extremes = [side for side in sides if not every and is_extreme(side, scope)]
    others = [each for each in sides if each not in extremes and each.find(exp.Column) is not None]
    if not extremes or not others:
        return bool(extremes) and not every
    asked = union(
        [known_uses(each, scope) for each in others if not isinstance(each, (exp.All, exp.Any))]
    )
    told = bool(classes_of(asked, scope.around) - {Class.NONE})
    held = union([known_uses(each, scope) for each in extremes])
    return told and bool(_nodes(asked, scope) & _nodes(held, scope))


def told_by_others(node: exp.Expr, scope: Scope) -> Uses:
    """The personal values that rows are ordered by, one beside the other."""
    if scope.counting or not isinstance(node, RANGED):
        return NOTHING
    found = _against_others(node, scope, ())
    return union([made for made in found if classes_of(made, scope.around) - HARMLESS])


def asks_of_others(nodes: list[exp.Expr], scope: Scope) -> bool:
    """Whether conditions hold a value against the same one of other rows, of any person."""
    ordered = [each for each in nodes if isinstance(each, RANGED)]
    return any(
        bool(classes_of(made, scope.around) - {Class.NONE})
        for each in ordered
        for made in _against_others(each, scope, nodes)
    )


def _against_others(
    node: exp.Expr, scope: Scope, beside: list[exp.Expr] | tuple[()]
) -> Iterator[Uses]:
    first, *rest = [list(_columns(side)) for side in node.iter_expressions()]
    for one in first:
        for other in (each for columns in rest for each in columns):
            places = _place(one, scope), _place(other, scope)
            if None in places or places[0] == places[1]:
                continue
            made = known_uses(one, scope)
            if _refs(made) & _refs(known_uses(other, scope)) and not _are_tied(
                places, scope, beside
            ):
                yield made


def _are_tied(
    places: tuple[object, object], scope: Scope, beside: list[exp.Expr] | tuple[()]
) -> bool:
    """Whether rows of both are of one person, order or batch: of what is not shared by many."""
    conditions = [each for current in scope.chain() for each in current.conditions]
    found = (node for each in conditions for node in each.find_all(*EQUAL))
    for node in (*found, *(each for each in beside if isinstance(each, EQUAL))):
        one, other = node.left.unnest(), node.right.unnest()
        if isinstance(one, exp.Column) and isinstance(other, exp.Column):
            meant = {_place(one, scope), _place(other, scope)}
            if meant == set(places) and _tells(one, scope):
                return True
    return any(
        classes_of(each.uses, scope.around) - {Class.NONE}
        for current in scope.chain()
        for each in current.shared.values()
    )


def _tells(node: exp.Column, scope: Scope) -> bool:
    column = _resolved(node, scope)
    if column is None:
        return False
    return PERSON in column.marks or bool(classes_of(column.uses, scope.around) - {Class.NONE})


def _tell_apart(keys: list[exp.Expr], scope: Scope) -> bool:
    """Whether groups are formed by what people are known by, and not by who they are."""
    found = [known_uses(each, scope) for each in keys]
    named = [_is_known_by(made, scope) for made in found]
    ids = [Class.DIRECT in classes_of(made, scope.around) for made in found]
    return any(named) and all(name or not key for name, key in zip(named, ids, strict=True))


def _is_known_by(made: Uses, scope: Scope) -> bool:
    classes = classes_of(made, scope.around)
    named = Class.DIRECT in classes and bool(kinds_of(made, scope.around) & OF_MANY)
    return named or bool(classes & {Class.QUASI, Class.QUASI_KEY})


def _is_few(node: exp.Expr, scope: Scope) -> bool:
    bare = node.unnest()
    return isinstance(bare, exp.Literal) and bare.is_int and int(bare.this) < scope.around.smallest


def _is_long_before(node: exp.Expr) -> bool:
    """Whether it is a time some while away, or the beginning of a long one."""
    if isinstance(node, (exp.TimestampTrunc, exp.DateTrunc)):
        return _unit(node) in LONG_UNITS
    if isinstance(node, (exp.DateAdd, exp.DateSub)):
        return _is_long(node.expression, _unit(node))
    if isinstance(node, (exp.Add, exp.Sub)):
        interval = node.right
        return isinstance(interval, exp.Interval) and _is_long(interval.this, _unit(interval))
    return False


def _is_long(number: exp.Expr, unit: str) -> bool:
    bare = number.unnest()
    bare = bare.this if isinstance(bare, exp.Neg) else bare
    if not isinstance(bare, exp.Literal) or not str(bare.this).isdigit():
        return False
    count = int(bare.this)
    return count > 0 if unit in LONG_UNITS else unit == "DAY" and count >= FEW_DAYS


def _unit(node: exp.Expr) -> str:
    unit = node.args.get("unit")
    return str(unit.name).upper() if isinstance(unit, exp.Expr) else ""


def _aggregate(node: exp.Window) -> exp.Expr:
    inner: exp.Expr = node.this
    while isinstance(inner, (exp.IgnoreNulls, exp.RespectNulls, exp.Filter)):
        inner = inner.this
    return inner


def _is_parted(node: exp.Window) -> bool:
    return any(each.find(exp.Column) for each in node.args.get("partition_by") or [])


def _columns(node: exp.Expr) -> Iterator[exp.Column]:
    for each in node.walk(prune=lambda n: isinstance(n, exp.Query) or functions.measures(n)):
        if isinstance(each, exp.Column) and not isinstance(each.this, exp.Star):
            yield each


def _place(node: exp.Column, scope: Scope) -> tuple[int, str] | None:
    """The query and alias of the table that a column is of."""
    found = found_in(node, scope)
    return (id(found[0]), found[1]) if found is not None else None


def _refs(made: Uses) -> set[ColumnRef]:
    return {use.ref for use in made if use.direct}


def _nodes(made: Uses, scope: Scope) -> set[str]:
    """The tables that values are of, with the sources these come from."""
    refs = _refs(made)
    origins = {each.node for ref in refs for each in scope.around.origins(ref)}
    return origins | {ref.node for ref in refs}


def _resolved(node: exp.Column, scope: Scope) -> Column | None:
    return None if isinstance(node.this, exp.Star) else column_of(node, scope)


def known_uses(node: exp.Expr | None, scope: Scope) -> Uses:
    """What an expression is made of; nothing where it cannot be followed, as is told elsewhere."""
    from mesh.privacy.columns.expression import uses

    try:
        return uses(node, scope)
    except Unfollowable:
        return NOTHING
