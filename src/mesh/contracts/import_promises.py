"""Quality rules and service levels of the two older shapes, as those of the standard."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

UNITS = {
    "ms": "ms", "msec": "ms", "millisecond": "ms", "s": "s", "sec": "s", "second": "s", "m": "m",
    "min": "m", "minute": "m", "h": "h", "hr": "h", "hour": "h", "d": "d", "day": "d", "w": "w",
    "week": "w", "mo": "month", "month": "month", "y": "y", "yr": "y", "year": "y",
    "%": "percent", "percent": "percent",
}  # fmt: skip
"""Units of service levels as the standard has them, by the words for one of them."""
AMBIGUOUS = "M"
"""Months for some, minutes for others: such a level stays as it was written."""


def put_rules(found: Any, table: dict[str, Any], custom: list[dict[str, Any]]) -> None:
    """Put rules where the standard has them; those that it has no metric for stay word for word.

    Args:
        found: The list of rules, or one.
        table: The table of the contract, changed in place.
        custom: The custom properties of the contract, likewise.
    """
    if found is None:
        return
    entries = found if isinstance(found, list) else [found]
    columns = {c["name"]: c for c in table.get("properties", ())}
    left = []
    for entry in entries:
        column = columns.get(str(entry.get("column"))) if isinstance(entry, Mapping) else None
        made = _rule(entry, columns) if isinstance(entry, Mapping) else None
        if made is None or (column is None and "column" in entry):
            left.append(entry)
            continue
        place = column if column is not None else table
        if made.get("metric") == "nullValues" and column is not None:
            column["required"] = True
        elif made.get("metric") == "duplicateValues" and column is not None:
            column["unique"] = True
        place.setdefault("quality", []).append(made)
    if left:
        custom.append(
            {
                "property": "quality_rules",
                "value": left,
                "description": "Rules that the standard has no metric for.",
            }
        )
        table.setdefault("quality", []).extend(
            {"type": "text", "description": str(entry)} for entry in left
        )


def _rule(entry: Mapping[str, Any], columns: Collection[str]) -> dict[str, Any] | None:
    """A rule of the standard; None for one that it has no metric for."""
    name = str(entry.get("rule"))
    own = {"rule", "description", "columns" if "columns" in entry else "column"}
    own |= {"values"} if name == "accepted_values" else set()
    if "columns" in entry and not (name == "unique" and _are_known(entry["columns"], columns)):
        return None
    known: dict[str, dict[str, Any]] = {
        "not_null": {"metric": "nullValues"},
        "unique": {"metric": "duplicateValues"},
        "accepted_values": {
            "metric": "invalidValues",
            "arguments": {"validValues": entry.get("values")},
        },
    }
    made = known.get(name)
    values = entry.get("values")
    listed = name != "accepted_values" or (isinstance(values, list) and values)
    told = not isinstance(entry.get("description"), Mapping | list)
    if made is None or set(entry) - own or not (listed and told):
        return None
    rule = {"name": name, "type": "library", **made, "mustBe": 0}
    if "columns" in entry:
        rule["arguments"] = {"properties": list(entry["columns"])}
    if entry.get("description"):
        rule["description"] = str(entry["description"])
    return rule


def _are_known(names: Any, columns: Collection[str]) -> bool:
    return (
        isinstance(names, list)
        and bool(names)
        and all(isinstance(name, str) and name in columns for name in names)
    )


def put_levels(
    found: Any, contract: dict[str, Any], custom: list[dict[str, Any]], name: str
) -> None:
    """Put service levels where the standard has them; what is no single value stays as it is.

    Args:
        found: The levels by name.
        contract: The contract, changed in place.
        custom: Its custom properties, likewise.
        name: What the part was called.
    """
    if found is None:
        return
    if not isinstance(found, Mapping):
        custom.append({"property": name, "value": found})
        return
    contract["slaProperties"] = list(_level_entries(found, custom))


def _level_entries(
    found: Mapping[str, Any], custom: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    for name, value in found.items():
        if isinstance(value, Mapping | list):
            custom.append({"property": name, "value": value})
            continue
        match = re.fullmatch(r"\s*([<>=]*)\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z%]*)\s*", str(value))
        unit = _unit(match[3]) if match else None
        entry: dict[str, Any] = {"property": name, "value": value}
        if match and (unit or not match[3]):
            number = float(match[2])
            entry["value"] = int(number) if number.is_integer() else number
            if unit:
                entry["unit"] = unit
            entry["description"] = f"Written as {value}."
        yield entry


def _unit(word: str) -> str | None:
    """The unit that a word names, in the singular or plural; None where that is not sure."""
    small = word.lower()
    return None if word == AMBIGUOUS else UNITS.get(small) or UNITS.get(small.removesuffix("s"))
