"""A data contract of the Open Data Contract Standard as frozen dataclasses.

Made from a document that has passed :mod:`mesh.contracts.lint`; what it does not look at is kept
in ``raw``, so that a contract can be written out again as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeGuard

from mesh.contracts.document import Document, Key

SCHEME = "data://"
COMPARISONS = (
    "mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan",
    "mustBeLessOrEqualTo", "mustBeBetween", "mustNotBeBetween",
)  # fmt: skip
"""What a quality rule may compare its figure with."""


@dataclass(frozen=True)
class Rule:
    """A quality rule; ``column`` is empty where it is about the whole table."""

    kind: str
    column: str
    path: tuple[Key, ...]
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def metric(self) -> str:
        """The metric of a library rule; ``rule`` is how the standard 3.0 named it."""
        return str(self.raw.get("metric") or self.raw.get("rule") or "")

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The arguments of a library rule."""
        found = self.raw.get("arguments")
        return found if isinstance(found, Mapping) else {}

    @property
    def comparison(self) -> tuple[str, Any] | None:
        """The first comparison of the rule and what it compares with."""
        return next(((n, self.raw[n]) for n in COMPARISONS if n in self.raw), None)

    @property
    def comparisons(self) -> Mapping[str, Any]:
        """All comparisons of the rule, each with what it compares with."""
        return {name: self.raw[name] for name in COMPARISONS if name in self.raw}

    @property
    def implementation(self) -> Any:
        """What the engine of a custom rule is given."""
        return self.raw.get("implementation")

    @property
    def identity(self) -> str:
        """What stays the same when the rule is loosened or tightened."""
        for name in ("id", "name"):
            if self.raw.get(name):
                return str(self.raw[name])
        if self.kind == "custom":
            made = self.implementation
            test = made.get("test") if isinstance(made, Mapping) else made
            return f"{self.raw.get('engine', 'custom')}:{test}"
        return self.metric or self.kind


@dataclass(frozen=True)
class Field:
    """A column; ``fields`` are those nested in it."""

    name: str
    logical: str
    physical: str
    description: str
    business_name: str
    required: bool
    unique: bool
    key_position: int | None
    classification: str
    options: Mapping[str, Any]
    custom: Mapping[str, Any]
    rules: tuple[Rule, ...]
    fields: tuple[Field, ...]
    path: tuple[Key, ...]
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def unit(self) -> str:
        """The unit of its values, where one is named."""
        return str(self.custom.get("unit") or "")


@dataclass(frozen=True)
class Table:
    """A table of a contract: what the standard calls a schema object."""

    name: str
    physical_name: str
    description: str
    business_name: str
    grain: str
    columns: tuple[Field, ...]
    rules: tuple[Rule, ...]
    custom: Mapping[str, Any]
    path: tuple[Key, ...]
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the primary key, in the order of their positions."""
        keyed = [c for c in self.columns if c.key_position is not None]
        return tuple(c.name for c in sorted(keyed, key=lambda c: c.key_position or 0))

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """The rules of the table and of its columns."""
        return (*self.rules, *(rule for column in self.columns for rule in column.rules))

    def column(self, name: str) -> Field | None:
        """The column of that name."""
        return next((each for each in self.columns if each.name == name), None)


@dataclass(frozen=True)
class Level:
    """A service level: ``value`` in ``unit``, of the whole contract unless ``element`` is set."""

    name: str
    value: Any
    unit: str
    element: str
    description: str
    path: tuple[Key, ...]
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Contract:
    """A data contract."""

    file: str
    id: str
    name: str
    version: str
    status: str
    domain: str
    owner: str
    description: Mapping[str, Any]
    tables: tuple[Table, ...]
    levels: tuple[Level, ...]
    support: tuple[Mapping[str, Any], ...]
    roles: tuple[Mapping[str, Any], ...]
    price: Mapping[str, Any]
    custom: Mapping[str, Any]
    raw: Mapping[str, Any] = field(repr=False)
    document: Document = field(repr=False, compare=False)

    @property
    def major(self) -> int:
        """The first number of its version."""
        return int(self.version.split(".", 1)[0])

    @property
    def product(self) -> str:
        """The name of its product: without a version, unique in its domain."""
        return self.name or self.id

    @property
    def address(self) -> str:
        """The address of the product in this major version."""
        return f"{SCHEME}{self.domain}/{self.product}/v{self.major}"

    @property
    def key(self) -> tuple[str, str, int]:
        """Domain, product and major version: what there is one of."""
        return self.domain, self.product, self.major

    @property
    def table(self) -> Table:
        """Its first table; an empty one where it describes none."""
        return self.tables[0] if self.tables else _table({"name": self.product}, ("schema",))

    def level(self, name: str) -> Level | None:
        """The service level of that name for the whole product."""
        found = (lv for lv in self.levels if lv.name.lower() == name.lower() and not lv.element)
        return next(found, None)

    @property
    def deprecation_date(self) -> date | None:
        """The day on which it ends: the service level ``endOfLife``."""
        level = self.level("endOfLife")
        return as_date(level.value) if level else None

    @property
    def members(self) -> tuple[Mapping[str, Any], ...]:
        """The people of its team."""
        return _members(self.raw)

    @property
    def servers(self) -> dict[str, Mapping[str, Any]]:
        """Where it is read, by the server's name."""
        return {str(each.get("server")): each for each in mappings(self.raw.get("servers"))}

    @cached_property
    def sample_queries(self) -> tuple[Mapping[str, Any], ...]:
        """Its sample queries: ``name``, ``question``, ``role`` and ``sql`` each."""
        found = self.custom.get("sampleQueries")
        queries = found if isinstance(found, Sequence) and not isinstance(found, str) else ()
        return tuple(query for query in queries if isinstance(query, Mapping))

    def place(self, path: tuple[Key, ...] = (), *, key: bool = False) -> tuple[int, int]:
        """Line and column of a part of the contract in its file."""
        return self.document.place(path, key=key)


