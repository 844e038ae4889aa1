"""What became of the service levels: lower, higher, gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mesh.contracts.import_promises import AMBIGUOUS
from mesh.contracts.model import Contract, Level, as_date, is_number
from mesh.contracts.raw_change import Raw, words

LESS_IS_BETTER = (
    "freshness", "latency", "timetodetect", "timetonotify", "timetorepair", "errorrate",
    "frequency", "recovery", "responsetime",
)  # fmt: skip
"""Parts of the names of levels, in lower case and without underscores."""
MORE_IS_BETTER = (
    "availability", "accuracy", "retention", "throughput", "completeness", "qualityscore",
    "uptime", "history",
)  # fmt: skip
DATES = ("endofsupport", "endoflife")
SECONDS = {
    "ms": 0.001, "millisecond": 0.001, "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60,
    "minute": 60, "h": 3600, "hr": 3600, "hour": 3600, "d": 86400, "day": 86400, "w": 604800,
    "week": 604800, "mo": 2629800, "month": 2629800, "y": 31557600, "yr": 31557600,
    "year": 31557600,
}  # fmt: skip
DURATION = re.compile(
    r"[<>=~ ]*P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
"""A duration of ISO 8601, also behind a sign."""
DURATION_UNITS = ("y", "mo", "w", "d", "h", "m", "s")


def level_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """The service levels: lower, higher, gone."""
    pairs = _paired(old.levels, new.levels)
    for number, level in enumerate(old.levels):
        other = pairs.get(number)
        element = f"slaProperties[{level.name}]"
        if other is not None:
            yield from _level_change(level, new.levels[other], element)
        elif level.name.lower() in DATES:
            yield Raw(element, "end_withdrawn", "safe", f"{level.name} is announced no more")
        else:
            said = f"{_words(level)} is promised no more"
            yield Raw(element, "service_level_removed", "breaking", said)
    for level in (lv for at, lv in enumerate(new.levels) if at not in pairs.values()):
        element = f"slaProperties[{level.name}]"
        if level.name.lower() in DATES:
            message = f"{level.name} is announced: {level.value}"
            yield Raw(element, "end_announced", "risky", message)
        else:
            message = f"{_words(level)} is promised: {level.value} {level.unit}".strip()
            yield Raw(element, "service_level_added", "safe", message)


def _words(level: Level) -> str:
    return level.name + (f" of {level.element}" if level.element else "")


def _paired(old: Sequence[Level], new: Sequence[Level]) -> dict[int, int]:
    """Which level each one is now, by their places: about the same, else about something new.

    Two may be about the same for two drivers, as regulatory and operational.
    """
    before, after = ({(lv.name.lower(), lv.element) for lv in each} for each in (old, new))

    def same(one: Level, other: Level) -> bool:
        return one.element == other.element and _driver(one) == _driver(other)

    def alike(one: Level, other: Level) -> bool:
        return one.element == other.element

    def moved(one: Level, other: Level) -> bool:
        keys = (one.name.lower(), one.element), (other.name.lower(), other.element)
        return keys[0] not in after and keys[1] not in before

    pairs: dict[int, int] = {}
    for fits in (same, alike, moved):
        for number, level in enumerate(old):
            hits = [
                at
                for at, other in enumerate(new)
                if at not in pairs.values()
                and other.name.lower() == level.name.lower()
                and fits(level, other)
            ]
            if number not in pairs and hits:
                pairs[number] = hits[0]
    return pairs


def _driver(level: Level) -> str:
    return words(level.raw.get("driver")).lower()


def _level_change(old: Level, new: Level, element: str) -> Iterator[Raw]:
    told = [*_value_change(old, new, element), *_reach_change(old, new, element)]
    yield from told
    if not told and _texts(old) != _texts(new):
        yield Raw(element, "reworded", "safe", f"{old.name} is in other words", step="patch")


def _texts(level: Level) -> dict[str, str]:
    """What else is said of a level."""
    told = ("property", "value", "unit", "element", "valueExt")
    return {key: words(text) for key, text in level.raw.items() if text and key not in told}


def _reach_change(old: Level, new: Level, element: str) -> Iterator[Raw]:
    """What a level is about, and how often it is looked at."""
    if old.element != new.element:
        said = f"{old.name} was about {old.element or 'the whole'}, is about "
        said += new.element or "the whole"
        yield Raw(element, "service_level_changed", "risky", said)
    for name in ("scheduler", "schedule"):
        before, after = old.raw.get(name), new.raw.get(name)
        if before is not None and before != after:
            said = f"the {name} of {old.name} was {before}, is {after or 'gone'}"
            yield Raw(element, "service_level_rescheduled", "risky", said)


def _value_change(old: Level, new: Level, element: str) -> Iterator[Raw]:
    second = old.raw.get("valueExt") != new.raw.get("valueExt")
    if not second and (old.value, _unit(old.unit)) == (new.value, _unit(new.unit)):
        return
    said = f"{old.name} was {_promised(old)}, is {_promised(new)}"
    better = None if second else _better(old, new)
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


def _promised(level: Level) -> str:
    """What a level promises: its value, with the second one where it has two."""
    second = level.raw.get("valueExt")
    value = level.value if second is None else f"{level.value} and {second}"
    return f"{value} {level.unit}".strip()


def _better(old: Level, new: Level) -> int | None:
    """1 if the new level promises more, -1 if less, 0 if the same, None if that is unclear."""
    name = old.name.lower()
    if name in DATES:
        before, after = as_date(old.value), as_date(new.value)
        if before is None or after is None:
            return None
        return (after > before) - (after < before)
    way = _way(name.replace("_", ""))
    one, other = _amount(old), _amount(new)
    if one is None or other is None or one[1] != other[1]:
        return None
    was, is_ = _sign(old, way), _sign(new, way)
    if was.rstrip("=") != is_.rstrip("="):
        return None
    more = (other[0] > one[0]) - (other[0] < one[0])
    if not more:  # more than 99 is better than 99 and more
        return ("=" in was) - ("=" in is_)
    return more * way if way else None


def _way(name: str) -> int:
    """Whether more is better, 1, or less is, -1; 0 where the name does not tell."""
    if any(word in name for word in LESS_IS_BETTER):
        return -1
    return int(any(word in name for word in MORE_IS_BETTER))


def _sign(level: Level, way: int) -> str:
    """How a level compares; without a sign as its name has it: at least, or at most."""
    found = re.match(r"[<>=~]*", str(level.value).strip())
    usual = {1: ">=", -1: "<=", 0: "="}[way]
    sign = found[0] if found else ""
    return usual if sign in ("", "=") else sign


def _amount(level: Level) -> tuple[float, str] | None:
    """A level as a number in its base unit, seconds for times; None if it is no number."""
    value, unit = level.value, _unit(level.unit)
    if isinstance(value, str):
        duration = None if unit else _duration(value.strip())
        if duration is not None:
            return duration, "s"
        match = re.fullmatch(r"[<>=~ ]*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z%]*)", value.strip())
        if not match:
            return None
        value, unit = float(match[1]), _unit(match[2]) or unit
    if not is_number(value):
        return None
    if unit in SECONDS:
        return float(value) * SECONDS[unit], "s"
    return float(value), unit


def _unit(word: str) -> str:
    """A unit in one spelling; a capital M alone may be months or minutes, and stays itself."""
    unit = word.strip()
    unit = unit if unit == AMBIGUOUS else unit.lower()
    unit = unit if unit in SECONDS else unit.rstrip("s")
    return {"%": "percent"}.get(unit, unit)


def _duration(text: str) -> float | None:
    """The seconds of a duration of ISO 8601, as P1DT12H; None where it is none."""
    match = DURATION.fullmatch(text)
    parts = zip(DURATION_UNITS, match.groups(), strict=True) if match else ()
    given = [float(number) * SECONDS[unit] for unit, number in parts if number]
    return sum(given) if given else None
