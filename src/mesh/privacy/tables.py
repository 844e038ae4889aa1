"""Finds the node of a manifest that a table in SQL is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

KINDS = frozenset({"model", "seed", "snapshot"})


class Tables:
    """The tables of a project by the names that SQL gives them."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.nodes: dict[str, Mapping[str, Any]] = {
            **{k: n for k, n in raw["nodes"].items() if n["resource_type"] in KINDS},
            **raw["sources"],
        }
        self._names: dict[tuple[str, ...], list[str]] = {}
        for unique_id, node in self.nodes.items():
            parts = name_of(node)
            for start in range(len(parts)):
                self._names.setdefault(parts[start:], []).append(unique_id)

    def find(self, parts: Sequence[str]) -> str | None:
        """The node of a table, by as much of its name as is written; None if it is none.

        A table of the same schema and name in another catalog is found too: on a branch of the
        lake it is the same table. A name by itself is found where only one node has it.
        """
        wanted = tuple(part.lower() for part in parts)
        for start in range(max(len(wanted) - 1, 1)):
            found = self._names.get(wanted[start:], [])
            if len(found) == 1 or (found and start == 0 and len(wanted) > 1):
                return found[0]
        return None

    def twins(self, unique_id: str) -> list[str]:
        """Other nodes of the manifest that are the same table."""
        return [each for each in self._names[name_of(self.nodes[unique_id])] if each != unique_id]

    def elsewhere(self, parts: Sequence[str], unique_id: str) -> bool:
        """Whether the table is written with another catalog than the node has."""
        own = name_of(self.nodes[unique_id])
        return len(parts) > 2 and len(own) > 2 and parts[0].lower() != own[0]


def name_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """Catalog, schema and name in lower case; missing parts are left out."""
    table = node.get("identifier") or node.get("alias") or node["name"]
    parts = (node.get("database"), node.get("schema"), table)
    return tuple(str(part).lower() for part in parts if part)
