"""What the tests of branches and releases share: small builds on the real lake."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from mesh.core.settings import Lake
from mesh.lake.branches import Branch, open_branch
from mesh.lake.catalogs import create_catalog, drop_catalog
from mesh.lake.names import MAIN, new_run_id
from mesh.lake.nessie import Nessie
from mesh.lake.publish import publish
from mesh.lake.releases import Release
from mesh.lake.trino import query


def fresh_schema() -> str:
    """A schema name no other test uses."""
    return f"lake_test_{secrets.token_hex(4)}"


def build(lake: Lake, schema: str, statements: Sequence[str], catalog: str = "build") -> Branch:
    """Open a branch and run ``statements`` with names in ``schema`` on it."""
    branch = open_branch(lake, "build", new_run_id(), catalog)
    run(lake, [f"create schema if not exists {schema}"], catalog)
    run(lake, statements, catalog, schema)
    return branch


def head(lake: Lake, ref: str = MAIN) -> str:
    """The hash of the last commit of a branch."""
    with Nessie.of(lake) as nessie:
        return nessie.get(ref).hash


def run(lake: Lake, statements: Sequence[str], catalog: str, schema: str | None = None) -> None:
    """Run statements one after the other."""
    for statement in statements:
        query(lake, statement, catalog, schema)


def release(lake: Lake, schema: str, statements: Sequence[str], message: str = "test") -> Release:
    """Build and publish."""
    return publish(lake, build(lake, schema, statements), message, {})


def write_to_main(lake: Lake, schema: str, *statements: str) -> None:
    """Run statements on main itself, through a catalog that nobody else has: `lake` is read only."""
    create_catalog(lake, "test_main", MAIN)
    try:
        run(lake, statements, "test_main", schema)
    finally:
        drop_catalog(lake, "test_main")


def column(lake: Lake, table: str, catalog: str | None = None) -> list[object]:
    """The first column of ``schema.table`` as published, or as in ``catalog``, sorted."""
    rows = query(lake, f"select * from {catalog or lake.catalog}.{table}")
    return sorted(row[0] for row in rows)
