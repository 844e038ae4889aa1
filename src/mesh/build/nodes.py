"""A dbt project and the results of an invocation, as frozen dataclasses without dbt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

PROJECT = "mesh"
"""Name of the dbt project whose manifests are ours."""


@dataclass(frozen=True)
class Column:
    """A column as its YAML declares it; ``data_type`` is None where none is declared."""

    name: str
    data_type: str | None
    description: str
    meta: Mapping[str, Any]
    tags: tuple[str, ...]
    not_null: bool = False
    """Whether a constraint forbids NULL."""


@dataclass(frozen=True)
class Node:
    """A model, seed or snapshot: something with a table of its own."""

    unique_id: str
    kind: str
    name: str
    package: str
    path: str
    database: str
    schema: str
    table: str
    description: str
    columns: tuple[Column, ...]
    depends_on: tuple[str, ...]
    group: str | None
    access: str | None
    contract_enforced: bool
    materialized: str
    tags: tuple[str, ...]
    meta: Mapping[str, Any]
    checksum: str
    raw_code: str
    compiled_code: str | None
    fqn: tuple[str, ...]
    yaml_path: str | None = None
    """The YAML file that describes it, None without one."""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """Table properties it asks of the connector."""
    version: int | str | None = None
    """Its version, where the model has several."""
    latest_version: int | str | None = None
    """The version that a plain `ref` means."""
    deprecation_date: str | None = None
    """When it ends, as ISO 8601."""

    @property
    def domain(self) -> str:
        """The domain that owns it: its folder below ``models`` or ``seeds``."""
        return self.fqn[1] if len(self.fqn) > 2 else "platform"

    @property
    def label(self) -> str:
        """Its name, with the version where the model has several."""
        return self.name if self.version is None else f"{self.name}.v{self.version}"

    @property
    def layer(self) -> str:
        """``bronze``, ``silver``, ``gold``, ``identity`` or, for a seed, ``reference``."""
        if self.kind == "seed":
            return "reference"
        return self.fqn[2] if len(self.fqn) > 3 else ""

    @property
    def relation(self) -> str:
        """``schema.table``, the name that is the same in every catalog."""
        return f"{self.schema}.{self.table}"

    @property
    def is_product(self) -> bool:
        """Whether it is a data product: a public model of the gold layer."""
        return self.kind == "model" and self.layer == "gold" and self.package == PROJECT


@dataclass(frozen=True)
class Source:
    """A landed table."""

    unique_id: str
    name: str
    source_name: str
    path: str
    database: str
    schema: str
    table: str
    description: str
    columns: tuple[Column, ...]
    loaded_at_field: str | None
    fqn: tuple[str, ...]
    meta: Mapping[str, Any]

    @property
    def domain(self) -> str:
        """The domain that owns it."""
        return self.fqn[1] if len(self.fqn) > 2 else "platform"

    @property
    def relation(self) -> str:
        """``schema.table``, the name that is the same in every catalog."""
        return f"{self.schema}.{self.table}"


SETTINGS: Mapping[str, Any] = {
    "where": None,
    "limit": None,
    "fail_calc": "count(*)",
    "warn_if": "!= 0",
    "error_if": "!= 0",
}
"""What decides on which rows a test looks and how many may fail, and what dbt does by itself."""


@dataclass(frozen=True)
class Test:
    """A data test or a unit test; ``attached`` is the node it speaks about, if it is one."""

    unique_id: str
    name: str
    kind: str
    path: str
    package: str
    generic: str | None
    attached: str | None
    column: str | None
    severity: str
    depends_on: tuple[str, ...]
    description: str
    tags: tuple[str, ...]
    file: str = ""
    """Name of the file that dbt compiles it to: long names of generic tests are cut there."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """What a generic test is given, beside model and column."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What it is narrowed or loosened by, as ``where``; nothing that dbt does anyway."""


@dataclass(frozen=True)
class Group:
    """A domain team that owns nodes."""

    name: str
    owner_name: str
    owner_email: str
    description: str


@dataclass(frozen=True)
class Exposure:
    """A use of products outside dbt."""

    unique_id: str
    name: str
    kind: str
    description: str
    owner_name: str
    depends_on: tuple[str, ...]


@dataclass(frozen=True)
class Macro:
    """A macro of this project; ``arguments`` maps the documented ones to their descriptions."""

    name: str
    path: str
    sql: str
    description: str
    arguments: Mapping[str, str]


@dataclass(frozen=True)
class Doc:
    """A docs block: a term and what it means; ``path`` is the file that holds it."""

    name: str
    path: str
    text: str

    @property
    def domain(self) -> str:
        """The domain whose folder holds it; empty elsewhere."""
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 and parts[0] == "models" else ""


@dataclass(frozen=True)
class Manifest:
    """A dbt project as dbt understood it."""

    dbt_version: str
    invocation_id: str
    generated_at: str
    nodes: Mapping[str, Node]
    sources: Mapping[str, Source]
    tests: Mapping[str, Test]
    groups: Mapping[str, Group]
    exposures: Mapping[str, Exposure]
    macros: Mapping[str, Macro] = field(repr=False)
    docs: Mapping[str, Doc] = field(default_factory=dict, repr=False)

    @cached_property
    def models(self) -> tuple[Node, ...]:
        """The models of this project, by name."""
        own = (n for n in self.nodes.values() if n.kind == "model" and n.package == PROJECT)
        return tuple(sorted(own, key=lambda node: (node.name, str(node.version or ""))))

    @cached_property
    def products(self) -> tuple[Node, ...]:
        """The data products, by domain and name."""
        return tuple(
            sorted(
                (node for node in self.models if node.is_product),
                key=lambda node: (node.domain, node.name, str(node.version or "")),
            )
        )

    def relation_of(self, unique_id: str) -> Node | Source | None:
        """The table behind an id; None for a test, macro or exposure."""
        return self.nodes.get(unique_id) or self.sources.get(unique_id)


@dataclass(frozen=True)
class Result:
    """How one node went in one invocation; times are ISO 8601 in UTC, None where it never ran."""

    unique_id: str
    status: str
    seconds: float
    message: str
    failures: int | None
    started_at: str | None
    completed_at: str | None

    @property
    def kind(self) -> str:
        """``model``, ``seed``, ``test``, ``unit_test``, ``snapshot`` or ``operation``."""
        return self.unique_id.split(".", 1)[0]

    @property
    def failed(self) -> bool:
        """Whether it stops a publish; a warning or a skipped node alone does not."""
        return self.status in {"error", "fail", "runtime error", "partial success"}


@dataclass(frozen=True)
class RunResults:
    """The results of one invocation of dbt."""

    invocation_id: str
    generated_at: str
    elapsed_seconds: float
    results: tuple[Result, ...]

    @property
    def failures(self) -> tuple[Result, ...]:
        """The results that stop a publish."""
        return tuple(result for result in self.results if result.failed)
