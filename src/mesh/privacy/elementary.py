"""Tests of the package elementary that keep values of columns in its own tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

PACKAGE = "elementary"
GIVING_VALUES = ("min", "max")
"""Monitors that keep a value of one row, named as the function that computes it.

They are among those that watch a numeric column where a test names none.
"""

WATCHING = ("column_anomalies", "all_columns_anomalies")
NUMERIC = re.compile(r"int|decimal|double|real|numeric|float|number", re.I)

Values = Mapping[str, Any]


def kept_by(test: Values, tested: Values | None, names: Sequence[str] = ()) -> str:
    """The query whose values the test keeps, empty if it keeps counts and the like.

    ``tested`` is the node that it looks at, ``names`` are those of its columns, if they are known.
    """
    metadata = test.get("test_metadata") or {}
    if metadata.get("namespace") != PACKAGE:
        return ""
    given = dict(metadata.get("kwargs") or {})
    given = {**given, **(given.get("arguments") or {})}
    # Most of its tests can be told to keep their numbers for each value of these.
    kept = _listed(given.get("dimensions"))
    kept += _monitored(str(metadata.get("name")), given, tested or {}, names)
    columns = ", ".join(f"{each} as kept_{place}" for place, each in enumerate(kept))
    if "*" in kept:
        columns = "*"
    return f"select {columns} from {given.get('model')}" if kept else ""  # noqa: S608


SAMPLED = "test_sample_row_count"
"""How many rows that fail a test are kept: a variable, or a word in the meta of the test."""
USUAL_SAMPLE = 5


def samples(test: Values, raw: Values, variables: Values) -> bool:
    """Whether the package is there and keeps some of the rows that fail a test."""
    if all(macro["package_name"] != PACKAGE for macro in raw["macros"].values()):
        return False
    meta = (test.get("config") or {}).get("meta") or {}
    places = (meta.get(PACKAGE), meta, variables.get(PACKAGE), variables)
    said = [each[SAMPLED] for each in places if isinstance(each, Mapping) and SAMPLED in each]
    return str(said[0] if said else USUAL_SAMPLE).strip() != "0"


def _listed(given: Any) -> list[str]:
    return [str(each) for each in (given if isinstance(given, list) else [given] if given else [])]


def _monitored(name: str, given: Values, tested: Values, names: Sequence[str]) -> list[str]:
    """What monitors keep of columns."""
    if name == "collect_metrics":
        return [
            f"{each['type']}({column})"
            for each in given.get("metrics") or []
            if each.get("type") in GIVING_VALUES
            for column in _listed(each.get("columns"))
        ]
    if name not in WATCHING:
        return []
    named = _listed(given.get("column_anomalies") or given.get("monitors"))
    giving = [each for each in named or GIVING_VALUES if each in GIVING_VALUES]
    if name == "column_anomalies":
        columns = _listed(given.get("column_name"))
    else:
        columns = list(_watched(given, names)) if names else ["*"]
    if not named:
        columns = [each for each in columns if _may_be_numeric(each, tested)]
    if "*" in columns:
        return ["*"] if giving else []
    return [f"{each}({column})" for column in columns for each in giving]


def _watched(given: Values, names: Sequence[str]) -> Iterator[str]:
    """The columns that a test of all columns looks at."""
    prefix, pattern = given.get("exclude_prefix"), given.get("exclude_regexp")
    for name in names:
        left_out = prefix and name.startswith(str(prefix).lower())
        if not left_out and not (pattern and _matches(str(pattern), name)):
            yield name


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.match(pattern, name, re.I) is not None
    except re.error:
        return False


def _may_be_numeric(column: str, tested: Values) -> bool:
    """Whether nothing says that a column is no number."""
    for name, said in (tested.get("columns") or {}).items():
        if str(name).lower() == column.lower() and said.get("data_type"):
            return NUMERIC.search(str(said["data_type"])) is not None
    return True
