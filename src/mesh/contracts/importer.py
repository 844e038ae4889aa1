"""Reads the two older shapes of contracts and writes the standard.

Everything that is in the file is in the contract: in a field of the standard where there is one,
else word for word in the custom property ``imported``, and then it is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mesh.contracts.compose import Node
from mesh.contracts.document import Document, Key, parse, read
from mesh.contracts.finding import errors
from mesh.contracts.import_promises import put_levels, put_rules
from mesh.contracts.lint import lint
from mesh.contracts.model import is_number
from mesh.contracts.rules import STATUSES
from mesh.contracts.trino_types import Type, UnknownType, known_elsewhere, parse_type
from mesh.contracts.write import as_yaml
from mesh.core.errors import Findings, InputError

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
DEFAULT_VERSION = "0.1.0"
DRAFT = "draft"
"""The status of a contract that says nothing of it."""


class _Source(dict[str, Any]):
    """A mapping whose parts are taken out one by one; what is left has not been mapped."""

    def take(self, name: str) -> Any:
        """A part, no longer here afterwards; None if it is not there."""
        return self.pop(name, None)


def import_file(path: Path) -> tuple[str, list[str]]:
    """The contract that an older file becomes, as YAML, and what could not be mapped.

    Raises:
        InputError: The file is of neither shape.
        Findings: It cannot be read, or what it says is no contract.
    """
    if not path.exists():
        raise InputError("there is no such file", where=str(path), expected="an older contract")
    document, findings = read(path)
    if errors(findings):
        raise Findings("\n".join(line for f in errors(findings) for line in f.lines()))
    contract, unmapped = imported(document)
    text = as_yaml(contract)
    made, faults = lint(*parse(text.encode(), str(path)))
    if made is None:
        lines = "\n".join(line for fault in errors(faults) for line in fault.lines()[1:])
        found = "; ".join(f"{f.element}: {f.found}" for f in errors(faults))
        raise Findings(f"the file makes no valid contract: {found}\n{lines}", where=str(path))
    return text, unmapped


def imported(document: Document) -> tuple[dict[str, Any], list[str]]:
    """The contract that a document becomes, and what could not be mapped, in words.

    Raises:
        InputError: It is of neither shape.
    """
    raw = document.data
    if isinstance(raw, Mapping) and isinstance(raw.get("data_product"), Mapping):
        source = _Source(raw["data_product"])
        rest = _Source({name: value for name, value in raw.items() if name != "data_product"})
        contract = _data_product(source, document)
        _standing(contract, source, rest)
        inner = {f"data_product.{name}" if name in rest else name: source[name] for name in source}
        source = _Source({**inner, **rest})
    elif isinstance(raw, Mapping) and "dataset" in raw:
        source = _Source(raw)
        contract = _dataset(source, document)
        _standing(contract, source)
    else:
        raise InputError(
            "the file is of neither older shape",
            where=f"{document.file}:1:1",
            expected="`data_product: {…}` or `dataset: …`",
            hint="a contract of the standard needs no import: `mesh contract lint`",
        )
    return _finish(contract, source, document)


def _standing(contract: dict[str, Any], *sources: _Source) -> None:
    """The status, of the first part that has one, and the tags of all; what is none of these stays.

    Tags are texts in a list, or one text.
    """
    statuses: list[str] = []
    tags: list[str] = []
    for source in sources:
        status = str(source.get("status")).lower()
        if status in (statuses or STATUSES):
            statuses.append(status)
            source.take("status")
        given = source.get("tags")
        listed = [given] if isinstance(given, str) else given
        if isinstance(listed, list) and all(isinstance(each, str) for each in listed):
            tags += listed
            source.take("tags")
    contract.update({"status": statuses[0]} if statuses else {})
    contract.update({"tags": list(dict.fromkeys(tags))} if tags else {})


def _finish(
    contract: dict[str, Any], source: _Source, document: Document
) -> tuple[dict[str, Any], list[str]]:
    """Put what is left over where nothing is lost, and name it."""
    custom = contract.pop("customProperties")
    names = [str(each["property"]) for each in custom] + list(source)
    if source:
        custom.append(
            {
                "property": "imported",
                "value": dict(source),
                "description": "What the older contract said beyond the standard.",
            }
        )
    if custom:
        contract["customProperties"] = custom
    return contract, [_unmapped(document, name) for name in [*names, *_of_columns(contract)]]


def _of_columns(contract: dict[str, Any]) -> Iterator[str]:
    """What columns had that the standard has no field for; a type that is known is none of it."""
    for column in contract["schema"][0].get("properties", ()):
        for each in column.get("customProperties", ()):
            written = each["property"] == "typeAsWritten"
            if not written:
                yield str(each["property"])
            elif "logicalType" not in column:
                yield "type"


def _unmapped(document: Document, name: str) -> str:
    """A sentence about a part that the standard has no field for."""
    line = _line(document.root, name) if document.root else 0
    place = f"{document.file}:{line}" if line else document.file
    return f"{place}: the standard has no field for `{name}`: kept in customProperties"


def _line(node: Node, name: str) -> int:
    """The line of the first key of that name; 0 where there is none."""
    if node.kind == "scalar":
        return 0
    if node.kind == "sequence":
        return next((line for child in node.value if (line := _line(child, name))), 0)
    for key, (line, _), child in node.value:
        if key == name:
            return int(line)
        if found := _line(child, name):
            return found
    return 0


def _head(name: str, version: str, owner: Any, domain: Any) -> dict[str, Any]:
    contract: dict[str, Any] = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": re.sub(r"[^A-Za-z0-9_.-]+", "-", name) or "imported",
        "name": name,
        "version": version,
        "status": DRAFT,
    }
    if domain is not None:
        contract["domain"] = str(domain)
    if owner is not None:
        contract["team"] = {"name": str(owner)}
        if "@" in str(owner):
            contract["support"] = [
                {"channel": str(owner), "tool": "email", "url": f"mailto:{owner}"}
            ]
    return contract


def _as_written(document: Document, path: tuple[Key, ...], value: Any) -> Any:
    """A value, or its text where it was read as a number: 1.10 is not 1.1."""
    return document.text(path) if is_number(value) else value


def _version(given: Any) -> tuple[str, Any]:
    """A version as the standard wants it, and what was written where that is another text."""
    text = str(given) if given is not None else DEFAULT_VERSION
    match = re.fullmatch(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(.*)", text.strip())
    if not match:
        return DEFAULT_VERSION, given
    made = ".".join(part or "0" for part in match.groups()[:3])
    tail = match[4] if re.fullmatch(r"([-+][0-9A-Za-z.-]+)?", match[4]) else ""
    return made + tail, None if given is None or made + tail == text else given


def _data_product(source: _Source, document: Document) -> dict[str, Any]:
    shape = source.take("schema")
    shape = _Source(shape) if isinstance(shape, Mapping) else shape
    inside = isinstance(shape, _Source) and "version" in shape
    given = (shape if inside else source).take("version")
    place = ("data_product", "schema", "version") if inside else ("data_product", "version")
    version, odd = _version(_as_written(document, place, given))
    name = str(source.take("name") or "imported")
    contract = _head(name, version, source.take("owner"), source.take("domain"))
    contract["dataProduct"] = name
    custom: list[dict[str, Any]] = []
    access = source.take("access")
    table = _table_name(access) or re.sub(r"\W+", "_", name)
    contract["schema"] = [{"name": table.rpartition(".")[2], "physicalName": table}]
    if isinstance(access, Mapping):
        _access(_Source(access), contract, custom)
    elif access is not None:
        custom.append({"property": "access", "value": access})
    put_levels(source.take("sla"), contract, custom, "sla")
    if odd is not None:
        custom.append({"property": "versionAsWritten", "value": odd})
    if isinstance(shape, _Source):
        if "format" in shape:
            custom.append({"property": "format", "value": shape.take("format")})
        if shape:
            custom.append({"property": "schema", "value": dict(shape)})
    elif isinstance(shape, list):
        contract["schema"][0]["properties"] = [_column(each) for each in shape]
    elif shape is not None:
        custom.append({"property": "schema", "value": shape})
    _description(source, contract)
    contract["customProperties"] = custom
    return contract


def _table_name(access: Any) -> str:
    text = str(access.get("read") or "") if isinstance(access, Mapping) else ""
    match = re.search(r"\bon\s+([\w.\"]+)", text, re.IGNORECASE)
    return match[1].replace('"', "") if match else ""


def _access(access: _Source, contract: dict[str, Any], custom: list[dict[str, Any]]) -> None:
    """What one may do becomes a role; how one logs in is kept beside it."""
    given = {name: access.take(name) for name in ("read", "write") if name in access}
    if given:
        contract["roles"] = [
            {
                "role": f"{name}er" if name == "read" else f"{name[:-1]}er",
                "access": name,
                "description": str(words),
            }
            for name, words in given.items()
        ]
    for name, value in access.items():
        custom.append({"property": name, "value": value})


def _dataset(source: _Source, document: Document) -> dict[str, Any]:
    name = str(source.take("dataset") or "imported")
    version, odd = _version(_as_written(document, ("version",), source.take("version")))
    contract = _head(name, version, source.take("owner"), source.take("domain"))
    custom: list[dict[str, Any]] = []
    if odd is not None:
        custom.append({"property": "versionAsWritten", "value": odd})
    table: dict[str, Any] = {"name": re.sub(r"\W+", "_", name), "physicalName": name}
    columns = source.take("schema")
    if isinstance(columns, list):
        table["properties"] = [_column(each) for each in columns]
    elif columns is not None:
        custom.append({"property": "schema", "value": columns})
    contract["schema"] = [table]
    put_rules(source.take("quality_rules"), table, custom)
    put_levels(source.take("service_levels"), contract, custom, "service_levels")
    _description(source, contract)
    contract["customProperties"] = custom
    return contract


def _description(source: _Source, contract: dict[str, Any]) -> None:
    given = source.take("description")
    if isinstance(given, str):
        contract["description"] = {"purpose": given}
    elif given is not None:
        source["description"] = given


def _column(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        return {"name": str(given)}
    source = _Source(given)
    column: dict[str, Any] = {"name": _text(source.take("name")) or "unnamed"}
    written = source.take("type")
    if written is not None:
        column.update(_typed(str(written)))
    if source.get("description") is not None:
        column["description"] = str(source.take("description"))
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


def _text(value: Any) -> str:
    return "" if value is None else str(value)


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
