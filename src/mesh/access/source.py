"""The rules as people write them: access/{classes,purposes,roles}.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mesh.contracts.document import read
from mesh.core.errors import MeshError
from mesh.core.paths import ROOT

FOLDER = "access"
CLEAR = "clear"
HIDDEN = "hidden"
DOMAINS = ("patients", "medical", "fintech", "logistics", "analytics")

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PRODUCT = re.compile(r"[a-z][a-z0-9_]*\.(\*|[a-z][a-z0-9_]*)")


def _name(text: str) -> str:
    """A name goes into patterns of the engine's rules, so nothing in it may mean anything there."""
    if not _NAME.fullmatch(text):
        raise ValueError("a name has lower-case letters, digits and underscores")
    return text


def _product(text: str) -> str:
    if not _PRODUCT.fullmatch(text):
        raise ValueError("a product is written domain.product, all of a domain's domain.*")
    return text


Name = Annotated[str, AfterValidator(_name)]
Product = Annotated[str, AfterValidator(_product)]


class _Part(BaseModel):
    """A part of a file: what is not known is a fault, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Fitting(_Part):
    """Which columns get a finer class."""

    columns: list[Name] = []
    domains: list[Name] = []
    products: dict[Product, list[Name]] = {}


class Closing(_Part):
    """A domain that no role of these kinds reads."""

    kinds: list[Name]
    because: str


class Classes(_Part):
    """access/classes.yml."""

    classes: dict[Name, str]
    derived: dict[Name, Fitting]
    closed: dict[Name, Closing]
    masks: dict[Name, dict[str, str]]


class Purpose(_Part):
    """What data may be used for."""

    because: str
    products: list[Product]
    joins: list[Name] = []
    models: list[Name] = []

    def covers(self, product: str) -> bool:
        """Whether a product ``domain.name`` may be read for it."""
        return product in self.products or f"{product.partition('.')[0]}.*" in self.products


class Purposes(_Part):
    """access/purposes.yml."""

    purposes: dict[Name, Purpose]


class Rows(_Part):
    """Which rows of a product a role sees."""

    keep: str
    because: str


class Role(_Part):
    """A role: what it is for, and how it sees each class."""

    kind: Name
    description: str
    purposes: list[Name]
    sees: dict[Name, Name]
    exceptions: dict[Product, dict[str, Name]] = {}
    rows: dict[Product, Rows] = {}
    steward_of: Name | None = None
    all_products: bool = False
    operates_engine: bool = False


class Roles(_Part):
    """access/roles.yml."""

    catalog: Name
    service_account: Name
    roles: dict[Name, Role] = Field(min_length=1)


class Source(BaseModel):
    """The three files together, as :func:`read_source` found them consistent."""

    model_config = ConfigDict(frozen=True)

    classes: Classes
    purposes: dict[str, Purpose]
    catalog: str
    service_account: str
    roles: dict[str, Role]


def read_source(root: Path = ROOT) -> Source:
    """Read the three files of ``root``/access.

    Raises:
        MeshError: One is missing, holds what is not known, or names what does not exist.
    """
    classes = _read(root, "classes", Classes)
    purposes = _read(root, "purposes", Purposes).purposes
    roles = _read(root, "roles", Roles)
    source = Source(
        classes=classes,
        purposes=purposes,
        catalog=roles.catalog,
        service_account=roles.service_account,
        roles=roles.roles,
    )
    if wrong := list(_inconsistent(source)):
        file, found, expected = wrong[0]
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise MeshError(f"{found}{more}", where=f"{FOLDER}/{file}.yml", expected=expected)
    return source


_Model = TypeVar("_Model", bound=BaseModel)


def _read(root: Path, name: str, model: type[_Model]) -> _Model:
    shown = f"{FOLDER}/{name}.yml"
    document, findings = read(root / FOLDER / f"{name}.yml", shown)
    if findings:
        first = min(findings)
        raise MeshError(first.found, where=first.place, expected=first.expected, hint=first.hint)
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        first_error = error.errors()[0]
        path = tuple(first_error["loc"])
        line, column = document.place(path)
        raise MeshError(
            f"{'.'.join(map(str, path)) or 'the file'}: {first_error['msg']}",
            where=f"{shown}:{line}:{column}",
            hint="docs/concepts/access.md lists what the file may hold",
        ) from error


Fault = tuple[str, str, str]
"""File, fault, and what was expected."""


def _inconsistent(source: Source) -> Iterator[Fault]:
    """What is named and does not exist."""
    yield from _strange_classes(source)
    for name, purpose in source.purposes.items():
        if strange := sorted(set(purpose.joins) - set(DOMAINS)):
            yield "purposes", f"{name} joins {strange[0]}, which is no domain", ", ".join(DOMAINS)
    for name, role in source.roles.items():
        if name == source.service_account:
            yield "roles", f"{name} is the service account", "another name for the role"
        yield from _strange_in_role(source, name, role)


def _strange_classes(source: Source) -> Iterator[Fault]:
    known, kinds = source.classes.classes, {role.kind for role in source.roles.values()}
    for name in source.classes.derived:
        if name not in known:
            yield "classes", f"derived.{name} is no class", ", ".join(known)
    for domain, closing in source.classes.closed.items():
        if domain not in DOMAINS:
            yield "classes", f"closed.{domain} is no domain", ", ".join(DOMAINS)
        if strange := sorted(set(closing.kinds) - kinds):
            yield "classes", f"closed.{domain}: no role is of kind {strange[0]}", ", ".join(kinds)


def _strange_in_role(source: Source, name: str, role: Role) -> Iterator[Fault]:
    known, masks = source.classes.classes, [CLEAR, HIDDEN, *source.classes.masks]
    if strange := sorted(set(role.purposes) - set(source.purposes)):
        yield "roles", f"{name} has the unknown purpose {strange[0]}", "one of purposes.yml"
    if strange := sorted(set(role.sees) - set(known)):
        yield "roles", f"{name} sees the unknown class {strange[0]}", ", ".join(known)
    used = {*role.sees.values(), *(m for each in role.exceptions.values() for m in each.values())}
    if strange := sorted(used - set(masks)):
        yield "roles", f"{name} uses the unknown mask {strange[0]}", ", ".join(masks)
    if role.steward_of and role.steward_of not in DOMAINS:
        yield "roles", f"{name} is steward of {role.steward_of}", ", ".join(DOMAINS)
