"""What became of the service levels: lower, higher, gone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mesh.contracts.model import Contract, Level, as_date
from mesh.contracts.raw_change import Raw, words

LESS_IS_BETTER = (
    "freshness", "latency", "timetodetect", "timetonotify", "timetorepair", "errorrate",
    "frequency", "recovery", "responsetime",
)  # fmt: skip
MORE_IS_BETTER = (
    "availability", "accuracy", "retention", "throughput", "completeness", "qualityscore",
    "quality_score", "uptime", "history",
)  # fmt: skip
DATES = ("endofsupport", "endoflife")
SECONDS = {
    "ms": 0.001, "millisecond": 0.001, "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60,
    "minute": 60, "h": 3600, "hr": 3600, "hour": 3600, "d": 86400, "day": 86400, "w": 604800,
    "week": 604800, "mo": 2629800, "month": 2629800, "y": 31557600, "yr": 31557600,
    "year": 31557600,
}  # fmt: skip


def level_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """The service levels: lower, higher, gone."""
    before = {(lv.name.lower(), lv.element): lv for lv in old.levels}
    after = {(lv.name.lower(), lv.element): lv for lv in new.levels}
    for key, level in before.items():
        element = f"slaProperties[{level.name}]"
        other = after.get(key) or next((lv for (n, _), lv in after.items() if n == key[0]), None)
        if other is None and level.name.lower() in DATES:
            yield Raw(element, "end_withdrawn", "safe", f"{level.name} is announced no more")
        elif other is None:
            yield Raw(
                element, "service_level_removed", "breaking", f"{level.name} is promised no more"
            )
        else:
            yield from _level_change(level, other, element)
    names = {name for name, _ in before}
    for (name, _), level in after.items():
        if name not in names and name in DATES:
            message = f"{level.name} is announced: {level.value}"
            yield Raw(f"slaProperties[{level.name}]", "end_announced", "risky", message)
        elif name not in names:
            yield Raw(
                f"slaProperties[{level.name}]",
                "service_level_added",
                "safe",
                f"{level.name} is promised: {level.value} {level.unit}".strip(),
            )


def _level_change(old: Level, new: Level, element: str) -> Iterator[Raw]:
    said = f"{old.name} was {old.value} {old.unit}, is {new.value} {new.unit}".replace(" ,", ",")
    if (old.value, old.unit.lower()) == (new.value, new.unit.lower()):
        if old.element != new.element:
            yield Raw(
                element,
                "service_level_changed",
                "risky",
                f"{old.name} is about {new.element or 'the whole'} now",
            )
        elif words(old.description) != words(new.description):
            yield Raw(element, "reworded", "safe", f"{old.name} is in other words", step="patch")
        return
    better = _better(old, new)
    if better is None:
        yield Raw(element, "service_level_changed", "breaking", said)
    elif better == 0:
        yield Raw(element, "reworded", "safe", said, step="patch")
    elif better > 0:
        yield Raw(element, "service_level_raised", "safe", said)
    else:
        shortened = old.name.lower() == "retention"
        change = "retention_shortened" if shortened else "service_level_lowered"
        yield Raw(element, change, "breaking", said)


def _better(old: Level, new: Level) -> int | None:
    """1 if the new level promises more, -1 if less, 0 if the same, None if that is unclear."""
    name = old.name.lower()
    if name in DATES:
        before, after = as_date(old.value), as_date(new.value)
        if before is None or after is None:
            return None
        return (after > before) - (after < before)
    one, other = _amount(old), _amount(new)
    if one is None or other is None or one[1] != other[1]:
        return None
    more = (other[0] > one[0]) - (other[0] < one[0])
    if any(word in name.replace("_", "") for word in LESS_IS_BETTER):
        return -more
    return (
        more
        if any(word.replace("_", "") in name.replace("_", "") for word in MORE_IS_BETTER)
        else (0 if more == 0 else None)
    )


def _amount(level: Level) -> tuple[float, str] | None:
    """A level as a number in its base unit, seconds for times; None if it is no number."""
    value, unit = level.value, level.unit.strip().lower()
    if isinstance(value, str):
        match = re.fullmatch(r"[<>=~ ]*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z%]*)", value.strip())
        if not match:
            return None
        value, unit = float(match[1]), match[2].lower() or unit
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    singular = unit if unit in SECONDS else unit.rstrip("s")
    if singular in SECONDS:
        return float(value) * SECONDS[singular], "s"
    return float(value), {"%": "percent"}.get(unit, unit)
