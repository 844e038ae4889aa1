"""The columns of an older contract as the standard has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mesh.contracts.import_source import Source
from mesh.contracts.trino_types import Type, UnknownType, known_elsewhere, parse_type

LOOSE_TYPES = {
    "string": "varchar",
    "text": "varchar",
    "float": "double",
    "number": "decimal",
    "long": "bigint",
    "bool": "boolean",
    "datetime": "timestamp(6)",
    "bytes": "varbinary",
    "binary": "varbinary",
    "object": "json",
    "timestamptz": "timestamp(6) with time zone",
}
VAGUE = {"decimal", "numeric", "number"}
"""Words that leave the scale open: Trino would take them for whole numbers, and cut cents off."""


def columns_of(given: list[Any]) -> list[dict[str, Any]]:
    """The columns in their order, which is that of a key of several as well."""
    columns = [_column(each) for each in given]
    keyed = [column for column in columns if column.get("primaryKey")]
    for position, column in enumerate(keyed if len(keyed) > 1 else (), start=1):
        column["primaryKeyPosition"] = position
    return columns


def _column(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        return {"name": str(given)}
    source = Source(given)
    column: dict[str, Any] = {"name": source.text("name") or "unnamed"}
    written = source.text("type")
    if written is not None:
        column.update(_typed(written))
    description = source.text("description")
    if description is not None:
        column["description"] = description
    for old, new in (("required", "required"), ("unique", "unique"), ("primary_key", "primaryKey")):
        if isinstance(source.get(old), bool):
            column[new] = source.take(old)
    # A column cannot be both required and nullable: then both stay, and a person decides.
    if isinstance(source.get("nullable"), bool) and column.get("required") != source["nullable"]:
        column["required"] = not source.take("nullable")
    tags = source.get("tags")
    if isinstance(tags, list) and tags and all(isinstance(each, str) for each in tags):
        column["tags"] = source.take("tags")
    for name in ("classification", "business_name"):
        if isinstance(source.get(name), str):
            key = "businessName" if name == "business_name" else name
            column[key] = source.take(name)
    extra = [{"property": str(name), "value": value} for name, value in source.items()]
    if extra:
        column.setdefault("customProperties", []).extend(extra)
    return column


def _typed(written: str) -> dict[str, Any]:
    """Logical and physical type; a word that names no type is kept as it was written."""
    type_ = _trino(written)
    if type_ is None:
        if known_elsewhere(written):
            return {"physicalType": written}
        return {"customProperties": [{"property": "typeAsWritten", "value": written}]}
    made: dict[str, Any] = {"logicalType": type_.logical}
    if written.strip().lower() not in VAGUE:
        made["physicalType"] = str(type_)
    if made.get("physicalType") != written.lower():
        made["customProperties"] = [{"property": "typeAsWritten", "value": written}]
    return made


def _trino(written: str) -> Type | None:
    try:
        return parse_type(LOOSE_TYPES.get(written.strip().lower(), written))
    except UnknownType:
        return None
