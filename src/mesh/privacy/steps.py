"""The steps inside a node by which a class of one column reaches another, kept by no store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mesh.privacy.analysis import Analysis
from mesh.privacy.classes import Class
from mesh.privacy.columns.parts import ColumnRef, Relation, Step, Unfollowable
from mesh.privacy.columns.query import relation_of
from mesh.privacy.columns.statement import query_of


def steps_of(
    analysis: Analysis, ref: ColumnRef, before: tuple[ColumnRef, Class], cls: Class
) -> list[Step]:
    """The steps inside a node by which a class of another column reaches one of its own."""
    for relation in _traces(analysis, ref.node):
        for column in relation.named(ref.column):
            for use, step in column.uses.items():
                if use.ref == before[0] and use.direct and use.change[before[1]] is cls:
                    return list(_chain(step))
    return []


def _traces(analysis: Analysis, unique_id: str) -> list[Relation]:
    if unique_id not in analysis.traced:
        result = analysis.results.get(unique_id)
        texts = result.texts if result else []
        if not texts and analysis.kind(unique_id) in {"model", "snapshot"}:
            texts = analysis.walker.node(analysis.tables.nodes[unique_id], {}).texts
        found = []
        for text in texts:
            try:
                around = replace(analysis.around({}), trace=True)
                found.append(relation_of(query_of(text), around))
            except Unfollowable:  # a statement beside the query
                continue
        analysis.traced[unique_id] = found
    return analysis.traced[unique_id]


def _chain(step: Step | None) -> Iterator[Step]:
    if step is not None:
        yield from _chain(step.before)
        yield step
