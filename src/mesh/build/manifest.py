"""The only reader of dbt's ``manifest.json`` and ``run_results.json``.

It gives the frozen dataclasses of :mod:`mesh.build.nodes`.

What dbt writes is foreign data: another version of dbt, a file cut short, a folder of somebody
else. Each is refused with a sentence, so that what decides by a manifest fails closed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mesh.build.nodes import (
    PROJECT,
    SETTINGS,
    Column,
    Doc,
    Exposure,
    Group,
    Macro,
    Manifest,
    Node,
    Result,
    RunResults,
    Source,
    Test,
)
from mesh.core.errors import MeshError

__all__ = [
    "PROJECT",
    "Column",
    "Doc",
    "Exposure",
    "Group",
    "Macro",
    "Manifest",
    "ManifestError",
    "Node",
    "Result",
    "RunResults",
    "Source",
    "Test",
    "read_manifest",
    "read_run_results",
]

MANIFEST_SCHEMA = "https://schemas.getdbt.com/dbt/manifest/v12.json"
"""Schema that dbt 1.8 to 1.11 write; the fields read here are those of this version."""

RESULTS_SCHEMA = "https://schemas.getdbt.com/dbt/run-results/v6.json"


class ManifestError(MeshError):
    """A file of dbt's artifacts is not what it has to be."""


def read_manifest(path: Path, project: str | None = PROJECT) -> Manifest:
    """Read a manifest.

    Args:
        path: The file, or the folder that holds ``manifest.json``.
        project: The dbt project that it has to describe; None for any.

    Raises:
        ManifestError: It is missing, cut short, of another version or of another project.
    """
    path = path / "manifest.json" if path.is_dir() else path
    raw = _load(path, MANIFEST_SCHEMA)
    found = raw["metadata"].get("project_name")
    if project is not None and found != project:
        raise ManifestError(
            f"the manifest describes the project {found!r}",
            where=str(path),
            expected=repr(project),
        )
    try:
        return _manifest(raw, str(found))
    except (KeyError, TypeError, AttributeError) as error:
        raise ManifestError(
            f"the manifest lacks what dbt {raw['metadata'].get('dbt_version')} writes: {error!r}",
            where=str(path),
            hint="have dbt write it again: `dbt parse`",
        ) from error


