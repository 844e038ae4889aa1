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
from typing import Any, NamedTuple

from mesh.core.paths import state_dir
from mesh.core.printable import shortened

Path = tuple[str | int, ...]
LISTED = 10_000
"""Values of a document whose refusals are all told: they take a second then."""
LONG = 50
"""Characters of a text that count as one value more: it is quoted in what is said of it."""

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


def _beside_references(part: Any) -> Any:
    """The same schema with what stands beside a ``$ref`` in an ``allOf`` with it.

    The compiler looks at the reference alone, as drafts up to 7 say; the published schema is of a
    later one, and says there that a column has a name.
    """
    if isinstance(part, list):
        return [_beside_references(each) for each in part]
    if not isinstance(part, Mapping):
        return part
    found = {name: _beside_references(value) for name, value in part.items()}
    if not isinstance(part.get("$ref"), str):
        return found
    return {"allOf": [{"$ref": found.pop("$ref")}, found]}


@cache
def _validator() -> Callable[[Any], Any]:
    """The schema as Python, written by fastjsonschema once: compiling takes 0.4 s, loading 0.05."""
    import fastjsonschema

    text = json.dumps(schema(), sort_keys=True) + fastjsonschema.VERSION
    name = f"odcs_whole_{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    path = state_dir() / "compiled" / f"{name}.py"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        new = path.with_name(f".{name}.{os.getpid()}")
        whole = _beside_references(schema())
        new.write_text(fastjsonschema.compile_to_code(whole, use_default=False))
        new.replace(path)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None  # noqa: S101  # the path is that of a file
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    compiled: Callable[[Any], Any] = module.validate
    return compiled


class _Refusal(NamedTuple):
    """What a validator says of one value, whichever of the two it is."""

    path: Path
    definition: Mapping[str, Any]
    rule: str
    wanted: Any
    value: Any
    message: str


def violations(raw: Any) -> Iterator[tuple[Path, str, str]]:
    """What the published schema refuses, each once: path, what is wrong, what is expected.

    The compiled schema says quickly that something is wrong, and only the first thing; the whole
    list takes some 2 ms for a column, so that a large document gets no more than the first.
    """
    import fastjsonschema

    try:
        _validator()(raw)
    except fastjsonschema.JsonSchemaValueException as error:
        if _outgrows(raw, LISTED):
            path = tuple(int(p) if re.fullmatch(r"[0-9]{1,9}", p) else p for p in error.path[1:])
            words = error.rule_definition, error.value, error.message
            yield from _told(_Refusal(path, error.definition, str(error.rule), *words))
        else:
            yield from _listed(raw)


@cache
def _lister() -> Any:
    """The slow validator; unknown fields are told by :func:`unknown_fields`, with a hint."""
    from jsonschema import Draft201909Validator
    from jsonschema.validators import extend

    nothing = {"unevaluatedProperties": lambda *_: ()}
    return extend(Draft201909Validator, nothing)(schema())  # type: ignore[no-untyped-call]


def _listed(raw: Any) -> Iterator[tuple[Path, str, str]]:
    from jsonschema.exceptions import best_match

    told = set()
    for whole in _lister().iter_errors(raw):
        # Of forms that a part may have, what the nearest of them lacks.
        error = best_match([whole]) or whole
        path, rule = tuple(error.absolute_path), str(error.validator)
        about = (path, rule, repr(error.validator_value))
        if about not in told:
            told.add(about)
            words = rule, error.validator_value, error.instance, error.message
            yield from _told(_Refusal(path, error.schema, *words))


def _outgrows(raw: Any, limit: int) -> bool:
    """Whether there are more values than ``limit``, what several aliases name counted each time."""
    rest, count = [raw], 0
    while rest and count <= limit:
        each = rest.pop()
        count += 1 + (len(each) // LONG if isinstance(each, str) else 0)
        if isinstance(each, Mapping | list):
            rest += each.values() if isinstance(each, Mapping) else each
    return count > limit


def _told(refusal: _Refusal) -> Iterator[tuple[Path, str, str]]:
    """A refusal as path and words; fields that are not known each where it stands."""
    if refusal.rule != "additionalProperties":
        yield refusal.path, *_words(refusal)
        return
    known = refusal.definition.get("properties", {})
    for name in refusal.value:
        if name not in known:
            expected = f"one of {', '.join(sorted(known))}"
            yield (*refusal.path, name), "the field is not known here", expected


def _words(refusal: _Refusal) -> tuple[str, str]:
    wanted, value = refusal.wanted, refusal.value
    if refusal.rule == "required":
        missing = [name for name in wanted if name not in (value or {})]
        verb = "is" if len(missing) == 1 else "are"
        return f"{', '.join(missing)} {verb} missing", f"the fields {', '.join(wanted)}"
    if refusal.rule == "enum":
        return f"{_shown(value)} is not known here", f"one of {', '.join(map(str, wanted))}"
    if refusal.rule == "type":
        kinds = wanted if isinstance(wanted, str) else " or ".join(wanted)
        return f"{_shown(value)} is no {kinds}", f"a value of type {kinds}"
    if refusal.rule == "pattern":
        return f"{_shown(value)} is written otherwise than the standard wants", wanted
    if refusal.rule == "oneOf" and isinstance(value, Mapping):
        return "this fits none of the forms that the standard knows, or more than one", (
            "exactly one of the forms of the standard"
        )
    message = shortened(re.sub(r"^data\S*\s*", "", refusal.message))
    return message, f"what the standard says about {refusal.rule}"


def _shown(value: Any) -> str:
    return shortened(json.dumps(value, default=str))
