"""Values asked so often that the answers are the value: is it more than 1, than 2, than 3.

One answer tells little of a person and a few make bands. Rungs are counted over a whole query and
for the column of a source that they reach, because parts of a query can be put together again and
a column can go by several names.
"""

from __future__ import annotations

from sqlglot import exp

from mesh.privacy.classes import ANYWHERE
from mesh.privacy.columns import functions
from mesh.privacy.columns.parts import (
    ColumnRef,
    Surroundings,
    Uses,
    classes_of,
    union,
)

MOST = 20
"""Constants that a column may be held against in one query: ten-year bands from both sides."""

OF_A_PLACE = 4
"""How many rungs an answer is that can be one of many: a place, or how often something is there."""

HELD = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ)
SIDELESS = (exp.Paren, exp.Cast, exp.TryCast, exp.Neg)


class Rungs:
    """What a query asks of the columns of sources.

    Args:
        laddered: The columns that are asked so often that the answers are the value. While there
            are none, questions are counted; then what they tell is kept in ``told``.
    """

    def __init__(self, laddered: frozenset[ColumnRef] = frozenset()) -> None:
        self.laddered = laddered
        self.told: list[Uses] = []
        self._texts: dict[ColumnRef, dict[str, int]] = {}

    def ask(self, node: exp.Expr, made: Uses, around: Surroundings) -> None:
        """Note an answer, and what it is made of."""
        if not any(use.direct for use in made):
            return
        asked = {
            use: step
            for use, step in made.items()
            if use.direct and classes_of({use: step}, around) - ANYWHERE
        }
        origins = {each for use in asked for each in around.origins(use.ref)}
        if self.laddered:
            if origins & self.laddered:
                self.told.append(asked)
        elif origins:
            asked_by = _compared_by(node)
            text, weight = _text(asked_by or node), 1 if asked_by else _weight(node)
            for each in origins:
                self._texts.setdefault(each, {})[text] = weight

    def found(self) -> frozenset[ColumnRef]:
        """The columns that are asked more often than may be."""
        return frozenset(ref for ref, texts in self._texts.items() if sum(texts.values()) > MOST)


def rungs_of(query: exp.Expr) -> Rungs | None:
    """What to count the questions of a query in; none where there are few, whatever they ask."""
    weight = 0
    for node in query.walk():
        if functions.answers(node):
            weight += OF_A_PLACE if functions.measures(node) else 1
            if weight > MOST:
                return Rungs()
    return None


def told_since(place: int, around: Surroundings) -> Uses:
    """What the answers since a place in ``told`` tell."""
    return union(around.rungs.told[place:]) if around.rungs is not None else {}


def place_in(around: Surroundings) -> int:
    """How many answers were found to tell something so far."""
    return len(around.rungs.told) if around.rungs is not None else 0


def _text(node: exp.Expr) -> str:
    """A question without the names of columns in it.

    The direction of a comparison does not count: what is more than 1 is not at most 1.
    """
    bare = node.copy()
    for column in list(bare.find_all(exp.Column)):
        if column is not bare:
            column.replace(exp.Placeholder())
    if isinstance(bare, HELD):
        return " ".join(sorted(each.sql(dialect="trino") for each in bare.iter_expressions()))
    return bare.sql(dialect="trino")


def _compared_by(node: exp.Expr) -> exp.Expr | None:
    """The comparison that an answer stands in; one place can be held against many numbers."""
    above = node.parent
    while isinstance(above, SIDELESS):
        above = above.parent
    return above if isinstance(above, (*HELD, exp.Between, exp.In)) else None


def _weight(node: exp.Expr) -> int:
    """How many rungs an answer is: a place tells more than whether there is one."""
    above = node.parent
    while isinstance(above, SIDELESS):
        above = above.parent
    bit = above is not None and functions.answers(above) and not isinstance(above, exp.AggFunc)
    searches = node.find(exp.Literal) is not None and functions.measures(node)
    return OF_A_PLACE if searches and not bit else 1
