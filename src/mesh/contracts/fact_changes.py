"""What became of the facts that a contract states of a table or column and nothing else compares.

A comparison ends here: what the standard has, or a house adds, is told even where nobody knows
what it means.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mesh.contracts.model import Field, Table
from mesh.contracts.raw_change import Raw

UNITS = ("unit", "currency")
MEANINGS = ("meaning", "semantics", "definition")
WORDS = ("examples", "transformDescription")
"""Fields that explain and promise nothing."""
_OF_BOTH = {
    "authoritativeDefinitions", "businessName", "customProperties", "description", "physicalName",
    "properties", "quality", "relationships",
}  # fmt: skip
_OF_COLUMN = _OF_BOTH | {
    "classification", "encryptedName", "items", "logicalType", "logicalTypeOptions", "name",
    "physicalType", "primaryKey", "primaryKeyPosition", "required", "transformLogic", "unique",
}  # fmt: skip
_OF_TABLE = _OF_BOTH | {"dataGranularityDescription"}


def fact_changes(
    old: Field | Table, new: Field | Table, name: str, columns: tuple[str, ...] = ()
) -> Iterator[Raw]:
    """The facts of a column or table that no other comparison tells of.

    One that was stated and is another one, or none, is risky; one that is new is safe.
    """
    yield from custom_changes(old.custom, new.custom, name, columns)
    if _links(old) != _links(new):
        yield Raw(name, "meaning_changed", "risky", f"{name} is defined elsewhere now", columns)
    told = _OF_COLUMN if isinstance(old, Field) else _OF_TABLE
    for key in sorted((old.raw.keys() | new.raw.keys()) - told, key=str):
        # False is what the standard takes a field for that is left out.
        before, after = old.raw.get(key) or None, new.raw.get(key) or None
        if key in WORDS and _settled(before) != _settled(after):
            yield Raw(name, "reworded", "safe", f"{key} of {name} is in other words", step="patch")
        else:
            yield from fact_change(key, before, after, name, columns)


def custom_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], name: str, columns: tuple[str, ...] = ()
) -> Iterator[Raw]:
    """The custom properties; a unit or meaning that is another one misleads who reads."""
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if key not in (*UNITS, *MEANINGS):
            yield from fact_change(key, before, after, name, columns)
        elif before != after:
            kind = "safe" if before in (None, "") else "breaking"
            if key in UNITS:
                said = f"was in {before or 'no named ' + key}, is in {after or 'no named ' + key}"
                yield Raw(name, "unit_changed", kind, f"{name} {said}", columns)
            else:
                said = f"means something else: {key} was {before!r}, is {after!r}"
                yield Raw(name, "meaning_changed", kind, f"{name} {said}", columns)


def fact_change(
    key: str, before: Any, after: Any, name: str, columns: tuple[str, ...] = ()
) -> Iterator[Raw]:
    """One fact of which only its name is known."""
    if _settled(before) == _settled(after):
        return
    if before is None:
        said = f"{key} of {name} is stated now: {after!r}"
        yield Raw(name, "fact_changed", "safe", said, step="patch")
    else:
        said = f"{key} of {name} was {before!r}, is {'gone' if after is None else repr(after)}"
        yield Raw(name, "fact_changed", "risky", said, columns)


def _settled(value: Any) -> Any:
    """A value for comparing: a list of facts, as tags, says the same in any order."""
    if isinstance(value, list):
        return sorted(json.dumps(each, sort_keys=True, default=str) for each in value)
    return value


def _links(part: Field | Table) -> list[str]:
    found = part.raw.get("authoritativeDefinitions")
    entries = found if isinstance(found, list) else ()
    return sorted(str(each.get("url")) for each in entries if isinstance(each, dict))
