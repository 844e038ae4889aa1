"""What lowers a class, recognised by the expression and by nothing else.

A macro's name counts for nothing: its text is rendered, parsed and compared by structure, so the
same expression written by hand is as good, and another body under the same name is not.

Some of our masks need no pattern, because any expression that has their shape is safe: a constant
in the place of a value (``redact``, ``suppress_text``), a branch that is never taken
(``safe_null``), the year of an event (``year_of``), a figure shown only for enough people
(``small_cell``), and a hash with a key from a table of keys (``pseudonym``).

``partial_mask`` is none of them: the last digits of a number are still of that number, and no
guidance of 45 CFR 164.514(b)(2)(i) takes a part of an identifier for none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from sqlglot import exp, parse_one

from mesh.core.paths import ROOT
from mesh.privacy.classes import Change, Class, change
from mesh.privacy.declarations import BIRTH

_OF_QUASI = ("quasi", "quasi_sum", "quasi_key")
_OF_SENSITIVE = ("sensitive", "sensitive_sum", "sensitive_key")


def _to(target: Class, *names: str) -> Change:
    return change(**dict.fromkeys(names, target))


PSEUDONYM = _to(Class.TECHNICAL, "direct", "free_text", "generalised", *_OF_QUASI, *_OF_SENSITIVE)


def _generalised(*names: str) -> Change:
    """A change of these to generalised; what formed groups still does."""
    return change(
        **{
            each: Class.GENERALISED_KEY if each.endswith("_key") else Class.GENERALISED
            for each in names
        }
    )


GENERALISE = _generalised("direct", *_OF_QUASI, *_OF_SENSITIVE)
COARSEN = _generalised("direct", *_OF_QUASI)

MASKED = _to(Class.NONE, "direct", "free_text", "generalised", *_OF_QUASI, *_OF_SENSITIVE)
"""No value is left: every letter became the same, or the branch is never taken."""

ROUGH = _to(Class.QUASI, "direct")
"""A coordinate to a tenth of a degree is no address, and tells apart who lives where few do."""

NUMBER = _to(Class.SENSITIVE, "free_text")
"""A number that is read from a text is no text; what it measures can be sensitive."""

NUMBERS = exp.DataType.NUMERIC_TYPES

FOLDER = ROOT / "macros" / "privacy"
SUBJECT = "subject_of_the_mask"
"""Stands for the masked expression in a pattern."""
OTHER = "other_of_the_mask"
"""Stands for what the masked expression is held against."""

EVENT_DATES = frozenset({"date"})
"""Years of these may be shown: 45 CFR 164.514(b)(2)(i)(C) leaves years out of dates."""
DATES = EVENT_DATES | {BIRTH}
"""Not so the year of a birth, which tells an age over 89; a band that ends at 90 does not."""
PLACES = frozenset({"geography"})

YEARS = frozenset({"YEAR", "DECADE", "CENTURY", "MILLENNIUM"})


@dataclass(frozen=True)
class Declassifier:
    """A mask: the calls of a macro of ours, and what it makes of each class.

    Args:
        of: Identifiers of which it hides enough; it is none for values of others. All if empty.
    """

    name: str
    calls: tuple[str, ...]
    change: Change
    gives: str
    of: frozenset[str] = frozenset()


DECLASSIFIERS = (
    Declassifier(
        "age_band",
        (f"age_band('{SUBJECT}', '{OTHER}')",),
        GENERALISE,
        "direct, quasi and sensitive become generalised",
        DATES,
    ),
    Declassifier(
        "zip3",
        (f"zip3('{SUBJECT}')",),
        COARSEN,
        "direct and quasi become generalised",
        PLACES,
    ),
    Declassifier(
        "round_coordinate",
        tuple(f"round_coordinate('{SUBJECT}', {places})" for places in range(2)),
        ROUGH,
        "direct becomes quasi",
    ),
)
"""The masks that are recognised by a pattern."""


@dataclass(frozen=True)
class Found:
    """A mask in a query: what it makes of classes, what it masks, and of which identifiers."""

    change: Change
    masked: tuple[exp.Expr, ...] = ()
    of: frozenset[str] = frozenset()


@cache
def patterns() -> dict[type[exp.Expr], tuple[tuple[exp.Expr, Declassifier], ...]]:
    """Parsed masks by the class of their outermost expression."""
    from mesh.privacy.render.library import Library

    library = Library.of_folder(FOLDER)
    found: dict[type[exp.Expr], tuple[tuple[exp.Expr, Declassifier], ...]] = {}
    for each in DECLASSIFIERS:
        for call in each.calls:
            parsed = parse_one(f"select {library.call(call)}", dialect="trino").expressions[0]
            found[type(parsed)] = (*found.get(type(parsed), ()), (parsed, each))
    return found


def recognise(
    node: exp.Expr,
    plain: Callable[[exp.Expr], bool] = lambda node: True,
    kinds: Callable[[exp.Expr], frozenset[str]] = lambda node: frozenset(),
) -> Change | None:
    """What the expression makes of the classes in it, if it is a mask.

    ``plain`` says whether an expression gives a column as it came: a mask of what was made of
    several parts of a value can show all of it, one part after the other. ``kinds`` gives the
    identifiers of the personal columns in an expression.
    """
    found = _recognised(node)
    if found is None or not all(plain(each) for each in found.masked):
        return None
    return found.change if not found.of or kinds(node) <= found.of else None


def _recognised(node: exp.Expr) -> Found | None:
    if isinstance(node, exp.If) and node.this == exp.false() and "false" not in node.args:
        return Found(MASKED)
    if (dated := _year(node)) is not None:
        return Found(GENERALISE, (dated,), EVENT_DATES)
    if isinstance(node, exp.RegexpReplace) and isinstance(
        node.args.get("replacement"), exp.Literal
    ):
        by = node.args["replacement"].name
        if node.expression.name in {".", ".*", ".+", "^.*$"} and len(by) == 1 and by not in "$\\":
            return Found(MASKED, (node.this,))
    if isinstance(node, (exp.Cast, exp.TryCast)) and node.to.this in NUMBERS:
        return Found(NUMBER)
    for pattern, made in patterns().get(type(node), ()):
        bound: dict[str, exp.Expr] = {}
        if _matches(pattern, node, bound):
            return Found(made.change, tuple(bound.values()), made.of)
    return None


def _year(node: exp.Expr) -> exp.Expr | None:
    """The date of which an expression gives the year."""
    dated: exp.Expr | None = None
    if isinstance(node, exp.Year):
        dated = node.this
    elif isinstance(node, exp.Extract):
        dated = node.expression if node.name.upper() in YEARS else None
    elif isinstance(node, (exp.TimestampTrunc, exp.DateTrunc)):
        unit = node.args.get("unit")
        dated = node.this if unit is not None and unit.name.upper() in YEARS else None
    elif isinstance(node, exp.TimeToStr):
        dated = node.this if node.args["format"].name in {"%Y", "%y"} else None
    elif isinstance(node, exp.Anonymous) and node.name.lower() == "format_datetime":
        of, pattern = (*node.expressions, None, None)[:2]
        dated = of if isinstance(pattern, exp.Literal) and set(pattern.name) == {"y"} else None
    return dated


def _matches(pattern: object, node: object, bound: dict[str, exp.Expr]) -> bool:
    """Whether the node has the shape of the pattern, with one expression for the subject."""
    if isinstance(pattern, exp.Column) and pattern.name in {SUBJECT, OTHER}:
        if not isinstance(node, exp.Expr):
            return False
        first = bound.setdefault(pattern.name, node)
        return first is node or bool(first == node)
    if isinstance(pattern, list):
        return (
            isinstance(node, list)
            and len(pattern) == len(node)
            and all(_matches(p, n, bound) for p, n in zip(pattern, node, strict=True))
        )
    if not isinstance(pattern, exp.Expr):
        return bool(pattern == node)
    while isinstance(node, exp.Paren) and not isinstance(pattern, exp.Paren):
        node = node.this
    if type(pattern) is not type(node) or not isinstance(node, exp.Expr):
        return False
    return all(
        _matches(pattern.args.get(key), node.args.get(key), bound) for key in _keys(pattern, node)
    )


def _keys(pattern: exp.Expr, node: exp.Expr) -> Iterator[str]:
    for key in {**pattern.args, **node.args}:
        # None, False and an empty list all say that something is not there
        if pattern.args.get(key) or node.args.get(key):
            yield key
