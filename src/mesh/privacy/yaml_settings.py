"""Settings for which YAML beside models and tests has Jinja.

dbt keeps what it gives on one target; only of dbt_project.yml it keeps the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from mesh.privacy.settings import KEPT, WATCHED, Settings

KEYS = ("enabled", *WATCHED)
JINJA = re.compile(rf"\b({'|'.join(KEYS)})['\"]?\s*:[^\n]*\{{\{{")
NAMED = ("models", "snapshots", "seeds", "data_tests", "tests")
"""What is configured under its own name."""
TESTED = ("models", "snapshots", "seeds", "sources")
TESTS = ("data_tests", "tests")

Key = tuple[str, ...]
"""A node's own name; of a generic test the model or source, the column if any, and its kind."""


def with_those_of_yaml(raw: Mapping[str, Any], folder: Path | None) -> Mapping[str, Any]:
    """The manifest with the Jinja that YAML files have for settings."""
    disabled = raw.get("disabled") or {}
    alike = [*raw["nodes"].values(), *(n for each in disabled.values() for n in each)]
    files = {file for each in alike if (file := _file(each))}
    found: dict[tuple[str, Key], Settings] = {}
    for file in sorted(files):
        if folder is None:
            break
        found |= {(file, key): said for key, said in _in_yaml(folder / file).items()}
    if not found:
        return raw

    def told(node: Mapping[str, Any]) -> Mapping[str, Any]:
        said = found.get((_file(node), _key(node)))
        known = node.get("unrendered_config") or {}
        return {**node, "unrendered_config": {**known, **said}} if said else node

    return {
        **raw,
        "nodes": {key: told(node) for key, node in raw["nodes"].items()},
        "disabled": {key: [told(n) for n in each] for key, each in disabled.items()},
    }


def _file(node: Mapping[str, Any]) -> str:
    """The YAML file that says something of a node."""
    if node.get("test_metadata"):
        return str(node["original_file_path"])
    return str(node.get("patch_path") or "").partition("://")[2]


def _key(node: Mapping[str, Any]) -> Key:
    if not (test := node.get("test_metadata")):
        return (str(node["name"]),)
    tested = str(node.get("file_key_name") or "").partition(".")[2]
    column = node.get("column_name") or _column(test.get("kwargs") or {})
    return tested, str(column).lower(), str(test["name"])


def _column(given: Mapping[str, Any]) -> str:
    inner = given.get("arguments")
    found = given.get("column_name") or (inner if isinstance(inner, Mapping) else {}).get(
        "column_name"
    )
    return str(found or "")


def _in_yaml(path: Path) -> dict[Key, Settings]:
    """The settings with Jinja in one file."""
    try:
        text = path.read_text(encoding="utf-8")
        if not JINJA.search(text):
            return {}
        entries = yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError):
        return {}  # dbt itself says what is wrong with it
    found: dict[Key, Settings] = {}
    for kind in dict.fromkeys((*NAMED, *TESTED)):
        for each in _mappings(entries, kind):
            name = str(each.get("name"))
            if kind in NAMED:
                found |= {(name,): said} if (said := _with_jinja(each.get("config"), KEYS)) else {}
            if kind in TESTED:
                found |= _of_tests(each, name)
            for table in _mappings(each, "tables"):
                found |= _of_tests(table, name)
    return found


def _of_tests(tested: Mapping[str, Any], name: str) -> dict[Key, Settings]:
    found: dict[Key, Settings] = {}
    for column in ({}, *_mappings(tested, "columns")):
        for each in (t for key in TESTS for t in _mappings(column or tested, key)):
            given = each
            if "test_name" in each:
                kind = str(each["test_name"])
            else:
                kind, given = next(iter(each.items()))
                given = given if isinstance(given, Mapping) else {}
            said = {
                **_with_jinja(given, KEPT),
                **_with_jinja(each.get("config"), KEPT),
                **_with_jinja(given.get("config"), KEPT),
            }
            if said:
                asked = str(column.get("name") or _column(given)).lower()
                found[name, asked, kind.rpartition(".")[2]] = said
    return found


def _with_jinja(config: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    given = config if isinstance(config, Mapping) else {}
    return {key: given[key] for key in keys if "{{" in str(given.get(key))}


def _mappings(entries: Any, key: str) -> Iterator[Mapping[str, Any]]:
    listed = entries.get(key) if isinstance(entries, Mapping) else None
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping):
            yield each