def as_date(value: Any) -> date | None:
    """The day that a value names as ISO 8601 has it, also before a time of day; None if none."""
    try:
        return date.fromisoformat(re.split("[T ]", str(value), maxsplit=1)[0])
    except ValueError:
        return None


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def contract_of(document: Document) -> Contract:
    """The contract in a document that has passed the lint."""
    raw: Mapping[str, Any] = document.data
    return Contract(
        file=document.file,
        id=_text(raw.get("id")),
        name=_text(raw.get("name")),
        version=_text(raw.get("version")),
        status=_text(raw.get("status")),
        domain=_text(raw.get("domain")),
        owner=owner_of(raw),
        description=_mapping(raw.get("description")),
        tables=tuple(_table(each, ("schema", i)) for i, each in _items(raw.get("schema"))),
        levels=tuple(_levels(raw.get("slaProperties"))),
        support=mappings(raw.get("support")),
        roles=mappings(raw.get("roles")),
        price=_mapping(raw.get("price")),
        custom=custom_of(raw),
        raw=raw,
        document=document,
    )


def owner_of(raw: Mapping[str, Any]) -> str:
    """Who owns the product: the team, a member of it with that role, or a custom property.

    The standard 3.1 has a team with a name; 3.0 has a list of members.
    """
    team = raw.get("team")
    if isinstance(team, Mapping) and (name := _text(team.get("name")).strip()):
        return name
    members = _members(raw)
    owners = [m for m in members if "owner" in _text(m.get("role")).lower()] or members
    for member in owners:
        names = (_text(member.get(name)).strip() for name in ("username", "name"))
        if found := next(filter(None, names), ""):
            return found
    custom = custom_of(raw)
    names = (_text(custom.get(name)).strip() for name in ("owner", "dataOwner"))
    return next(filter(None, names), "")


def _members(raw: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    team = raw.get("team")
    return mappings(team.get("members") if isinstance(team, Mapping) else team)


def custom_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The custom properties of a part of a contract by name."""
    entries = mappings(raw.get("customProperties"))
    return {_text(each.get("property")): each.get("value") for each in entries}


def _table(raw: Mapping[str, Any], path: tuple[Key, ...]) -> Table:
    columns = _fields(raw.get("properties"), (*path, "properties"))
    return Table(
        name=_text(raw.get("name")),
        physical_name=_text(raw.get("physicalName") or raw.get("name")),
        description=_text(raw.get("description")).strip(),
        business_name=_text(raw.get("businessName")),
        grain=_text(raw.get("dataGranularityDescription")).strip(),
        columns=tuple(columns),
        rules=tuple(_rules(raw, "", path)),
        custom=custom_of(raw),
        path=path,
        raw=raw,
    )


def _fields(found: Any, path: tuple[Key, ...]) -> Iterator[Field]:
    for index, raw in _items(found):
        yield _field(raw, (*path, index))


def _field(raw: Mapping[str, Any], path: tuple[Key, ...]) -> Field:
    inner = [*_fields(raw.get("properties"), (*path, "properties"))]
    if isinstance(raw.get("items"), Mapping):
        inner.append(_field({"name": "items", **raw["items"]}, (*path, "items")))
    name = _text(raw.get("name"))
    position = raw.get("primaryKeyPosition")
    keyed = bool(raw.get("primaryKey"))
    return Field(
        name=name,
        logical=_text(raw.get("logicalType")),
        physical=_text(raw.get("physicalType")),
        description=_text(raw.get("description")).strip(),
        business_name=_text(raw.get("businessName")),
        required=bool(raw.get("required")),
        unique=bool(raw.get("unique")),
        key_position=(position if isinstance(position, int) else 1) if keyed else None,
        classification=_text(raw.get("classification")),
        options=_mapping(raw.get("logicalTypeOptions")),
        custom=custom_of(raw),
        rules=tuple(_rules(raw, name, path)),
        fields=tuple(inner),
        path=path,
        raw=raw,
    )


def _rules(raw: Mapping[str, Any], column: str, path: tuple[Key, ...]) -> Iterator[Rule]:
    for index, rule in _items(raw.get("quality")):
        kind = _text(rule.get("type")) or ("sql" if "query" in rule else "library")
        yield Rule(kind, column, (*path, "quality", index), rule)


def _levels(found: Any) -> Iterator[Level]:
    for index, raw in _items(found):
        yield Level(
            name=_text(raw.get("property")),
            value=raw.get("value"),
            unit=_text(raw.get("unit")),
            element=_text(raw.get("element")),
            description=_text(raw.get("description")),
            path=("slaProperties", index),
            raw=raw,
        )


def mappings(found: Any) -> tuple[Mapping[str, Any], ...]:
    """The objects of a list; none where it is something else."""
    return tuple(each for _, each in _items(found))


def _items(found: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if isinstance(found, list):
        for index, each in enumerate(found):
            if isinstance(each, Mapping):
                yield index, each


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
