"""From counts to kinds, and from kinds to findings where less was declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mesh.privacy.classes import Class
from mesh.privacy.declarations import UNDECLARED, Declaration
from mesh.privacy.findings import OF_VALUES, Finding
from mesh.privacy.values import kinds
from mesh.privacy.values.declared import ORGANIZATION, SourceTable
from mesh.privacy.values.kinds import KINDS, Kind
from mesh.privacy.values.profile import Column, Profile

WHOLE = 0.5
"""Share of its values from which on a column of free text is a column of identifiers."""

AREAS = 0.3
"""Share of five-digit values that have to be where known people live."""

_AREA = re.compile(r"zip|postal|postcode|fips")
_PLACE = re.compile(r"(^|_)(lat|lon|lng|latitude|longitude|coordinates?)(_|$)")
_BIRTH = re.compile(r"birth|(^|_)dob(_|$)")


@dataclass(frozen=True)
class Seen:
    """A kind that the values of a column are of.

    Args:
        share: Part of the column's values, from above 0 to 1.
    """

    kind: Kind
    share: float


@dataclass(frozen=True)
class ValueFinding(Finding):
    """Values that are more personal than their column says; never with a value.

    Args:
        kind: Name of the kind of the values.
        share: Part of the column's values, from above 0 to 1.
        declared: The class that is declared, empty where none is.
    """

    kind: str = ""
    share: float = 0.0
    declared: str = ""

    def as_json(self) -> dict[str, Any]:
        """The finding as the JSON that tools read."""
        more = {"kind": self.kind, "share": round(self.share, 6), "declared": self.declared}
        return super().as_json() | more


def kinds_of(profile: Profile) -> dict[str, list[Seen]]:
    """The kinds of every column of a table, the most personal first."""
    names = list(profile.columns)
    places = [
        name
        for name in names
        if _share(profile.columns[name], kinds.COORDINATES) >= kinds.COORDINATES.share
    ]
    found = {}
    for name, column in profile.columns.items():
        beside = {names[i] for i in _beside(names.index(name), len(names))}
        seen = {each.kind: each for each in _seen(column)}
        if not (_PLACE.search(name) or beside & set(places)):
            seen.pop(kinds.COORDINATES, None)
        if not (_AREA.search(name) or _is_area(column)):
            seen.pop(kinds.ZIP, None)
        if _AREA.search(name):  # nine digits are a ZIP code and its four more
            seen.pop(kinds.SSN_DIGITS, None)
            seen.pop(kinds.SSN_LIKE, None)
        if share := _births(name, column):
            seen[kinds.BIRTH_DATE] = Seen(kinds.BIRTH_DATE, share)
        found[name] = sorted(seen.values(), key=_rank)
    return found


def _rank(seen: Seen) -> tuple[int, str, float]:
    """The most personal first, then errors: a warning must not stand for one."""
    return -seen.kind.cls, seen.kind.severity, -seen.share


def _beside(place: int, count: int) -> list[int]:
    return [each for each in (place - 1, place + 1) if 0 <= each < count]


def _seen(column: Column) -> Iterator[Seen]:
    for kind in KINDS:
        share = _share(column, kind)
        number = column.hits[kind] or column.likely[kind]
        if not number or number < kind.values or share < kind.share:
            continue
        if kind is kinds.FREE_TEXT and column.distinct * 2 < column.rows:
            continue  # the same sentences again and again are a list of words
        yield Seen(kind, share)


def _share(column: Column, kind: Kind) -> float:
    if column.hits[kind]:
        return min(1.0, column.hits[kind] / column.rows)
    return column.likely[kind] / column.sampled if column.sampled else 0.0


def _is_area(column: Column) -> bool:
    return column.areas >= kinds.ZIP.values and column.areas >= AREAS * column.sampled


def _births(name: str, column: Column) -> float:
    """The share of dates of birth: of known people, or of dates where the name says it."""
    kind = kinds.BIRTH_DATE
    if column.born >= kind.values and column.births >= kind.share * column.about:
        return min(1.0, column.births / column.about)
    if _BIRTH.search(name) and column.dated >= kind.share * column.sampled > 0:
        return column.dated / column.sampled
    return 0.0


def findings_of(table: SourceTable, profile: Profile) -> Iterator[ValueFinding]:
    """What is more personal than declared, one finding for each column and kind.

    Args:
        table: What is declared.
        profile: What was counted.
    """
    for name, seen in kinds_of(profile).items():
        declared = table.columns.get(name, UNDECLARED)
        told: set[str] = set()
        for each in seen:
            subject = each.kind.identifier or each.kind.name
            if subject not in told and not is_enough(declared, each):
                told.add(subject)
                yield _finding(table, name, declared, each)


def is_enough(declared: Declaration, seen: Seen) -> bool:
    """Whether a declaration covers what was seen.

    Free text may hold anything here and there. What an organization has, such as an address, is
    nobody's.
    """
    cls = declared.cls if declared.cls is not None else Class.NONE
    if seen.kind.contact and declared.subject == ORGANIZATION:
        return True
    if cls is Class.FREE_TEXT and seen.share < WHOLE:
        return True
    return cls >= seen.kind.cls


def _finding(table: SourceTable, column: str, declared: Declaration, seen: Seen) -> ValueFinding:
    said = f"declared {declared.word}" if declared.word else "not declared"
    kind = seen.kind
    wanted = f"class: {kind.cls.word}"
    wanted += f", identifier: {kind.identifier}" if kind.identifier else ""
    return ValueFinding(
        OF_VALUES,
        table.name,
        f"{_percent(seen.share)} of its values look like {kind.words}, and it is {said}",
        column,
        kind.cls.word,
        hint=f"declare {{{wanted}, subject: …}} on the column of the source, or have the sender "
        "leave the values out",
        severity=kind.severity,
        file=table.file,
        kind=kind.name,
        share=seen.share,
        declared=declared.word,
    )


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "less than 1%"
