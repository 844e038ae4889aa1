"""Says in words how a value came where it was found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mesh.privacy.analysis import Analysis
from mesh.privacy.classes import Class
from mesh.privacy.columns.parts import ColumnRef
from mesh.privacy.result import Taint
from mesh.privacy.steps import steps_of

LONGEST = 100
"""Characters of an expression that are shown."""


def label(analysis: Analysis, unique_id: str) -> str:
    """Name of a node; that of a source with its schema's name."""
    node = analysis.tables.nodes.get(unique_id)
    if node is None:
        return unique_id
    if node["resource_type"] == "source":
        return f"{node['source_name']}.{node['name']}"
    return str(node["name"])


def origin_name(analysis: Analysis, ref: ColumnRef) -> str:
    """``source.table.column`` of where a value enters, in lower case."""
    return f"{label(analysis, ref.node)}.{ref.column}".lower()


def path_of(analysis: Analysis, ref: ColumnRef, taint: Taint) -> tuple[str, ...]:
    """The steps from where a value enters to a column, the first one first."""
    steps: list[tuple[str, ...]] = []
    current: tuple[ColumnRef, Class] | None = (ref, taint[1])
    seen: set[tuple[ColumnRef, Class]] = set()
    while current is not None and current not in seen:
        seen.add(current)
        before = analysis.taints(current[0]).get((taint[0], current[1]))
        steps.append(_steps(analysis, *current, before))
        current = before
    return tuple(step for each in reversed(steps) for step in each)


def path_from(
    analysis: Analysis,
    origin: ColumnRef,
    before: tuple[ColumnRef, Class] | None,
    last: str,
    cls: Class,
) -> tuple[str, ...]:
    """The steps to a place that is no column of a node; ``last`` names it."""
    first = path_of(analysis, before[0], (origin, before[1])) if before else ()
    return (*first, f"{last} [{cls.word}]")


def _steps(
    analysis: Analysis, ref: ColumnRef, cls: Class, before: tuple[ColumnRef, Class] | None
) -> tuple[str, ...]:
    """A node's own steps: the expressions of its inner queries, then its column."""
    node = analysis.tables.nodes.get(ref.node)
    name = label(analysis, ref.node)
    if node is None:
        return (f"{name}.{ref.column}",)
    inner = steps_of(analysis, ref, before, cls) if before is not None else []
    lines = [f"{name}: {each.name} <- {_short(each.text)}" for each in inner[:-1]]
    made = f" <- {_short(inner[-1].text)}" if inner else ""
    place = _place(node, ref.column)
    return (*lines, f"{name}.{ref.column}{made} [{cls.word}] ({place})")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _place(node: Mapping[str, Any], column: str) -> str:
    """File and line in which a column is named, the last one: there a query gives it."""
    path = str(node["original_file_path"])
    lines = str(node.get("raw_code") or "").lower().splitlines()
    for number in range(len(lines), 0, -1):
        if re.search(rf"\b{re.escape(column)}\b", lines[number - 1]):
            return f"{path}:{number}"
    return path
