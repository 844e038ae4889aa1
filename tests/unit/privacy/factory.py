"""Builds manifests in memory: what dbt would write for a few models, without running dbt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import dbt.adapters.trino
from dbt.include.global_project import PACKAGE_PATH as GLOBAL

from mesh.core.paths import ROOT

PROJECT = "shop"
MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")
TEST = re.compile(r"\{%-?\s*(?:data_)?test\s+(\w+)")
REF = re.compile(r"ref\('(\w+)'\)")
SOURCE = re.compile(r"source\('(\w+)', ?'(\w+)'\)")

FOLDERS = {
    "model": "models",
    "seed": "seeds",
    "snapshot": "snapshots",
    "test": "tests",
    "analysis": "analyses",
}

Raw = dict[str, Any]


def macros_of(folder: Path, package: str) -> Iterable[Raw]:
    for path in sorted(folder.rglob("*.sql")):
        text = path.read_text()
        names = [*MACRO.findall(text), *(f"test_{name}" for name in TEST.findall(text))]
        for name in names:
            yield macro(name, text, package, str(path.name))


def macro(name: str, text: str, package: str = PROJECT, path: str = "macros/m.sql") -> Raw:
    return {
        "name": name,
        "package_name": package,
        "macro_sql": text,
        "original_file_path": path,
        "unique_id": f"macro.{package}.{name}",
        "resource_type": "macro",
    }


@cache
def shipped() -> tuple[Raw, ...]:
    """The macros of dbt, of its adapter, and our masks."""
    trino = Path(dbt.adapters.trino.__file__).parents[2] / "include" / "trino" / "macros"
    return (
        *macros_of(Path(GLOBAL) / "macros", "dbt"),
        *macros_of(trino, "dbt_trino"),
        *macros_of(ROOT / "macros" / "privacy", PROJECT),
    )


def column(name: str, privacy: Mapping[str, Any] | None) -> Raw:
    meta = {"privacy": dict(privacy)} if privacy else {}
    return {"name": name, "description": "", "meta": meta, "config": {"meta": meta, "tags": []}}


def source(schema: str, name: str, columns: Mapping[str, Any]) -> Raw:
    return {
        "unique_id": f"source.{PROJECT}.{schema}.{name}",
        "resource_type": "source",
        "package_name": PROJECT,
        "source_name": schema,
        "name": name,
        "identifier": name,
        "database": "lake",
        "schema": schema,
        "original_file_path": f"models/staging/_{schema}.yml",
        "columns": {each: column(each, privacy) for each, privacy in columns.items()},
    }


def node(path: str, code: str, kind: str = "model", **config: Any) -> Raw:
    """A node; ``path`` is the file without its folder of kind and suffix, say ``marts/orders``."""
    name = path.rsplit("/", 1)[-1]
    language = "python" if config.get("materialized") == "python" else "sql"
    folder = FOLDERS[kind]
    suffix = {"seed": "csv"}.get(kind, "py" if language == "python" else "sql")
    refs = [f"{_kind_of(name)}.{PROJECT}.{name}" for name in REF.findall(code)]
    sources = [f"source.{PROJECT}.{a}.{b}" for a, b in SOURCE.findall(code)]
    return {
        "unique_id": f"{kind}.{PROJECT}.{name}",
        "resource_type": kind,
        "package_name": PROJECT,
        "name": name,
        "alias": name,
        "database": "lake",
        "schema": "analytics",
        "original_file_path": f"{folder}/{path}.{suffix}",
        "fqn": [PROJECT, *path.split("/")],
        "raw_code": code,
        "language": language,
        "columns": {},
        "config": {"materialized": "table", **config},
        "depends_on": {"nodes": [*refs, *sources], "macros": []},
    }


SEEDS: set[str] = set()


def _kind_of(name: str) -> str:
    return "seed" if name in SEEDS else "model"


def manifest(nodes: Iterable[Raw], sources: Iterable[Raw], macros: Iterable[Raw] = ()) -> Raw:
    own = {each["unique_id"]: each for each in (*shipped(), *macros)}
    return {
        "metadata": {
            "project_name": PROJECT,
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
        },
        "nodes": {each["unique_id"]: each for each in nodes},
        "sources": {each["unique_id"]: each for each in sources},
        "macros": own,
        "exposures": {},
        "unit_tests": {},
    }
