"""Tests of the package elementary that keep values of columns in its own tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PACKAGE = "elementary"
GIVING_VALUES = ("min", "max")
"""Monitors that keep a value of one row, named as the function that computes it."""


def kept_by(test: Mapping[str, Any]) -> str:
    """The query whose values the test keeps, empty if it keeps counts and the like."""
    metadata = test.get("test_metadata") or {}
    if metadata.get("namespace") != PACKAGE:
        return ""
    given = dict(metadata.get("kwargs") or {})
    given = {**given, **(given.get("arguments") or {})}
    kept: list[str] = []
    if metadata.get("name") == "dimension_anomalies":
        kept = [str(each) for each in given.get("dimensions") or []]
    elif metadata.get("name") == "column_anomalies":
        monitors = given.get("column_anomalies") or given.get("monitors") or []
        kept = [f"{each}({given.get('column_name')})" for each in monitors if each in GIVING_VALUES]
    columns = ", ".join(f"{each} as kept_{place}" for place, each in enumerate(kept))
    return f"select {columns} from {given.get('model')}" if kept else ""  # noqa: S608
