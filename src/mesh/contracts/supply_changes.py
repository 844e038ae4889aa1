"""Changes of how a column comes to be and what it is tied to.

Its name in the engine, its encrypted twin, its derivation, its relationships, and two columns
that traded their names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mesh.contracts.model import Field, Table
from mesh.contracts.raw_change import Raw, words
from mesh.contracts.trino_types import same


def supply_changes(
    old: Field, new: Field, name: str, columns: tuple[str, ...] = ()
) -> Iterator[Raw]:
    """The changes of one column beside its type, meaning and rules."""
    before, after = _engine_name(old), _engine_name(new)
    named = old.raw.get("physicalName") or new.raw.get("physicalName")
    if named and before.lower() != after.lower():
        said = f"{name} is stored as {after}, not {before}: a query that names {before} fails"
        yield Raw(name, "physical_name_changed", "breaking", said, columns)
    yield from _encrypted(old, new, name, columns)
    yield from _derivation(old, new, name, columns)
    yield from relationship_changes(old, new, name, columns)


def _engine_name(column: Field) -> str:
    return str(column.raw.get("physicalName") or column.name)


def _encrypted(old: Field, new: Field, name: str, columns: tuple[str, ...]) -> Iterator[Raw]:
    before, after = old.raw.get("encryptedName"), new.raw.get("encryptedName")
    if (before or "") == (after or ""):
        return
    if before:
        said = f"the encrypted form of {name} was {before}, is {after or 'gone'}"
        yield Raw(name, "encryption_changed", "breaking", said, columns)
    else:
        said = f"{name} has an encrypted form now, {after}: see which of the two is meant"
        yield Raw(name, "encryption_changed", "risky", said, columns)


def _derivation(old: Field, new: Field, name: str, columns: tuple[str, ...]) -> Iterator[Raw]:
    before, after = words(old.raw.get("transformLogic")), words(new.raw.get("transformLogic"))
    if before == after:
        return
    if before:
        said = f"{name} is derived otherwise: was {before!r}, is {after or 'not said'!r}"
        yield Raw(name, "derivation_changed", "risky", said, columns)
    else:
        said = f"how {name} is derived is said now"
        yield Raw(name, "reworded", "safe", said, step="patch")


def relationship_changes(
    old: Field | Table, new: Field | Table, name: str, columns: tuple[str, ...] = ()
) -> Iterator[Raw]:
    """The relationships of a column or table: who joins by one relies on it."""
    before, after = _relationships(old), _relationships(new)
    for key in sorted(before.keys() - after.keys()):
        said = f"{name} has no relationship {before[key]} any more: a join may miss rows"
        yield Raw(name, "relationship_removed", "risky", said, columns)
    for key in sorted(after.keys() - before.keys()):
        yield Raw(name, "relationship_added", "safe", f"{name} has the relationship {after[key]}")


def _relationships(part: Field | Table) -> dict[str, str]:
    """Relationships by what they say, and how a message names them."""
    found = part.raw.get("relationships")
    ties: dict[str, str] = {}
    for each in found if isinstance(found, list) else ():
        if isinstance(each, dict):
            said = {n: each.get(n) for n in ("from", "to")}
            said["type"] = each.get("type") or "foreignKey"
            ties[json.dumps(said, sort_keys=True, default=str)] = f"to {_listed(each.get('to'))}"
    return ties


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_SIGNS: tuple[Callable[[Field], str], ...] = (
    lambda column: words(column.description),
    lambda column: column.business_name,
    lambda column: words(column.raw.get("transformLogic")),
)
"""What says of a column what it holds, whatever it is called."""


def swapped(old: Sequence[Field], new: Sequence[Field]) -> dict[str, str]:
    """Columns that stay, but traded their names: the old name, and the name it has now.

    A column has moved when what it says of itself stands at one other column of its type, which
    was there before and said something else then.
    """
    before, after = {c.name: c for c in old}, {c.name: c for c in new}
    stayed = [name for name in before if name in after]
    found: dict[str, str] = {}
    for name in stayed:
        target = next((t for sign in _SIGNS if (t := _target(name, sign, before, after))), None)
        if target in before and target not in found.values():
            found[name] = str(target)
    closed = set(found) & set(found.values())
    while closed != set(found):  # a chain that does not close is no trade of names
        found = {n: t for n, t in found.items() if n in closed and t in closed}
        closed = set(found) & set(found.values())
    return found


def _target(
    name: str, sign: Callable[[Field], str], before: dict[str, Field], after: dict[str, Field]
) -> str | None:
    """The one other column that says now what this one said."""
    said = sign(before[name])
    if not said or sign(after[name]) == said:
        return None
    if sum(sign(column) == said for column in before.values()) > 1:
        return None
    hits = [n for n, column in after.items() if n != name and sign(column) == said]
    if len(hits) != 1:
        return None
    one, other = before[name], after[hits[0]]
    fits = one.logical == other.logical and same(one.physical, other.physical)
    return hits[0] if fits else None
