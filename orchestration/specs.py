"""Every node of dbt as an asset or as a check of one, grouped by domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dagster import AssetCheckKey, AssetCheckSpec, AssetKey, AssetSpec
from dagster_dbt import DagsterDbtTranslator, build_dbt_asset_specs

from mesh.build.manifest import read_manifest
from mesh.build.nodes import PROJECT, Manifest, Node, Source, Test

MACROS = AssetKey(["platform", "macros"])
"""What the tests of macros are checks of: they read no table."""

LAYERS = ("gold", "identity", "silver", "bronze", "reference", "")
"""From what readers see to what they do not."""


class Translator(DagsterDbtTranslator):
    """Names an asset as its table is named: schema, then table."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """The key of a dbt node or source."""
        names = dbt_resource_props
        return AssetKey([names["schema"], names.get("alias") or names["identifier"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The domain: the folder of the node."""
        return str(dbt_resource_props["fqn"][1])


@dataclass(frozen=True)
class Mesh:
    """The project as Dagster sees it. ``folder`` holds the ``manifest.json`` it was read from."""

    folder: Path
    manifest: Manifest

    @classmethod
    def read(cls, folder: Path) -> Mesh:
        """Read a parsed project."""
        return cls(folder, read_manifest(folder))

    @cached_property
    def assets(self) -> tuple[AssetSpec, ...]:
        """Landed tables, models and seeds, and the macros."""
        built = build_dbt_asset_specs(
            manifest=self.folder / "manifest.json", dagster_dbt_translator=Translator()
        )
        owned = (spec.replace_attributes(owners=self._owners(spec.group_name)) for spec in built)
        return (*map(self._landed, self._sources), self._macros, *owned)

    @cached_property
    def keys(self) -> Mapping[str, AssetKey]:
        """Asset by the id that dbt gives the node."""
        tables: list[Node | Source] = [*self._sources, *self.manifest.nodes.values()]
        return {table.unique_id: AssetKey([table.schema, table.table]) for table in tables}

    @cached_property
    def landed(self) -> frozenset[AssetKey]:
        """The assets that landing makes."""
        return frozenset(self.keys[source.unique_id] for source in self._sources)

    @cached_property
    def checks(self) -> Mapping[AssetCheckKey, Test]:
        """The tests of the project by the key of their check."""
        own = (test for test in self.manifest.tests.values() if test.package == PROJECT)
        return {AssetCheckKey(self._subject(test), test.name): test for test in own}

    @cached_property
    def check_specs(self) -> tuple[AssetCheckSpec, ...]:
        """The tests as Dagster declares checks."""
        return tuple(
            AssetCheckSpec(key.name, asset=key.asset_key, description=test.description or None)
            for key, test in self.checks.items()
        )

    @cached_property
    def unit_tests(self) -> frozenset[AssetCheckKey]:
        """Checks of the code on made-up rows: they hold or fail whatever the data."""
        return frozenset(key for key, test in self.checks.items() if test.kind == "unit_test")

    @cached_property
    def _sources(self) -> tuple[Source, ...]:
        return tuple(s for s in self.manifest.sources.values() if s.fqn[0] == PROJECT)

    @cached_property
    def _macros(self) -> AssetSpec:
        return AssetSpec(
            MACROS, group_name="platform", description="The macros, as their tests see them."
        )

    def _owners(self, domain: str | None) -> list[str]:
        """The team of a domain; dbt itself knows none for seeds."""
        group = self.manifest.groups.get(domain or "")
        return [group.owner_email] if group else []

    def _landed(self, source: Source) -> AssetSpec:
        return AssetSpec(
            self.keys[source.unique_id],
            group_name=source.domain,
            description=source.description,
            owners=self._owners(source.domain),
            kinds={"iceberg"},
        )

    def _subject(self, test: Test) -> AssetKey:
        """What a test is about: its model, else the table nearest to readers in its domain."""
        domain = Path(test.path).parent.name
        names = (test.attached or "", *test.depends_on)
        read = [self.manifest.nodes[name] for name in names if name in self.manifest.nodes]
        if test.attached and read:
            return self.keys[read[0].unique_id]
        read.sort(key=lambda node: (node.domain != domain, LAYERS.index(node.layer), node.name))
        if read:
            return self.keys[read[0].unique_id]
        return next((self.keys[name] for name in test.depends_on if name in self.keys), MACROS)
