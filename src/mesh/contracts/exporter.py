"""A contract in other forms: the standard, JSON Schema of a row, the simple form."""

from __future__ import annotations

import json
from typing import Any

from mesh.contracts.model import Contract, Field, Rule
from mesh.contracts.trino_types import Type, UnknownType, parse_type
from mesh.contracts.write import as_yaml
from mesh.core.errors import InputError

FORMS = ("odcs", "jsonschema", "simple")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
BOUNDS = {
    "tinyint": (-(2**7), 2**7 - 1),
    "smallint": (-(2**15), 2**15 - 1),
    "integer": (-(2**31), 2**31 - 1),
    "bigint": (-(2**63), 2**63 - 1),
}
FORMATS = {"date": "date", "timestamp": "date-time", "time": "time", "uuid": "uuid"}
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


def export(contract: Contract, form: str) -> str:
    """The contract in a form: ``odcs``, ``jsonschema`` or ``simple``.

    Raises:
        InputError: There is no such form.
    """
    if form == "odcs":
        return as_yaml(contract.raw)
    if form == "jsonschema":
        return json.dumps(json_schema(contract), indent=2, ensure_ascii=False) + "\n"
    if form == "simple":
        return as_yaml(simple(contract))
    raise InputError(f"there is no form {form!r}", expected=", ".join(FORMS))


def json_schema(contract: Contract) -> dict[str, Any]:
    """The JSON Schema of a row, as a consumer validates it.

    Numbers of a decimal are JSON numbers; timestamps are texts of RFC 3339.
    """
    table = contract.table
    return {
        "$schema": DIALECT,
        "$id": contract.address,
        "title": table.business_name or contract.product,
        "description": table.description,
        **_object(table.columns),
    }


def _object(columns: tuple[Field, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {column.name: _property(column) for column in columns},
        "required": [column.name for column in columns if column.required],
        "additionalProperties": False,
    }


def _property(column: Field) -> dict[str, Any]:
    try:
        shape = _shape(parse_type(column.physical))
    except UnknownType:
        shape = _logical(column)
    if column.logical == "object" and column.fields:
        shape = _object(column.fields)
    for name in (
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "pattern",
        "minLength",
        "maxLength",
    ):
        if name in column.options:
            shape[name] = column.options[name]
    values = next((v for v in map(_values, column.rules) if v is not None), None)
    if values is not None:
        shape["enum"] = values
    if not column.required:
        shape["type"] = [shape["type"], "null"] if "type" in shape else ["null"]
        if values is not None:
            shape["enum"] = [*values, None]
    told = {"title": column.business_name, "description": column.description}
    return {**shape, **{name: text for name, text in told.items() if text}}


def _values(rule: Rule) -> list[Any] | None:
    found = rule.arguments.get("validValues")
    return list(found) if isinstance(found, list) else None


def _shape(type_: Type) -> dict[str, Any]:
    """The JSON of a value of a Trino type."""
    if type_.name in BOUNDS:
        low, high = BOUNDS[type_.name]
        return {"type": "integer", "minimum": low, "maximum": high}
    if type_.name == "decimal":
        precision, scale = type_.numbers
        if scale == 0:
            return {"type": "integer"}
        limit = 10 ** (precision - scale)
        return {"type": "number", "exclusiveMinimum": -limit, "exclusiveMaximum": limit}
    if type_.name in ("real", "double", "boolean"):
        return {"type": type_.logical}
    if type_.fields:
        return _nested(type_)
    shape: dict[str, Any] = {"type": "string"}
    if type_.name in FORMATS:
        shape["format"] = FORMATS[type_.name]
    if type_.name in ("varchar", "char") and type_.numbers:
        shape["maxLength"] = type_.numbers[0]
    return shape


def _nested(type_: Type) -> dict[str, Any]:
    """The JSON of an array, a map or a row."""
    if type_.name == "map":
        return {"type": "object", "additionalProperties": _nullable(_shape(type_.fields[1][1]))}
    if type_.name != "row":
        return {"type": "array", "items": _nullable(_shape(type_.fields[0][1]))}
    if not all(name for name, _ in type_.fields):
        items = [_nullable(_shape(inner)) for _, inner in type_.fields]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
    named = {name: _nullable(_shape(inner)) for name, inner in type_.fields}
    return {"type": "object", "properties": named, "additionalProperties": False}


def _nullable(shape: dict[str, Any]) -> dict[str, Any]:
    return {**shape, "type": [shape["type"], "null"]}


def _logical(column: Field) -> dict[str, Any]:
    """The JSON of a column whose physical type is another engine's."""
    kind = {"date": "string", "timestamp": "string", "time": "string"}.get(
        column.logical, column.logical or "string"
    )
    shape: dict[str, Any] = {"type": kind}
    if column.logical in FORMATS:
        shape["format"] = FORMATS[column.logical]
    if kind == "array" and column.fields:
        shape["items"] = _property(column.fields[0])
    return shape


def simple(contract: Contract) -> dict[str, Any]:
    """The older shape ``dataset``; what has no place in it stands under ``more``."""
    table = contract.table
    return {
        "dataset": contract.product,
        "version": contract.version,
        "owner": _contact(contract),
        "schema": [
            {"name": c.name, "type": c.physical or c.logical, "description": c.description}
            for c in table.columns
        ],
        "quality_rules": _simple_rules(contract),
        "service_levels": {
            level.name: f"{level.value}{SHORT_UNITS.get(level.unit, level.unit)}"
            for level in contract.levels
        },
    }


def _contact(contract: Contract) -> str:
    for channel in contract.support:
        if "@" in str(channel.get("channel")):
            return str(channel["channel"])
    return contract.owner


def _simple_rules(contract: Contract) -> list[dict[str, Any]]:
    table = contract.table
    found: list[dict[str, Any]] = []
    for column in table.columns:
        if column.required:
            found.append({"column": column.name, "rule": "not_null"})
        if column.unique or table.key == (column.name,):
            found.append({"column": column.name, "rule": "unique"})
        for rule in column.rules:
            found.append(_simple_rule(rule))
    if len(table.key) > 1:
        found.append({"columns": list(table.key), "rule": "unique"})
    return found


def _simple_rule(rule: Rule) -> dict[str, Any]:
    values = _values(rule)
    if values is not None:
        return {"column": rule.column, "rule": "accepted_values", "values": values}
    return {"column": rule.column, "rule": SIMPLE_RULES.get(rule.metric, rule.identity)}
