"""The JSON Schema of a row of a product, as a consumer validates it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mesh.contracts.dbt_tests import is_strict
from mesh.contracts.model import Contract, Field
from mesh.contracts.trino_types import Type, UnknownType, parse_type

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BOUNDS = {
    "tinyint": (-(2**7), 2**7 - 1),
    "smallint": (-(2**15), 2**15 - 1),
    "integer": (-(2**31), 2**31 - 1),
    "bigint": (-(2**63), 2**63 - 1),
}
FORMATS = {"date": "date", "timestamp": "date-time", "time": "time", "uuid": "uuid"}
NUMBER = (int, float)
KEYWORDS: Mapping[str, tuple[type, ...]] = {
    "minimum": NUMBER, "maximum": NUMBER, "exclusiveMinimum": NUMBER, "exclusiveMaximum": NUMBER,
    "multipleOf": NUMBER, "minLength": (int,), "maxLength": (int,), "pattern": (str,),
    "format": (str,), "minItems": (int,), "maxItems": (int,), "uniqueItems": (bool,),
    "minProperties": (int,), "maxProperties": (int,),
}  # fmt: skip
"""Options of the standard that JSON Schema has too, with what their values are there.

It has no limits of dates and times: those of the standard are texts, and are told in `$comment`.
"""
TIGHTER: Mapping[str, Callable[[Any, Any], Any]] = {
    "minimum": max, "exclusiveMinimum": max, "minLength": max,
    "maximum": min, "exclusiveMaximum": min, "maxLength": min,
}  # fmt: skip
"""Which of two limits holds, of the type and of the contract."""


def json_schema(contract: Contract) -> dict[str, Any]:
    """The JSON Schema of a row of the contract's table.

    Numbers of a decimal are JSON numbers; timestamps are texts of RFC 3339. What it cannot say of
    a column stands in the column's ``$comment``.
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
    told = [*_limits(column, shape), *_values(column, shape)]
    if not column.required:
        shape["type"] = [shape["type"], "null"] if "type" in shape else ["null"]
        if "enum" in shape:
            shape["enum"] = [*shape["enum"], None]
    words = {
        "title": column.business_name,
        "description": column.description,
        "$comment": "; ".join(told),
    }
    return {**shape, **{name: text for name, text in words.items() if text}}


def _limits(column: Field, shape: dict[str, Any]) -> Iterator[str]:
    """Put the limits of a column into its shape; those that JSON Schema has none for are told."""
    for name, value in column.options.items():
        if name == "required" and isinstance(value, list):
            shape[name] = sorted({*shape.get(name, ()), *value})
        elif _has_keyword(column, name, value):
            shape[name] = TIGHTER.get(name, _last)(shape.get(name, value), value)
        else:
            yield f"{name}: {value}"


def _has_keyword(column: Field, name: str, value: Any) -> bool:
    """Whether JSON Schema says an option in the same words; a format of dates is Java's."""
    if isinstance(value, bool):
        return name == "uniqueItems"
    named = name != "format" or column.logical == "string"
    readable = name != "pattern" or _is_portable(value)
    return named and readable and isinstance(value, KEYWORDS.get(name, ()))


def _is_portable(pattern: Any) -> bool:
    """Whether more than Java reads a regular expression: a validator stops at one it cannot read.

    Source: JSON Schema 2020-12 Core, 6.4, which advises the tokens that all dialects share.
    """
    try:
        re.compile(str(pattern))
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _last(_: Any, value: Any) -> Any:
    return value


def _values(column: Field, shape: dict[str, Any]) -> Iterator[str]:
    """Put the values of a column into its shape; a rule that lets some rows differ is told."""
    for rule in column.rules:
        values, pattern = (rule.arguments.get(name) for name in ("validValues", "pattern"))
        if values is None and pattern is None:
            continue
        if not is_strict(rule):
            yield f"{values or pattern}, but for some rows"
            continue
        if pattern is not None and not _is_portable(pattern):
            yield f"pattern: {pattern}"
            pattern = None
        if isinstance(values, list):
            shape["enum"] = [v for v in shape.get("enum", values) if v in values and v is not None]
        if isinstance(pattern, str):
            shape["allOf"] = [*shape.get("allOf", ()), {"pattern": pattern}]


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
