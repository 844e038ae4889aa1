"""Makes artifacts as dbt writes them, as small as the reader allows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mesh.build.manifest import MANIFEST_SCHEMA, PROJECT, RESULTS_SCHEMA


def model(name: str, *, fqn: tuple[str, ...], **changes: Any) -> dict[str, Any]:
    """A model of a manifest; ``fqn`` is (domain, layer)."""
    domain, layer = fqn
    return {
        "unique_id": f"model.{PROJECT}.{name}",
        "resource_type": "model",
        "name": name,
        "package_name": PROJECT,
        "original_file_path": f"models/{domain}/{layer}/{name}.sql",
        "database": "build",
        "schema": f"{domain}_{layer}",
        "alias": name,
        "description": f"One row per {name}.",
        "columns": {"a": {"name": "a", "data_type": "bigint", "description": "A number."}},
        "depends_on": {"nodes": []},
        "group": domain,
        "access": "public",
        "config": {"materialized": "table", "contract": {"enforced": layer == "gold"}, "meta": {}},
        "tags": [layer],
        "checksum": {"checksum": "0"},
        "raw_code": "select 1 as a",
        "fqn": [PROJECT, domain, layer, name],
        **changes,
    }


def source(name: str, domain: str) -> dict[str, Any]:
    """A landed table of a manifest."""
    return {
        "unique_id": f"source.{PROJECT}.{domain}_landing.{name}",
        "resource_type": "source",
        "name": name,
        "source_name": f"{domain}_landing",
        "original_file_path": f"models/{domain}/_{domain}__sources.yml",
        "database": "build",
        "schema": f"{domain}_landing",
        "identifier": name,
        "description": "A file.",
        "columns": {},
        "loaded_at_field": "_loaded_at",
        "fqn": [PROJECT, domain, f"{domain}_landing", name],
        "config": {"meta": {}},
    }


def data_test(name: str, attached: str, column: str | None = None) -> dict[str, Any]:
    """A generic test of a manifest."""
    return {
        "unique_id": f"test.{PROJECT}.{name}",
        "resource_type": "test",
        "name": name,
        "package_name": PROJECT,
        "original_file_path": "models/x.yml",
        "path": "x.sql",
        "test_metadata": {"name": "unique", "kwargs": {}},
        "attached_node": attached,
        "column_name": column,
        "config": {"severity": "ERROR"},
        "depends_on": {"nodes": [attached]},
        "tags": [],
    }


def manifest(*nodes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A manifest with these nodes and sources."""
    return {
        "metadata": {
            "dbt_schema_version": MANIFEST_SCHEMA,
            "dbt_version": "1.11.16",
            "invocation_id": "11111111-1111-1111-1111-111111111111",
            "generated_at": "2026-01-01T00:00:00Z",
            "project_name": PROJECT,
        },
        "nodes": {n["unique_id"]: n for n in nodes if n["resource_type"] != "source"},
        "sources": {n["unique_id"]: n for n in nodes if n["resource_type"] == "source"},
        "unit_tests": {},
        "exposures": {},
        "macros": {},
        "groups": {
            f"group.{PROJECT}.fintech": {
                "name": "fintech",
                "owner": {"name": "Fintech team", "email": "fintech-data@example.org"},
                "description": "Money.",
            }
        },
        **changes,
    }


def results(**statuses: str) -> dict[str, Any]:
    """The results of an invocation: unique id with ``__`` for ``.`` to status."""
    return {
        "metadata": {
            "dbt_schema_version": RESULTS_SCHEMA,
            "invocation_id": "11111111-1111-1111-1111-111111111111",
            "generated_at": "2026-01-01T00:01:00Z",
        },
        "elapsed_time": 1.5,
        "results": [
            {
                "unique_id": name.replace("__of__", f".{PROJECT}."),
                "status": status,
                "execution_time": 0.5,
                "message": "the value 'Ada Lovelace' is not a date",
                "failures": None,
                "timing": []
                if status == "skipped"
                else [
                    {
                        "name": "execute",
                        "started_at": "2026-01-01T00:00:01Z",
                        "completed_at": "2026-01-01T00:00:02Z",
                    }
                ],
            }
            for name, status in statuses.items()
        ],
    }


def write(folder: Path, name: str, content: dict[str, Any]) -> Path:
    """Write an artifact into ``folder``."""
    path = folder / name
    path.write_text(json.dumps(content))
    return path
