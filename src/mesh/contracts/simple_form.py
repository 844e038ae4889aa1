"""A contract in the older shape ``dataset``, which other tools still read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mesh.contracts.dbt_tests import is_strict
from mesh.contracts.model import Contract, Field, Rule

SIMPLE_RULES = {"nullValues": "not_null", "duplicateValues": "unique"}
SHORT_UNITS = {
    "minute": "m",
    "minutes": "m",
    "min": "m",
    "hour": "h",
    "hours": "h",
    "day": "d",
    "days": "d",
    "percent": "%",
}
ROOT = ("apiVersion", "kind", "name", "schema", "version")
TABLE = ("name", "properties", "quality")
COLUMN = ("name", "physicalType", "description", "quality", "required", "unique")
LEVEL = ("property", "value", "unit")
"""The fields of the standard that have a place of their own in the older shape."""


def simple(contract: Contract) -> dict[str, Any]:
    """The older shape ``dataset``; what has no place in it stands under ``more``, as it was."""
    table = contract.table
    made = {
        "dataset": contract.product,
        "version": contract.version,
        "owner": _contact(contract),
        "schema": [
            {"name": c.name, "type": c.physical or c.logical, "description": c.description}
            for c in table.columns
        ],
        "quality_rules": _rules(contract),
        "service_levels": {
            level.name: f"{level.value}{SHORT_UNITS.get(level.unit, level.unit)}"
            for level in contract.levels
            if level == contract.level(level.name)
        },
    }
    more = _more(contract)
    return {**made, "more": more} if more else made


def _more(contract: Contract) -> dict[str, Any]:
    """What the older shape has no place for, in the words of the standard."""
    found = _rest(contract.raw, (*ROOT, "slaProperties"))
    given: Any = contract.raw.get("slaProperties")
    levels = [
        given[level.path[-1]]
        for level in contract.levels
        if level != contract.level(level.name) or _rest(given[level.path[-1]], LEVEL)
    ]
    columns = {c.name: rest for c in contract.table.columns if (rest := _rest_of_column(c))}
    parts = {
        "slaProperties": levels,
        "schema": _rest(contract.table.raw, TABLE),
        "properties": columns,
    }
    return found | {name: part for name, part in parts.items() if part}


def _rest_of_column(column: Field) -> dict[str, Any]:
    """What is left of a column, whose logical type is its type where it has no other."""
    shown = COLUMN if column.physical else (*COLUMN, "logicalType")
    return _rest(column.raw, shown)


def _rest(raw: Mapping[str, Any], mapped: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name not in mapped}


def _contact(contract: Contract) -> str:
    for channel in contract.support:
        if "@" in str(channel.get("channel")):
            return str(channel["channel"])
    return contract.owner


def _rules(contract: Contract) -> list[dict[str, Any]]:
    """The rules of columns and table, each once."""
    table = contract.table
    found: list[dict[str, Any]] = []
    for column in table.columns:
        if column.required:
            found.append({"column": column.name, "rule": "not_null"})
        if column.unique or table.key == (column.name,):
            found.append({"column": column.name, "rule": "unique"})
        found += map(_rule, column.rules)
    if len(table.key) > 1:
        found.append({"columns": list(table.key), "rule": "unique"})
    found += map(_rule, table.rules)
    return [rule for at, rule in enumerate(found) if rule not in found[:at]]


def _rule(rule: Rule) -> dict[str, Any]:
    """A rule in the words of the older shape, or with all that the standard says of it."""
    where = {"column": rule.column} if rule.column else {}
    said = rule.raw.get("description")
    told = {"description": said} if said else {}
    values = rule.arguments.get("validValues")
    if is_strict(rule) and rule.column and set(rule.arguments) <= {"validValues"}:
        if rule.metric == "invalidValues" and isinstance(values, list):
            return {**where, "rule": "accepted_values", "values": values, **told}
        if rule.metric in SIMPLE_RULES and not rule.arguments:
            return {**where, "rule": SIMPLE_RULES[rule.metric], **told}
    named = rule.metric or rule.identity
    return {**where, "rule": named, **_rest(rule.raw, ("metric", "rule"))}
