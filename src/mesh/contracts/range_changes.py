"""What became of the options of a logical type: bounds of its values, lengths, patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mesh.contracts.model import Field, is_number
from mesh.contracts.raw_change import Raw

BOUNDS = {("minimum", "exclusiveMinimum"): 1, ("maximum", "exclusiveMaximum"): -1}
"""The options of one end of a range, of which the narrower counts; and the way to its inside."""
LOOSER_WHEN_LOWER = {"minLength", "minItems", "minProperties"}
LOOSER_WHEN_HIGHER = {"maxLength", "maxItems", "maxProperties"}

Bound = tuple[float, bool]
"""A bound, greater where it leaves less, and whether it is outside of the range itself."""


def range_changes(old: Field, new: Field, name: str, columns: tuple[str, ...]) -> Iterator[Raw]:
    """The changes of the options of one column; each end of a range is one of them."""
    told: set[str] = set()
    for options, inside in BOUNDS.items():
        before, after = ({o: c.options[o] for o in options if o in c.options} for c in (old, new))
        if all(map(is_number, (*before.values(), *after.values()))):
            told |= set(options)
            if before != after:
                ends = _end(before, inside, old), _end(after, inside, new)
                said = f"{name}: {_words(before)} became {_words(after)}"
                yield _bound_change(*ends, name, said, columns)
    for option in sorted({*old.options, *new.options} - told):
        if old.options.get(option) != new.options.get(option):
            yield _option_change(option, old, new, name, columns)


def _end(bounds: Mapping[str, Any], inside: int, column: Field) -> Bound | None:
    """The bound that counts; for whole numbers the first that is inside."""
    found = [_bound(option, value, inside, column.logical) for option, value in bounds.items()]
    return max(found, default=None)


def _bound(option: str, value: float, inside: int, logical: str) -> Bound:
    exclusive = option.startswith("exclusive")
    if exclusive and logical == "integer" and value % 1 == 0:
        return value * inside + 1, False
    return value * inside, exclusive


def _words(bounds: Mapping[str, Any]) -> str:
    return " and ".join(f"{option} {value}" for option, value in bounds.items()) or "no bound"


def _bound_change(
    old: Bound | None, new: Bound | None, name: str, said: str, columns: tuple[str, ...]
) -> Raw:
    if old == new:
        return Raw(name, "reworded", "safe", said, step="patch")
    if old is None or (new is not None and new > old):
        return Raw(name, "range_tightened", "safe", said)
    return Raw(name, "range_loosened", "breaking", said, columns)


def _option_change(option: str, old: Field, new: Field, name: str, columns: tuple[str, ...]) -> Raw:
    before, after = old.options.get(option), new.options.get(option)
    looser = after is None or _looser(option, before, after)
    said = f"{name}: {option} was {before!r}, is {'gone' if after is None else repr(after)}"
    if before is None or looser is False:
        return Raw(name, "range_tightened", "safe", said)
    what = "range_loosened" if looser else "format_changed"
    return Raw(name, what, "breaking", said, columns)


def _looser(option: str, before: object, after: object) -> bool | None:
    """Whether more values are allowed; None where that cannot be told."""
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        return None
    if option in LOOSER_WHEN_LOWER:
        return after < before
    if option in LOOSER_WHEN_HIGHER:
        return after > before
    return None
