"""What saved queries of the semantic layer write into tables, as queries over the models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Entry = Mapping[str, Any]

WORD = r"\s*['\"](\w+)['\"]"
ASKED = re.compile(rf"(?:Dimension|Entity)\s*\({WORD}(?:\s*,{WORD})?")
"""A dimension or entity in the words of a saved query, with the granularity it is asked in."""
TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.S)
GRAINS = frozenset({"hour", "day", "week", "month", "quarter", "year"})
OWN_TIME = "metric_time"
"""Stands for the time dimension of every measure's own model."""

AGGREGATES = {
    "count": "count({0})",
    "count_distinct": "count(distinct {0})",
    "sum": "sum({0})",
    "sum_boolean": "sum(cast({0} as integer))",
    "average": "avg({0})",
    "min": "min({0})",
    "max": "max({0})",
}
"""Any other one, such as a median, gives a value."""


def exported(raw: Entry) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    """The saved queries that write a table, each with the parts of its name."""
    for saved in (raw.get("saved_queries") or {}).values():
        for export in saved.get("exports") or []:
            config = export.get("config") or {}
            parts = (config.get("database"), config.get("schema_name"))
            name = config.get("alias") or export.get("name")
            yield saved, tuple(str(each).lower() for each in (*parts, name) if each)


def queries_of(saved: Entry, raw: Entry) -> Iterator[str]:
    """One query for each model that a saved query reads: what it shows of that model."""
    said = saved.get("query_params") or {}
    grouped = [_asked(str(each)) for each in said.get("group_by") or []]
    wheres = [
        str(each.get("where_sql_template"))
        for each in (said.get("where") or {}).get("where_filters") or []
    ]
    wanted = {
        str(measure.get("name"))
        for metric in (raw.get("metrics") or {}).values()
        if metric.get("name") in (said.get("metrics") or [])
        for measure in (metric.get("type_params") or {}).get("input_measures") or []
    }
    for model in (raw.get("semantic_models") or {}).values():
        known = _names(model)
        keys = [f"{_cut(known[name], grain)}" for name, grain in grouped if name in known]
        figures = [each for each in model.get("measures") or [] if each.get("name") in wanted]
        if not figures and not keys:
            continue
        shown = [f"{key} as key_{place}" for place, key in enumerate(keys)]
        shown += [f"{_figure(each)} as {each['name']}" for each in figures]
        # Groups by what lies in another model are no larger than those of one's own entities.
        others = [_expression(each) for each in model.get("entities") or []]
        groups = keys or (others if grouped else [])
        conditions = [text for each in wheres if (text := _condition(each, known))]
        query = f"select {', '.join(shown)} from {{{{ {model.get('model')} }}}}"  # noqa: S608
        query += f" where {' and '.join(conditions)}" if conditions else ""
        yield query + (f" group by {', '.join(groups)}" if groups else "")


def _asked(text: str) -> tuple[str, str]:
    """The name of a dimension or entity without those before it, and the granularity."""
    found = ASKED.search(text)
    name, grain = (found[1], found[2] or "") if found else (text.strip(), "")
    *_, last = name.split("__")
    if last in GRAINS and "__" in name:
        name, grain = name.rpartition("__")[0], last
    return name.rpartition("__")[2], grain.lower()


def _names(model: Entry) -> dict[str, str]:
    """The expressions that dimensions and entities of a model stand for."""
    parts = [*(model.get("dimensions") or []), *(model.get("entities") or [])]
    found = {str(each["name"]): _expression(each) for each in parts}
    own = str((model.get("defaults") or {}).get("agg_time_dimension") or "")
    return {**found, OWN_TIME: found[own]} if own in found else found


def _expression(part: Entry) -> str:
    return f"({part['expr']})" if part.get("expr") else str(part["name"])


def _cut(expression: str, grain: str) -> str:
    return f"date_trunc('{grain}', {expression})" if grain in GRAINS else expression


def _figure(measure: Entry) -> str:
    return AGGREGATES.get(str(measure.get("agg")), "max({0})").format(_expression(measure))


def _condition(template: str, known: Mapping[str, str]) -> str:
    """A filter over a model's own columns; empty if it asks for others."""
    asked = [_asked(each)[0] for each in TEMPLATE.findall(template)]
    if any(each not in known for each in asked):
        return ""
    return f"({TEMPLATE.sub(lambda found: known[_asked(found[1])[0]], template)})"
