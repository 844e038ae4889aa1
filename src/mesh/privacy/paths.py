"""Says in words how a value came where it was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mesh.privacy.analysis import Analysis, Taint
from mesh.privacy.classes import Class
from mesh.privacy.columns.parts import ColumnRef

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
    steps: list[str] = []
    current: tuple[ColumnRef, Class] | None = (ref, taint[1])
    origin = taint[0]
    seen: set[ColumnRef] = set()
    while current is not None and current[0] not in seen:
        at, cls = current
        seen.add(at)
        taints = analysis.taints(at)
        steps.append(_step(analysis, at, cls))
        current = taints.get((origin, cls))
    return tuple(reversed(steps))


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


def _step(analysis: Analysis, ref: ColumnRef, cls: Class) -> str:
    node = analysis.tables.nodes.get(ref.node)
    name = f"{label(analysis, ref.node)}.{ref.column}"
    if node is None:
        return name
    place = _place(node, ref.column)
    expression = expression_of(analysis, ref)
    made = f" <- {expression}" if expression else ""
    return f"{name}{made} [{cls.word}] ({place})"


def expression_of(analysis: Analysis, ref: ColumnRef) -> str:
    """The expression that makes a column of a node, empty where it is passed on as it is."""
    for text in analysis.expressions(ref):
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return ""


def _place(node: Mapping[str, Any], column: str) -> str:
    """File and line in which a column is named, the last one: there a query gives it."""
    path = str(node["original_file_path"])
    lines = str(node.get("raw_code") or "").lower().splitlines()
    for number in range(len(lines), 0, -1):
        if column in lines[number - 1]:
            return f"{path}:{number}"
    return path
