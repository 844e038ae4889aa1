"""Lineage by column for whoever needs it: contracts, the site, the plan of an erasure.

It asks nothing about privacy: on a project without classes it says what every column is made of,
and no class reaches anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mesh.privacy.analysis import METADATA, Analysis
from mesh.privacy.columns.parts import ColumnRef
from mesh.privacy.paths import path_of
from mesh.privacy.project import DbtProject

__all__ = ["ColumnLineage", "ColumnRef", "Lineage", "analyse", "column_lineage", "lineage_of"]


@dataclass(frozen=True)
class ColumnLineage:
    """What one column is made of.

    Args:
        direct: Columns of other nodes whose values it gives, changed or not.
        indirect: Columns that decide which of these it gives: in a case, a window, a comparison.
        classes: Words of the classes that reach it, each with the columns where values enter.
    """

    direct: frozenset[ColumnRef]
    indirect: frozenset[ColumnRef]
    classes: Mapping[str, frozenset[ColumnRef]] = field(default_factory=dict)


@dataclass(frozen=True)
class Lineage:
    """The lineage of a project.

    Args:
        columns: Every column of every model, snapshot and seed, by id of the node and name.
        rows: For every node the columns that decide which rows it has: joins, filters, groups.
        problems: For every node that could not be followed whole, why.
        analysis: Where all this comes from.
    """

    columns: Mapping[ColumnRef, ColumnLineage]
    rows: Mapping[str, frozenset[ColumnRef]]
    problems: Mapping[str, tuple[str, ...]]
    analysis: Analysis = field(repr=False, compare=False)

    @cached_property
    def _readers(self) -> Mapping[ColumnRef, frozenset[ColumnRef]]:
        found: dict[ColumnRef, set[ColumnRef]] = {}
        for ref, lineage in self.columns.items():
            for source in lineage.direct:
                found.setdefault(source, set()).add(ref)
        return {ref: frozenset(readers) for ref, readers in found.items()}

    def upstream(self, ref: ColumnRef) -> frozenset[ColumnRef]:
        """All columns whose values come to this one, over any number of nodes."""
        return self._closure(ref, {each: lineage.direct for each, lineage in self.columns.items()})

    def downstream(self, ref: ColumnRef) -> frozenset[ColumnRef]:
        """All columns that the values of this one come to, over any number of nodes."""
        return self._closure(ref, self._readers)

    def path(self, ref: ColumnRef, origin: ColumnRef) -> tuple[str, ...]:
        """The steps from where a classified value enters to a column; empty if it does not come."""
        for taint in self.analysis.taints(ref):
            if taint[0] == origin:
                return path_of(self.analysis, ref, taint)
        return ()

    @staticmethod
    def _closure(
        ref: ColumnRef, edges: Mapping[ColumnRef, frozenset[ColumnRef]]
    ) -> frozenset[ColumnRef]:
        found: set[ColumnRef] = set()
        ahead = [ref]
        while ahead:
            for each in edges.get(ahead.pop(), ()):
                if each not in found:
                    found.add(each)
                    ahead.append(each)
        return frozenset(found)


def analyse(project: DbtProject) -> Lineage:
    """Follow every column of a project; see :func:`mesh.privacy.project.load` for reading one."""
    analysis = Analysis(project)
    analysis.run()
    return lineage_of(analysis, analysis.results)


def lineage_of(analysis: Analysis, nodes: Iterable[str]) -> Lineage:
    """The lineage of the models, snapshots and seeds among some nodes, after ``analysis.run``."""
    columns: dict[ColumnRef, ColumnLineage] = {}
    rows: dict[str, frozenset[ColumnRef]] = {}
    problems: dict[str, tuple[str, ...]] = {}
    for unique_id in nodes:
        result = analysis.results.get(unique_id)
        if result is None:
            continue
        for name in dict.fromkeys(column.name for column in result.relation.columns):
            ref = ColumnRef(unique_id, name)
            columns[ref] = _of_column(analysis, ref)
        rows[unique_id] = frozenset(use.ref for use in result.relation.rows)
        if result.problems:
            problems[unique_id] = tuple(each.message for each in result.problems)
    return Lineage(columns, rows, problems, analysis)


def column_lineage(project: DbtProject) -> Mapping[ColumnRef, ColumnLineage]:
    """What every column of a project is made of."""
    return analyse(project).columns


def _of_column(analysis: Analysis, ref: ColumnRef) -> ColumnLineage:
    found: dict[bool, set[ColumnRef]] = {True: set(), False: set()}
    for column in analysis.result(ref.node).relation.named(ref.column):
        for use in column.uses:
            if use.ref.node != ref.node and not use.ref.node.startswith(METADATA):
                found[use.direct].add(use.ref)
    classes: dict[str, set[ColumnRef]] = {}
    for origin, cls in analysis.taints(ref):
        classes.setdefault(cls.word, set()).add(origin)
    return ColumnLineage(
        frozenset(found[True]),
        frozenset(found[False] - found[True]),
        {word: frozenset(origins) for word, origins in classes.items()},
    )
