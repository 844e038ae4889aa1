"""Figures about groups of people that may be of one person.

A count carries no value of anybody, so no class reaches it, and a code of a diagnosis may stand in
a published aggregate where the rules of the project say so. Together they are about a person where
the group is one. So a published query that counts by such attributes has to hold some number of
people against the least that may be shown; which figures that guards is told apart elsewhere, for
the values that they carry.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlglot import exp

from mesh.privacy.analysis import Analysis
from mesh.privacy.classes import Class
from mesh.privacy.columns.functions import ORDERED
from mesh.privacy.columns.parts import ColumnRef, Unfollowable
from mesh.privacy.columns.statement import query_of
from mesh.privacy.findings import Finding
from mesh.privacy.result import Result

COUNTS = (exp.Count, exp.CountIf, exp.ApproxDistinct)
RECORDS = frozenset(
    {"account_number", "medical_record_number", "record_number", "other_identifier"}
)
"""Identifiers of one person or record: what shows one has a row for each, judged by other rules."""


def unguarded_counts(
    analysis: Analysis, node: Mapping[str, Any], result: Result, smallest: int
) -> Iterator[Finding]:
    """That a published node counts by attributes of people and asks nowhere how many they are.

    Args:
        analysis: The project.
        node: The node.
        result: What is known of it.
        smallest: Least number of people in a group that may be shown.
    """
    keys = {
        column
        for column, taints in result.taints.items()
        if any(_tells(analysis, origin, cls) for origin, cls in taints)
    }
    if not keys or any(
        analysis.declared(origin).identifier in RECORDS
        for taints in result.taints.values()
        for origin, _ in taints
    ):
        return
    texts = result.texts or analysis.walker.node(node, {}).texts
    named = sorted(keys & {key for text in texts for key in _unguarded(text, smallest)})
    if named:
        yield Finding(
            "PRIV021",
            str(node["name"]),
            f"it counts by {', '.join(named)} and asks nowhere whether these are {smallest} people",
            named[0],
            file=str(node["original_file_path"]),
        )


def _tells(analysis: Analysis, origin: ColumnRef, cls: Class) -> bool:
    """Whether groups of people were formed by it; the day of care alone tells of nobody."""
    if cls is Class.QUASI_KEY:
        return analysis.declared(origin).identifier != "date"
    return cls is Class.SENSITIVE_KEY


def _unguarded(text: str, smallest: int) -> Iterator[str]:
    """What a query counts by, if it holds no number against the least that may be shown."""
    try:
        query = query_of(text)
    except Unfollowable:
        return  # that is a finding of its own
    figures = {
        part.alias_or_name.lower()
        for select in query.find_all(exp.Select)
        for part in select.selects
        if part.find(*COUNTS, exp.Sum) is not None
    }
    if any(_is_guard(each, figures, smallest) for each in query.find_all(*ORDERED)):
        return
    for select in query.find_all(exp.Select):
        group = select.args.get("group")
        if group is not None and any(part.find(*COUNTS) for part in select.selects):
            for key in group.expressions:
                place = int(key.this) if isinstance(key, exp.Literal) and key.this.isdigit() else 0
                if 0 < place <= len(select.selects):
                    key = select.selects[place - 1].unalias()  # noqa: PLW2901
                named = (each for each in select.selects if each.unalias() == key)
                yield from (each.alias_or_name.lower() for each in named)


def _is_guard(comparison: exp.Expr, figures: Collection[str], smallest: int) -> bool:
    """Whether a count, or a column that is one, is held against the least, from either side."""
    sides = (comparison.this, comparison.expression)
    numbers = [int(s.this) for s in sides if isinstance(s, exp.Literal) and s.this.isdigit()]
    counted = any(
        side.find(*COUNTS, exp.Sum) is not None
        or any(column.name.lower() in figures for column in side.find_all(exp.Column))
        for side in sides
    )
    return counted and any(number >= smallest - 1 for number in numbers)