def read_run_results(path: Path) -> RunResults:
    """Read the results of an invocation.

    Args:
        path: The file, or the folder that holds ``run_results.json``.

    Raises:
        ManifestError: It is missing, cut short or of another version.
    """
    path = path / "run_results.json" if path.is_dir() else path
    raw = _load(path, RESULTS_SCHEMA)
    try:
        return RunResults(
            invocation_id=raw["metadata"]["invocation_id"],
            generated_at=raw["metadata"]["generated_at"],
            elapsed_seconds=float(raw["elapsed_time"]),
            results=tuple(_result(entry) for entry in raw["results"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ManifestError(f"the results lack a field: {error!r}", where=str(path)) from error


def _load(path: Path, schema: str) -> dict[str, Any]:
    try:
        raw = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ManifestError("dbt wrote no such file", where=str(path)) from error
    except (ValueError, OSError) as error:
        raise ManifestError(
            f"this is not a complete artifact of dbt: {error}",
            where=str(path),
            hint="it was cut short or overwritten; have dbt write it again",
        ) from error
    metadata = raw.get("metadata") if isinstance(raw, dict) else None
    found = metadata.get("dbt_schema_version") if isinstance(metadata, dict) else None
    if found != schema:
        raise ManifestError(
            f"the file is of the schema {found!r}", where=str(path), expected=schema
        )
    return raw  # type: ignore[no-any-return]  # checked above: a dict


def _manifest(raw: dict[str, Any], project: str) -> Manifest:
    entries = [*raw["nodes"].values(), *raw["unit_tests"].values()]
    nodes = [_node(e) for e in entries if e["resource_type"] in {"model", "seed", "snapshot"}]
    tests = [_test(e) for e in entries if e["resource_type"] in {"test", "unit_test"}]
    return Manifest(
        dbt_version=raw["metadata"]["dbt_version"],
        invocation_id=raw["metadata"]["invocation_id"],
        generated_at=raw["metadata"]["generated_at"],
        nodes={node.unique_id: node for node in nodes},
        sources={s.unique_id: s for s in map(_source, raw["sources"].values())},
        tests={test.unique_id: test for test in tests},
        groups={g.name: g for g in map(_group, raw["groups"].values())},
        exposures={x.unique_id: x for x in map(_exposure, raw["exposures"].values())},
        macros={
            name: _macro(macro)
            for name, macro in raw["macros"].items()
            if macro["package_name"] == project
        },
        docs={
            doc["name"]: Doc(doc["name"], doc["original_file_path"], doc["block_contents"])
            for doc in raw.get("docs", {}).values()
            if doc["package_name"] == PROJECT
        },
    )


def _node(raw: dict[str, Any]) -> Node:
    config = raw["config"]
    return Node(
        unique_id=raw["unique_id"],
        kind=raw["resource_type"],
        name=raw["name"],
        package=raw["package_name"],
        path=raw["original_file_path"],
        database=raw["database"] or "",
        schema=raw["schema"],
        table=raw["alias"],
        description=raw["description"],
        columns=tuple(_columns(raw)),
        depends_on=tuple(raw.get("depends_on", {}).get("nodes", ())),
        group=raw.get("group"),
        access=raw.get("access") or config.get("access"),
        contract_enforced=bool((config.get("contract") or {}).get("enforced")),
        materialized=config.get("materialized") or raw["resource_type"],
        tags=tuple(raw["tags"]),
        meta=config.get("meta") or raw.get("meta") or {},
        checksum=raw["checksum"]["checksum"],
        raw_code=raw["raw_code"],
        compiled_code=raw.get("compiled_code"),
        fqn=tuple(raw["fqn"]),
        # "mesh://models/…": the project, then the path.
        yaml_path=(raw.get("patch_path") or "").partition("://")[2] or None,
        properties=config.get("properties") or {},
        version=raw.get("version"),
        latest_version=raw.get("latest_version"),
        deprecation_date=raw.get("deprecation_date"),
    )


def _source(raw: dict[str, Any]) -> Source:
    return Source(
        unique_id=raw["unique_id"],
        name=raw["name"],
        source_name=raw["source_name"],
        path=raw["original_file_path"],
        database=raw["database"] or "",
        schema=raw["schema"],
        table=raw["identifier"],
        description=raw["description"],
        columns=tuple(_columns(raw)),
        loaded_at_field=raw.get("loaded_at_field"),
        fqn=tuple(raw["fqn"]),
        meta=raw.get("config", {}).get("meta") or raw.get("meta") or {},
    )


def _columns(raw: dict[str, Any]) -> Iterator[Column]:
    for column in raw["columns"].values():
        config = column.get("config") or {}
        yield Column(
            name=column["name"],
            data_type=column.get("data_type"),
            description=column.get("description") or "",
            meta={**(column.get("meta") or {}), **(config.get("meta") or {})},
            tags=tuple(column.get("tags") or ()),
            not_null=any(c.get("type") == "not_null" for c in column.get("constraints") or ()),
        )


def _test(raw: dict[str, Any]) -> Test:
    attached = raw.get("attached_node")
    if raw["resource_type"] == "unit_test":
        attached = next(iter(raw["depends_on"]["nodes"]), None)
    return Test(
        unique_id=raw["unique_id"],
        name=raw["name"],
        kind=raw["resource_type"],
        path=raw["original_file_path"],
        package=raw["package_name"],
        generic=(raw.get("test_metadata") or {}).get("name"),
        attached=attached,
        column=raw.get("column_name"),
        severity=str(raw["config"].get("severity") or "error").lower(),
        depends_on=tuple(raw["depends_on"]["nodes"]),
        description=raw.get("description") or "",
        tags=tuple(raw.get("tags") or ()),
        file=raw["path"],
        arguments=_arguments(raw),
        settings=_settings(raw["config"]),
    )


def _arguments(raw: dict[str, Any]) -> dict[str, Any]:
    found = (raw.get("test_metadata") or {}).get("kwargs") or {}
    return {name: value for name, value in found.items() if name not in {"model", "column_name"}}


def _settings(config: dict[str, Any]) -> dict[str, Any]:
    """The settings that are not what dbt does by itself."""
    given = {name: config.get(name) for name in SETTINGS}
    return {n: v for n, v in given.items() if v is not None and v != SETTINGS[n]}


def _macro(raw: dict[str, Any]) -> Macro:
    return Macro(
        name=raw["name"],
        path=raw["original_file_path"],
        sql=raw["macro_sql"],
        description=raw["description"],
        arguments={a["name"]: a.get("description") or "" for a in raw["arguments"]},
    )


def _group(raw: dict[str, Any]) -> Group:
    owner = raw["owner"]
    return Group(
        name=raw["name"],
        owner_name=owner.get("name") or "",
        owner_email=str(owner.get("email") or ""),
        description=raw.get("description") or "",
    )


def _exposure(raw: dict[str, Any]) -> Exposure:
    return Exposure(
        unique_id=raw["unique_id"],
        name=raw["name"],
        kind=raw["type"],
        description=raw["description"],
        owner_name=raw["owner"].get("name") or "",
        depends_on=tuple(raw["depends_on"]["nodes"]),
    )


def _result(raw: dict[str, Any]) -> Result:
    timing: list[dict[str, str]] = raw["timing"]
    execute = next((each for each in timing if each["name"] == "execute"), {})
    return Result(
        unique_id=raw["unique_id"],
        status=raw["status"],
        seconds=float(raw["execution_time"]),
        message=raw.get("message") or "",
        failures=raw.get("failures"),
        started_at=execute.get("started_at"),
        completed_at=execute.get("completed_at"),
    )
