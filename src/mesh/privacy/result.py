"""What is known of one node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mesh.privacy.classes import Class
from mesh.privacy.columns.parts import ColumnRef, Relation, Uses
from mesh.privacy.columns.statement import Written

Taint = tuple[ColumnRef, Class]
"""A column where a value enters, and the class it has by now."""

Taints = Mapping[Taint, tuple[ColumnRef, Class] | None]
"""Classes that reach a column, each with the column and class it came from one step before."""


@dataclass(frozen=True)
class Problem:
    """Something that could not be followed, as the code and words of a finding."""

    code: str
    message: str


@dataclass
class Result:
    """What is known of a node.

    Args:
        relation: Its columns, over all ways in which it renders.
        taints: For every column the classes that reach it.
        texts: SQL of the ways it renders; empty for a result that was kept.
        written: What statements beside the query write.
        shown: What it makes of values that it shows in logs.
        reads: Nodes it reads that neither ref() nor source() named.
        named: Nodes that these named.
        settings: What its own text sets, in some way of rendering, that the manifest does not say.
    """

    relation: Relation
    taints: dict[str, dict[Taint, tuple[ColumnRef, Class] | None]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    shown: Uses = field(default_factory=dict)
    reads: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    settings: list[Mapping[str, Any]] = field(default_factory=list)
