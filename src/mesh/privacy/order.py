"""In which order the nodes of a project are looked at: what is read comes before who reads it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

Nodes = Mapping[str, Mapping[str, Any]]


def in_order(nodes: Nodes, only: Collection[str] | None = None) -> list[str]:
    """The ids of all nodes, or of some and of what those read, each after what it reads.

    Where nodes read each other in a circle there is no such order: then as they come.
    """
    read = {unique_id: _read_by(nodes, unique_id) for unique_id in nodes}
    if only is not None:
        read = {unique_id: read[unique_id] for unique_id in _reached(read, only)}
    try:
        return list(TopologicalSorter(read).static_order())
    except CycleError:
        return list(read)


def _read_by(nodes: Nodes, unique_id: str) -> list[str]:
    named: list[str] = (nodes[unique_id].get("depends_on") or {}).get("nodes") or []
    return [each for each in named if each in nodes]


def _reached(read: Mapping[str, list[str]], only: Collection[str]) -> dict[str, None]:
    found: dict[str, None] = {}
    ahead = [each for each in only if each in read]
    while ahead:
        unique_id = ahead.pop()
        if unique_id not in found:
            found[unique_id] = None
            ahead += read[unique_id]
    return found
