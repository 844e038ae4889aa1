"""Lineage by column: what each column is made of, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple


class Ref(NamedTuple):
    """A column of a node, by the node's unique id in dbt."""

    node: str
    column: str


@dataclass(frozen=True)
class ColumnLineage:
    """What every column is directly made of; columns that only filter or join do not count."""

    made_of: Mapping[Ref, tuple[Ref, ...]]

    @cached_property
    def used_by(self) -> Mapping[Ref, tuple[Ref, ...]]:
        """The columns that are directly made of a column."""
        found: dict[Ref, list[Ref]] = {}
        for ref, parts in self.made_of.items():
            for part in parts:
                found.setdefault(part, []).append(ref)
        return {ref: tuple(sorted(users)) for ref, users in found.items()}

    def upstream(self, ref: Ref) -> set[Ref]:
        """All that goes into a column, itself left out."""
        return reached(self.made_of, [ref])

    def downstream(self, ref: Ref) -> set[Ref]:
        """All that a column goes into, itself left out."""
        return reached(self.used_by, [ref])


def reached(edges: Mapping[Ref, tuple[Ref, ...]], start: Iterable[Ref]) -> set[Ref]:
    """Everything that can be reached, the start left out unless a circle leads back to it."""
    found: set[Ref] = set()
    waiting = list(start)
    while waiting:
        for each in edges.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def read_lineage(manifest: Path) -> ColumnLineage | None:
    """The lineage by column of the project of a ``manifest.json``; None without the analysis.

    Raises:
        MeshError: The manifest is not one.
    """
    try:
        from mesh.privacy.analysis import Analysis
        from mesh.privacy.project import load
    except ImportError:
        return None
    analysis = Analysis(load(manifest=manifest))
    analysis.run()
    made_of = {}
    for node, result in analysis.results.items():
        for column in result.relation.columns:
            parts = {
                Ref(use.ref.node, use.ref.column)
                for use in column.uses
                if use.direct and use.ref.node != node and "." in use.ref.node
            }
            made_of[Ref(node, column.name)] = tuple(sorted(parts))
    return ColumnLineage(made_of)
