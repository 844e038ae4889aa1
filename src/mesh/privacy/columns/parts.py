"""What the walk over a query hands around: tables, their columns, and what those are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sqlglot import exp

from mesh.privacy.classes import SAME, Change, Class, after

if TYPE_CHECKING:
    from mesh.privacy.columns.ladders import Rungs


class ColumnRef(NamedTuple):
    """A column of a node of the manifest, by the node's unique id; names are lower case."""

    node: str
    column: str


class Use(NamedTuple):
    """One way in which a column goes into another.

    ``direct`` is false where it only decides which rows or which of other values are there: in a
    join, filter, grouping, ordering or comparison. ``change`` is what becomes of its class.
    """

    ref: ColumnRef
    direct: bool
    change: Change


class Step(NamedTuple):
    """One step inside a query: the column of a subquery, and the expression that makes it."""

    name: str
    text: str
    before: Step | None


Uses = Mapping[Use, Step | None]
"""What a column is made of; each with the steps inside the query, the last one first."""

NOTHING: Uses = {}


@dataclass(frozen=True)
class Column:
    """A column of a table or subquery.

    Args:
        name: Lower case.
        uses: What it is made of.
        people: Whether it counts distinct people.
        marks: What else is known of it: ``PERSON``, ``PLAIN``, ``KEY``, ``GENERATED``,
            ``RANKED``, ``NUMBERED``, ``UNEVEN``, ``EXTREME``, ``SCARCE``, the conditions that
            narrow a figure (``ONLY`` and its text) and those that narrow a count of people (``OF``
            and its text).
    """

    name: str
    uses: Uses
    people: bool = False
    marks: frozenset[str] = frozenset()

    def told(self, prefix: str) -> frozenset[str]:
        """The texts of the marks that begin so."""
        return frozenset(m.removeprefix(prefix) for m in self.marks if m.startswith(prefix))


PERSON = "person"
"""Mark of a column whose distinct values are distinct people."""

PLAIN = "plain"
"""Mark of a column that is one of a source, in another type at most."""

KEY = "key"
"""Mark of a column that is the secret key of a source, as it came."""

GENERATED = "generated"
"""Mark of a column that is made of nothing: of UNNEST, VALUES or a sequence of numbers."""

RANKED = "ranked"
"""Mark of a place among all rows, by which a filter picks single ones."""

NUMBERED = "numbered"
"""Mark of a place among rows, all of them or those of a key."""

UNEVEN = "uneven"
"""Mark of a column by whose weights a sum could be taken apart again."""

EXTREME = "extreme"
"""Mark of the greatest or least value of a table, or of the one in the row beside."""

SCARCE = "scarce"
"""Mark of the number of rows that share a value by which people are known."""

ONLY = "only "
OF = "of "
ANY = frozenset({GENERATED, RANKED, NUMBERED, UNEVEN, EXTREME, SCARCE})
"""Marks of a column that stands for several, if one of them has it."""


@dataclass
class Relation:
    """A table or subquery.

    Args:
        columns: In order; two may have one name.
        rows: What decides which rows there are.
        open: Nodes that may have columns nobody declared, which a star would show too.
        pinned: Whether a filter or limit may have left the rows of one person only.
        keys: Names of the columns that its rows are groups by, an empty one for each that is not
            shown; none if its rows are no groups.
        narrowed: Conditions that left out rows of the tables it is made of.
        repeated: Personal values that say how many rows there are for one of a person.
    """

    columns: list[Column]
    rows: Uses = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    pinned: bool = False
    keys: frozenset[str] | None = None
    narrowed: tuple[exp.Expr, ...] = ()
    repeated: Uses = field(default_factory=dict)

    def named(self, name: str) -> list[Column]:
        """The columns of a name."""
        return [column for column in self.columns if column.name == name]


class Unfollowable(Exception):
    """A part of a query that cannot be followed, so that nothing is known of what it gives."""


class Lookup(Protocol):
    """Gives the table of a qualified name, its parts in lower case.

    ``metadata`` says that one of its metadata tables is read, which no ref() can name.
    """

    def __call__(self, parts: Sequence[str], metadata: bool = False, /) -> Relation:
        """Find it."""


@dataclass
class Surroundings:
    """What a query stands in.

    Args:
        lookup: Gives a table by its name.
        classes: Gives the classes that a column of a node can have.
        kinds: Gives the identifiers of the personal values that a column of a node can have.
        trusted_key: Whether a column of a node holds a secret key.
        smallest: Least number of people in a group that may be shown.
        values: Uses that stand for a piece of text which another query put into this one.
        trace: Whether to keep the steps.
        origins: Gives the columns of sources that a column of a node is made of.
        rungs: What the query asks of the columns of sources; none where it asks little.
        shown: Takes what a query shows in an error that it raises itself.
    """

    lookup: Lookup
    classes: Callable[[ColumnRef], frozenset[Class]] = lambda ref: frozenset()
    kinds: Callable[[ColumnRef], frozenset[str]] = lambda ref: frozenset()
    trusted_key: Callable[[ColumnRef], bool] = lambda ref: False
    smallest: int = 11
    values: Mapping[str, Uses] = field(default_factory=dict)
    trace: bool = False
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    origins: Callable[[ColumnRef], frozenset[ColumnRef]] = lambda ref: frozenset({ref})
    rungs: Rungs | None = None
    shown: list[Uses] = field(default_factory=list)


def merged(name: str, columns: Sequence[Column]) -> Column:
    """The column that stands for one of these."""
    if len(columns) == 1 and columns[0].name == name:
        return columns[0]
    both = frozenset.intersection(*(c.marks for c in columns)) if columns else frozenset()
    one = {m for c in columns for m in c.marks if m in ANY or m.startswith(ONLY)}
    people = bool(columns) and all(c.people for c in columns)
    return Column(name, union([c.uses for c in columns]), people, both | one)


def union(parts: Iterable[Uses]) -> Uses:
    """Everything that goes into one of the parts."""
    found: Uses = NOTHING
    copied = False
    for part in parts:
        if not part or part is found:
            continue
        if not found:
            found = part
        else:
            found = {**part, **found}
            copied = True
    return dict(found) if copied else found


def indirectly(uses: Uses) -> Uses:
    """The uses, as ones that only decide."""
    if all(not use.direct for use in uses):
        return uses
    return {Use(use.ref, False, SAME): step for use, step in uses.items()}


def changed(uses: Uses, change: Change) -> Uses:
    """The uses after what they are used in changed their class."""
    if change is SAME or not uses:
        return uses
    return {
        Use(use.ref, use.direct, after(use.change, change)) if use.direct else use: step
        for use, step in uses.items()
    }


def classes_of(uses: Uses, around: Surroundings) -> set[Class]:
    """The classes that the direct uses bring."""
    return {use.change[each] for use in uses if use.direct for each in around.classes(use.ref)}


def stepped(uses: Uses, name: str, text: str) -> Uses:
    """The uses with one more step."""
    return {use: Step(name, text, step) for use, step in uses.items()}


def kinds_of(uses: Uses, around: Surroundings) -> frozenset[str]:
    """The identifiers of the personal values that the direct uses bring."""
    found: set[str] = set()
    for use in uses:
        if use.direct and any(
            use.change[each] > Class.TECHNICAL for each in around.classes(use.ref)
        ):
            found |= around.kinds(use.ref)
    return frozenset(found)
