"""Puts a change into a text without disturbing what it does not touch."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher


def apply_change(original: str, before: str, after: str) -> str:
    """``original`` with what leads from ``before`` to ``after``.

    ``before`` is the original as a program writes it, laid out otherwise; ``after`` is that with
    the change. Lines that the change does not touch keep the layout of the original; where both
    meet in one stretch of lines, the program's layout is taken.
    """
    a, b, c = (text.splitlines(keepends=True) for text in (original, before, after))
    places = _boundaries(a, b)
    result: list[str] = []
    done = 0
    for start, end, lines in _hunks(b, c, places):
        result += a[done : places[start]]
        result += lines
        done = places[end]
    return "".join([*result, *a[done:]])


def _boundaries(a: Sequence[str], b: Sequence[str]) -> dict[int, int]:
    """Where a boundary between lines of ``b`` lies in ``a``, for those that are sure."""
    found: dict[int, int] = {0: 0, len(b): len(a)}
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            found.update({b1 + i: a1 + i for i in range(b2 - b1 + 1)})
        else:
            found.update({b1: a1, b2: a2} if a1 != a2 and b1 != b2 else {b1: a1})
    return found


def _hunks(
    b: Sequence[str], c: Sequence[str], places: dict[int, int]
) -> list[tuple[int, int, list[str]]]:
    """The changed stretches of ``b``, widened to boundaries that are sure, with their new lines."""
    groups: list[tuple[int, int, list[tuple[int, int, int, int]]]] = []
    for tag, b1, b2, c1, c2 in SequenceMatcher(None, b, c, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        start = max(place for place in places if place <= b1)
        end = min(place for place in places if place >= b2)
        if groups and start < groups[-1][1]:
            first, stop, changes = groups.pop()
            groups.append((first, max(stop, end), [*changes, (b1, b2, c1, c2)]))
        else:
            groups.append((start, end, [(b1, b2, c1, c2)]))
    return [(start, end, _lines(b, c, start, end, changes)) for start, end, changes in groups]


def _lines(
    b: Sequence[str],
    c: Sequence[str],
    start: int,
    end: int,
    changes: Sequence[tuple[int, int, int, int]],
) -> list[str]:
    """A stretch of ``b`` with its changes made."""
    lines: list[str] = []
    at = start
    for b1, b2, c1, c2 in changes:
        lines += [*b[at:b1], *c[c1:c2]]
        at = b2
    return [*lines, *b[at:end]]
