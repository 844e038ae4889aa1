"""What became of where a reader finds a product: its address, its tables, its servers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mesh.contracts.model import Contract, Table
from mesh.contracts.raw_change import Raw, words


def paired_tables(old: Contract, new: Contract) -> list[tuple[Table, Table | None]]:
    """Each table of a contract with the one that it is in another.

    That is the one of its name, else of its place, else the only one beside an only one.
    """
    left = {table.name: table for table in new.tables}
    found: list[tuple[Table, Table | None]] = []
    known = {table.name for table in old.tables}
    for table in old.tables:
        place = table.physical_name.lower()
        other = left.get(table.name) or next(
            (t for n, t in left.items() if n not in known and t.physical_name.lower() == place),
            new.tables[0] if len(old.tables) == len(new.tables) == 1 else None,
        )
        if other is not None:
            left.pop(other.name, None)
        found.append((table, other))
    return found


def place_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """The address of the product, the tables and servers that it is read at."""
    for element, before, after in (
        ("domain", old.domain, new.domain),
        ("name", old.product, new.product),
    ):
        if before != after:
            said = f"{element} went from {before!r} to {after!r}, so the address moves"
            yield Raw(element, "address_moved", "breaking", said)
    if old.major == new.major:
        yield from _moved(old, new)
    yield from _server_changes(old, new)


def _moved(old: Contract, new: Contract) -> Iterator[Raw]:
    """Tables and id of one major version; another one has its own."""
    for before, after in paired_tables(old, new):
        if after is not None and before.physical_name.lower() != after.physical_name.lower():
            said = f"the table moved from {before.physical_name} to {after.physical_name}"
            yield Raw("physicalName", "table_moved", "breaking", said)
    if old.id != new.id:
        said = f"the contract was {old.id!r}, is {new.id!r}: who refers to it misses it"
        yield Raw("id", "id_changed", "risky", said)


def _server_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    before, after = _places(old), _places(new)
    for name in sorted(before):
        element = f"servers[{name}]"
        if name not in after:
            yield Raw(element, "server_dropped", "breaking", f"the server {name} is gone")
            continue
        if before[name] != after[name]:
            said = f"the server {name} is reached otherwise"
            yield Raw(element, "server_moved", "breaking", said)
        yield from _environment(old, new, name)
    for name in sorted(set(after) - set(before)):
        yield Raw(f"servers[{name}]", "server_added", "safe", f"the server {name} is new")


def _environment(old: Contract, new: Contract, name: str) -> Iterator[Raw]:
    """The environment of a server: production turned into a test is other data."""
    before, after = (_environment_of(each, name) for each in (old, new))
    if before == after:
        return
    said = f"the server {name} was {before or 'of no named environment'}, is {after or 'of none'}"
    if before:
        yield Raw(f"servers[{name}]", "environment_changed", "breaking", said)
    else:
        yield Raw(f"servers[{name}]", "reworded", "safe", said, step="patch")


def _environment_of(contract: Contract, name: str) -> str:
    return words(contract.servers[name].get("environment")).lower()


def _places(contract: Contract) -> dict[str, Mapping[str, Any]]:
    """How each server is reached, without what describes it or is looked at elsewhere."""
    described = {"description", "roles", "customProperties", "id", "environment"}
    return {
        name: {k: v for k, v in server.items() if k not in described}
        for name, server in contract.servers.items()
    }
