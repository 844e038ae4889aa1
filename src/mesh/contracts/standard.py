"""The published JSON schema of the standard: which fields a part may have, what they must be.

The schema comes with the package ``open-data-contract-standard``. Known fields are read from it,
so that an unknown one is named with its place and its nearest neighbour; everything else is left
to the schema itself, compiled once.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from mesh.core.paths import state_dir
from mesh.core.printable import shortened

Path = tuple[str | int, ...]

CHILDREN: Mapping[str, Mapping[str, str]] = {
    "root": {
        "servers[]": "Server",
        "schema[]": "SchemaObject",
        "support[]": "SupportItem",
        "price": "Pricing",
        "team": "Team",
        "team[]": "TeamMember",
        "roles[]": "Role",
        "slaProperties[]": "ServiceLevelAgreementProperty",
        "customProperties[]": "CustomProperty",
        "authoritativeDefinitions[]": "AuthoritativeDefinitions",
        "description": "description",
    },
    "description": {
        "customProperties[]": "CustomProperty",
        "authoritativeDefinitions[]": "AuthoritativeDefinitions",
    },
    "SchemaObject": {
        "properties[]": "SchemaProperty",
        "quality[]": "DataQuality",
        "relationships[]": "RelationshipSchemaLevel",
        "customProperties[]": "CustomProperty",
        "authoritativeDefinitions[]": "AuthoritativeDefinitions",
    },
    "SchemaProperty": {
        "properties[]": "SchemaProperty",
        "items": "SchemaItemProperty",
        "quality[]": "DataQuality",
        "relationships[]": "RelationshipPropertyLevel",
        "customProperties[]": "CustomProperty",
        "authoritativeDefinitions[]": "AuthoritativeDefinitions",
    },
    "SchemaItemProperty": {
        "properties[]": "SchemaProperty",
        "items": "SchemaItemProperty",
        "quality[]": "DataQuality",
        "relationships[]": "RelationshipPropertyLevel",
        "customProperties[]": "CustomProperty",
        "authoritativeDefinitions[]": "AuthoritativeDefinitions",
    },
    "DataQuality": {
        "customProperties[]": "CustomProperty",
        "authoritativeDefinitions[]": "AuthoritativeDefinitions",
    },
    "Team": {
        "members[]": "TeamMember",
        "customProperties[]": "CustomProperty",
        "authoritativeDefinitions[]": "AuthoritativeDefinitions",
    },
    "TeamMember": {
        "customProperties[]": "CustomProperty",
        "authoritativeDefinitions[]": "AuthoritativeDefinitions",
    },
    "Role": {"customProperties[]": "CustomProperty"},
    "SupportItem": {"customProperties[]": "CustomProperty"},
}
"""Where which part of the standard lies in another one; a list of them is marked ``[]``."""


@cache
def schema() -> dict[str, Any]:
    """The published schema."""
    file = resources.files("open_data_contract_standard").joinpath("schema.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@cache
def known_fields(part: str) -> frozenset[str]:
    """The fields that a part of the standard may have."""
    if part == "root":
        return frozenset(schema()["properties"])
    if part == "description":
        return frozenset(schema()["properties"]["description"]["properties"])
    definition = schema()["$defs"][part]
    names = set(_names(definition))
    if part in ("SchemaProperty", "SchemaItemProperty"):
        names |= {"properties", "items"}
    return frozenset(names)


def _names(definition: Any) -> Iterator[str]:
    """Every field that a definition, or what it is made of, names."""
    if not isinstance(definition, Mapping):
        return
    yield from definition.get("properties", {})
    if "$ref" in definition:
        target: Any = schema()
        for step in definition["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        yield from _names(target)
    for word in ("allOf", "oneOf", "anyOf"):
        for each in definition.get(word, ()):
            yield from _names(each)
    for word in ("then", "else", "items"):
        yield from _names(definition.get(word))


def unknown_fields(raw: Any, part: str = "root", path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The fields that the standard does not know: their path and the part they stand in."""
    if not isinstance(raw, Mapping):
        return
    known = known_fields(part)
    for name, value in raw.items():
        if name not in known:
            yield (*path, name), part
            continue
        children = CHILDREN.get(part, {})
        if isinstance(value, list) and f"{name}[]" in children:
            for index, each in enumerate(value):
                yield from unknown_fields(each, children[f"{name}[]"], (*path, name, index))
        elif isinstance(value, Mapping) and name in children:
            yield from unknown_fields(value, children[name], (*path, name))


@cache
def _validator() -> Callable[[Any], Any]:
    """The schema as Python, written by fastjsonschema once: compiling takes 0.4 s, loading 0.05."""
    import fastjsonschema

    text = json.dumps(schema(), sort_keys=True) + fastjsonschema.VERSION
    name = f"odcs_{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    path = state_dir() / "compiled" / f"{name}.py"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        new = path.with_name(f".{name}.{os.getpid()}")
        new.write_text(fastjsonschema.compile_to_code(schema(), use_default=False))
        new.replace(path)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None  # noqa: S101  # the path is that of a file
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    compiled: Callable[[Any], Any] = module.validate
    return compiled


def violation(raw: Any) -> tuple[Path, str, str] | None:
    """The first thing that the published schema refuses: path, what is wrong, what is expected."""
    import fastjsonschema

    try:
        _validator()(raw)
    except fastjsonschema.JsonSchemaValueException as error:
        path = tuple(int(p) if re.fullmatch(r"[0-9]{1,9}", p) else p for p in error.path[1:])
        if error.rule == "additionalProperties" and error.rule_definition is False:
            known = error.definition.get("properties", {})
            path = (*path, next(name for name in error.value if name not in known))
            return path, "the field is not known here", f"one of {', '.join(sorted(known))}"
        return path, *_words(error)
    return None


def _words(error: Any) -> tuple[str, str]:
    definition = error.rule_definition
    if error.rule == "required":
        missing = [name for name in definition if name not in (error.value or {})]
        return f"{', '.join(missing)} is missing", f"the fields {', '.join(definition)}"
    if error.rule == "enum":
        return (
            f"{_shown(error.value)} is not known here",
            f"one of {', '.join(map(str, definition))}",
        )
    if error.rule == "type":
        kinds = definition if isinstance(definition, str) else " or ".join(definition)
        return f"{_shown(error.value)} is no {kinds}", f"a value of type {kinds}"
    if error.rule == "pattern":
        return f"{_shown(error.value)} is written otherwise than the standard wants", definition
    if error.rule == "oneOf" and isinstance(error.value, Mapping):
        return "this fits none of the forms that the standard knows, or more than one", (
            "exactly one of the forms of the standard"
        )
    message = re.sub(r"^data\S*\s*", "", str(error.message))
    return message, f"what the standard says about {error.rule}"


def _shown(value: Any) -> str:
    return shortened(json.dumps(value, default=str))
