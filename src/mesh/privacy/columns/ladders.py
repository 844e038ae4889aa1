"""Values asked so often that the answers are the value: is it more than 1, than 2, than 3.

One answer tells little of a person and a few make bands. Rungs are counted over the whole text of
a query, because its parts can be put together again.
"""

from __future__ import annotations

from sqlglot import exp

from mesh.privacy.classes import HARMLESS
from mesh.privacy.columns.parts import NOTHING, Uses, classes_of, union
from mesh.privacy.columns.scope import Scope

MOST = 20
"""Constants that a column may be held against in one query: ten-year bands from both sides."""

HELD = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.Between, exp.Like)


def laddered(query: exp.Expr) -> frozenset[str]:
    """Names of the columns that a query holds against more constants than may be."""
    rungs: dict[str, set[str]] = {}
    if sum(1 for _ in query.find_all(*HELD)) <= MOST:
        return frozenset()
    for node in query.find_all(*HELD):
        named = {each.name.lower() for each in node.find_all(exp.Column)}
        if len(named) == 1 and node.find(exp.Query) is None:
            rungs.setdefault(named.pop(), set()).add(_text(node))
    return frozenset(name for name, texts in rungs.items() if len(texts) > MOST)


def _text(node: exp.Expr) -> str:
    """A comparison whose direction does not count: what is more than 1 is not at most 1."""
    return " ".join(sorted(each.sql(dialect="trino") for each in node.iter_expressions()))


def told_by_rungs(node: exp.Expr | None, scope: Scope) -> Uses:
    """The personal values that an expression asks as often as this."""
    from mesh.privacy.columns.expression import uses

    names = scope.around.laddered
    if not names or node is None:
        return NOTHING
    found = [
        uses(column, scope)
        for each in node.find_all(*HELD)
        for column in each.find_all(exp.Column)
        if column.name.lower() in names
    ]
    return union([made for made in found if classes_of(made, scope.around) - HARMLESS])
