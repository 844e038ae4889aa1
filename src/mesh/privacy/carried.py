"""What comes into columns besides what a query reads: by its own table, and by statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mesh.privacy.classes import Class
from mesh.privacy.columns.parts import PERSON, PLAIN, Column, ColumnRef, Relation
from mesh.privacy.result import Result, Taint

Added = dict[str, dict[str, dict[Taint, tuple[ColumnRef, Class] | None]]]
"""For nodes and their columns the classes that statements beside their own query bring."""


def written_over(relation: Relation, names: Iterable[str]) -> Relation:
    """A table after statements wrote into these columns: what they hold is no longer sure."""
    columns = [
        replace(column, people=False, marks=column.marks - {PERSON, PLAIN})
        if column.name in names
        else column
        for column in relation.columns
    ]
    known = {column.name for column in columns}
    return replace(
        relation, columns=[*columns, *(Column(each, {}) for each in names if each not in known)]
    )


def carry(unique_id: str, result: Result) -> bool:
    """Take over what a node's columns have of others that it reads of its own table.

    Gives whether any class is new in a column: it may go on from there in the run after the next.
    """
    new = False
    for column in result.relation.columns:
        found = result.taints[column.name]
        for use in column.uses:
            if not use.direct or use.ref.node != unique_id or use.ref.column == column.name:
                continue
            own = result.taints.get(use.ref.column, {(use.ref, Class.UNKNOWN): None})
            for origin, before in list(own):
                now = use.change[before]
                if now is not Class.NONE and (origin, now) not in found:
                    found[origin, now] = (use.ref, before)
                    new = True
    return new
