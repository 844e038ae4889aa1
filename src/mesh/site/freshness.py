"""When the newest rows of each product had been loaded, asked of the lake."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from mesh.build.nodes import Manifest, Node, Source
from mesh.build.summary import quoted
from mesh.core.errors import MeshError
from mesh.core.settings import Lake

LOADED = "loaded_at.json"
"""Moments by ``schema.table`` as ISO 8601 in UTC, beside the other files of a release."""

COLUMN = "_loaded_at"


def read_loaded_at(lake: Lake, folder: Path) -> dict[str, datetime]:
    """The moments for the products of the manifest in ``folder``, as the live tables say.

    Raises:
        LakeError: A table does not answer.
    """
    from mesh.build.manifest import read_manifest
    from mesh.lake.trino import query

    manifest = read_manifest(folder)
    statement = newest_query(lake.catalog, manifest)
    rows = query(lake, statement) if statement else []
    newest = {str(table): moment for table, moment in rows if moment is not None}
    return of_products(manifest, newest)


def newest_query(catalog: str, manifest: Manifest) -> str:
    """One statement that gives (``schema.table``, newest moment) of every table that is asked."""
    asked = {table for node in manifest.products for table in tables_behind(node, manifest)}
    return "\nunion all\n".join(
        f"select '{table}', max({COLUMN}) from {quoted(catalog, table)}"  # noqa: S608  # dbt's names
        for table in sorted(asked)
    )


def of_products(manifest: Manifest, newest: Mapping[str, datetime]) -> dict[str, datetime]:
    """The newest moment of each product; a product without the column has that of what it reads."""
    found = {}
    for node in manifest.products:
        known = [newest[t] for t in tables_behind(node, manifest) if t in newest]
        if known:
            found[node.relation] = max(known).astimezone(UTC)
    return found


def tables_behind(node: Node, manifest: Manifest) -> tuple[str, ...]:
    """The nearest tables that know when their rows were loaded: the table itself if it does."""
    return tuple(sorted(set(_nearest(node, manifest, set()))))


def _nearest(table: Node | Source, manifest: Manifest, seen: set[str]) -> Iterator[str]:
    if table.unique_id in seen:
        return
    seen.add(table.unique_id)
    if any(column.name == COLUMN for column in table.columns):
        yield table.relation
    elif isinstance(table, Node):
        for each in table.depends_on:
            before = manifest.relation_of(each)
            if before is not None:
                yield from _nearest(before, manifest, seen)


def as_json(moments: Mapping[str, datetime]) -> str:
    """The moments as the text of :data:`LOADED`."""
    return json.dumps({name: moments[name].isoformat() for name in sorted(moments)}, indent=2)


def from_json(text: str) -> dict[str, datetime]:
    """The moments in such a text.

    Raises:
        MeshError: It is none, or a moment has no zone.
    """
    try:
        found = {name: datetime.fromisoformat(each) for name, each in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise MeshError(f"moments cannot be read: {error}", where=LOADED) from error
    if any(each.tzinfo is None for each in found.values()):
        raise MeshError("a moment has no time zone", where=LOADED, expected="ISO 8601 with a zone")
    return {name: each.astimezone(UTC) for name, each in found.items()}
