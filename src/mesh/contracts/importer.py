"""Reads the two older shapes of contracts and writes the standard.

Everything that is in the file is in the contract: in a field of the standard where there is one,
else word for word in the custom property ``imported``, and then it is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mesh.contracts.compose import Node
from mesh.contracts.document import Document, Key, data, parse, read
from mesh.contracts.finding import Finding, errors
from mesh.contracts.import_columns import columns_of
from mesh.contracts.import_promises import put_levels, put_rules
from mesh.contracts.import_source import Source, is_nested
from mesh.contracts.lint import lint
from mesh.contracts.rules import STATUSES
from mesh.contracts.write import as_yaml
from mesh.core.errors import Findings, InputError

DEFAULT_VERSION = "0.1.0"
DRAFT = "draft"
"""The status of a contract that says nothing of it."""


TEXTS = ("column", "dataset", "description", "domain", "name", "owner", "type", "version")
"""What names or describes something: text, also where it looks like a number or a boolean."""
PARTS = ("data_product", "quality_rules", "schema")
"""The parts of an older contract in which there are such texts."""


AS_WRITTEN = {"typeAsWritten": "type", "versionAsWritten": "version"}
"""What a custom property keeps as it was written, because the standard has it in other words."""
WITHIN: tuple[tuple[str, ...], ...] = (
    (), ("data_product",), ("data_product", "access"), ("data_product", "sla"),
    ("data_product", "schema"), ("service_levels",),
)  # fmt: skip
"""The parts whose parts are looked at one by one."""


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
        raise _refused(document, errors(faults))
    return text, unmapped


def _refused(document: Document, faults: Sequence[Finding]) -> Findings:
    """That no valid contract comes of a document, each fault with its place in the document."""
    lines = []
    for fault in faults:
        line, column = document.place(_column_at(document, fault.element))
        # A second line that a fault names is one of the new contract: nobody has that file.
        found = re.sub(r", first in line [0-9]+$", "", fault.found)
        found = f"{fault.element}: {found}" if fault.element else found
        lines += [f"{document.file}:{line}:{column}: {found}", *fault.lines()[1:]]
    return Findings("\n".join(["the file makes no valid contract", *lines]), where=document.file)


def _column_at(document: Document, element: str) -> tuple[Key, ...]:
    """Where the column that an element of the new contract names stands, the last of its name."""
    named = re.search(r"\.properties\[(.*?)\]", element)
    path = _columns_path(document)
    columns: Any = document.data
    for step in path:
        columns = columns.get(step) if isinstance(columns, Mapping) else None
    for at, column in reversed(list(enumerate(columns if isinstance(columns, list) else ()))):
        name = column.get("name") if isinstance(column, Mapping) else column
        if named and str(name) == named[1]:
            return (*path, at, "name")
    return path


def imported(document: Document) -> tuple[dict[str, Any], list[str]]:
    """The contract that a document becomes, and what could not be mapped, in words.

    Raises:
        InputError: It is of neither shape.
    """
    raw = _read(document.root) if document.root is not None else None
    if isinstance(raw, Mapping) and isinstance(raw.get("data_product"), Mapping):
        source = Source(raw["data_product"])
        rest = Source({name: value for name, value in raw.items() if name != "data_product"})
        contract = _data_product(source)
        _standing(contract, source, rest)
        inner = {f"data_product.{name}" if name in rest else name: source[name] for name in source}
        source = Source({**inner, **rest})
    elif isinstance(raw, Mapping) and "dataset" in raw:
        source = Source(raw)
        contract = _dataset(source)
        _standing(contract, source)
    else:
        raise InputError(
            "the file is of neither older shape",
            where=f"{document.file}:1:1",
            expected="`data_product: {…}` or `dataset: …`",
            hint="a contract of the standard needs no import: `mesh contract lint`",
        )
    return _finish(contract, source, document)


def _read(node: Node) -> Any:
    """The value of a node; what names or describes something as it was written: 1.10, or `no`."""
    if node.kind == "mapping":
        return {name: _part(name, child) for name, _, child in node.value}
    if node.kind == "sequence":
        return [_read(child) for child in node.value]
    return None if node.value is None else node.text


def _part(name: str, node: Node) -> Any:
    texts = name in PARTS or (name in TEXTS and node.kind == "scalar")
    return _read(node) if texts else data(node)


def _standing(contract: dict[str, Any], *sources: Source) -> None:
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
    contract: dict[str, Any], source: Source, document: Document
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
    named = [_unmapped(document, *_found(document, name)) for name in names]
    return contract, [*named, *_of_columns(contract, document)]


def _of_columns(contract: dict[str, Any], document: Document) -> Iterator[str]:
    """What columns had that the standard has no field for; a type that is known is none of it."""
    path = _columns_path(document)
    for at, column in enumerate(contract["schema"][0].get("properties", ())):
        for each in column.get("customProperties", ()):
            known = each["property"] == "typeAsWritten" and "logicalType" in column
            name = AS_WRITTEN.get(each["property"], each["property"])
            if not known:
                said = f"`{name}` of the column `{column['name']}`"
                yield _unmapped(document, said, (*path, at, name))


def _columns_path(document: Document) -> tuple[Key, ...]:
    return ("schema",) if "dataset" in document.data else ("data_product", "schema")


def _found(document: Document, property_: str) -> tuple[str, tuple[Key, ...]]:
    """How a part of an older contract is called, and where it stands."""
    name = AS_WRITTEN.get(property_, property_)
    name = name.removeprefix("data_product.") if name not in document.data else name
    for above in WITHIN:
        inside = document.data
        for step in above:
            inside = inside.get(step) if isinstance(inside, Mapping) else None
        if isinstance(inside, Mapping) and name in inside:
            return f"`{name}`", (*above, name)
    return f"`{name}`", ()


def _unmapped(document: Document, said: str, path: tuple[Key, ...]) -> str:
    """A sentence about a part that the standard has no field for."""
    line, _ = document.place(path, key=True) if path else (0, 0)
    place = f"{document.file}:{line}" if line else document.file
    return f"{place}: the standard has no field for {said}: kept in customProperties"


def _head(name: str, version: str, source: Source) -> dict[str, Any]:
    contract: dict[str, Any] = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": re.sub(r"[^A-Za-z0-9_.-]+", "-", name) or "imported",
        "name": name,
        "version": version,
        "status": DRAFT,
    }
    domain = source.text("domain")
    if domain is not None:
        contract["domain"] = domain
    owners = source.get("owner")
    several = isinstance(owners, list) and owners and not any(map(is_nested, owners))
    owners = source.take("owner") if several else [source.text("owner")]
    if owners[0] is not None:
        contract["team"] = {"name": str(owners[0])}
        if several:
            contract["team"]["members"] = [{"username": str(o), "role": "owner"} for o in owners]
    mailed = [str(owner) for owner in owners if "@" in str(owner)]
    if mailed:
        contract["support"] = [
            {"channel": each, "tool": "email", "url": f"mailto:{each}"} for each in mailed
        ]
    return contract


def _version(given: Any) -> tuple[str, Any]:
    """A version as the standard wants it, and what was written where that is another text."""
    text = str(given) if given is not None else DEFAULT_VERSION
    match = re.fullmatch(r"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(.*)", text.strip())
    if not match:
        return DEFAULT_VERSION, given
    made = ".".join((part or "").lstrip("0") or "0" for part in match.groups()[:3])
    tail = match[4] if re.fullmatch(r"([-+][0-9A-Za-z.-]+)?", match[4]) else ""
    return made + tail, None if given is None or made + tail == text else given


def _data_product(source: Source) -> dict[str, Any]:
    shape = source.take("schema")
    shape = Source(shape) if isinstance(shape, Mapping) else shape
    inside = isinstance(shape, Source) and "version" in shape
    given = (shape if inside else source).take("version")
    version, odd = _version(given)
    name = source.text("name") or "imported"
    contract = _head(name, version, source)
    contract["dataProduct"] = name
    custom: list[dict[str, Any]] = []
    access = source.take("access")
    table = _table_name(access) or re.sub(r"\W+", "_", name)
    contract["schema"] = [{"name": table.rpartition(".")[2], "physicalName": table}]
    if isinstance(access, Mapping):
        _access(Source(access), contract, custom)
    elif access is not None:
        custom.append({"property": "access", "value": access})
    put_levels(source.take("sla"), contract, custom, "sla")
    if odd is not None:
        custom.append({"property": "versionAsWritten", "value": odd})
    if isinstance(shape, Source):
        if "format" in shape:
            custom.append({"property": "format", "value": shape.take("format")})
        if shape:
            custom.append({"property": "schema", "value": dict(shape)})
    elif isinstance(shape, list):
        contract["schema"][0]["properties"] = columns_of(shape)
    elif shape is not None:
        custom.append({"property": "schema", "value": shape})
    _description(source, contract)
    contract["customProperties"] = custom
    return contract


def _table_name(access: Any) -> str:
    text = str(access.get("read") or "") if isinstance(access, Mapping) else ""
    match = re.search(r"\bon\s+([\w.\"]+)", text, re.IGNORECASE)
    return match[1].replace('"', "") if match else ""


def _access(access: Source, contract: dict[str, Any], custom: list[dict[str, Any]]) -> None:
    """What one may do becomes a role; how one logs in is kept beside it."""
    texts = {name: access.text(name) for name in ("read", "write")}
    given = {name: words for name, words in texts.items() if words is not None}
    if given:
        contract["roles"] = [
            {
                "role": f"{name}er" if name == "read" else f"{name[:-1]}er",
                "access": name,
                "description": words,
            }
            for name, words in given.items()
        ]
    for name, value in access.items():
        custom.append({"property": name, "value": value})


def _dataset(source: Source) -> dict[str, Any]:
    name = source.text("dataset") or "imported"
    version, odd = _version(source.take("version"))
    contract = _head(name, version, source)
    custom: list[dict[str, Any]] = []
    if odd is not None:
        custom.append({"property": "versionAsWritten", "value": odd})
    table: dict[str, Any] = {"name": re.sub(r"\W+", "_", name), "physicalName": name}
    columns = source.take("schema")
    if isinstance(columns, list):
        table["properties"] = columns_of(columns)
    elif columns is not None:
        custom.append({"property": "schema", "value": columns})
    contract["schema"] = [table]
    put_rules(source.take("quality_rules"), table, custom)
    put_levels(source.take("service_levels"), contract, custom, "service_levels")
    _description(source, contract)
    contract["customProperties"] = custom
    return contract


def _description(source: Source, contract: dict[str, Any]) -> None:
    given = source.take("description")
    if isinstance(given, str):
        contract["description"] = {"purpose": given}
    elif given is not None:
        source["description"] = given
