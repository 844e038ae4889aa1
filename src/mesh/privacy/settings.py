"""Settings that a node has only on some target or under some variables.

dbt writes into the manifest what holds on the target that it parsed for. The same call of
``config`` can publish the table, keep failing rows or add a hook on another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

PLACES = ("schema", "target_schema", "database")
KEPT = ("store_failures", "store_failures_as")
WATCHED = ("materialized", *PLACES, *KEPT)
HOOKS = ("pre-hook", "post-hook", "pre_hook", "post_hook")
HEADER = "sql_header"
"""Stands in front of the statement that makes the table."""

OTHERWISE = "otherwise"
"""Key of a node for the settings that differ from those of the manifest; no key of dbt's."""

ENABLED = re.compile(r"\benabled['\"]?\s*[=:]\s*(?!false\b)", re.I)
"""A setting that turns a model on somewhere, if it is not on here."""

YAML_KEYS = ("enabled", *WATCHED)
JINJA_IN_YAML = re.compile(rf"\b({'|'.join(YAML_KEYS)})['\"]?\s*:[^\n]*\{{\{{")

Settings = Mapping[str, Any]


def hooks_of(config: Settings) -> Iterator[str]:
    """The texts of the statements that run around the one that makes the table."""
    for key in (*HOOKS, HEADER):
        given = config.get(key) or []
        for each in given if isinstance(given, list) else [given]:
            yield str(each.get("sql") or "") if isinstance(each, Mapping) else str(each)


def configs_of(node: Mapping[str, Any]) -> list[Settings]:
    """The settings of a node, those of the manifest first."""
    config = node.get("config") or {}
    return [config, *({**config, **each} for each in node.get(OTHERWISE) or ())]


def differing(node: Mapping[str, Any], given: Iterable[Settings]) -> dict[str, Any]:
    """What one rendering sets in another way than the manifest says; hooks are added to it."""
    config = node.get("config") or {}
    known = set(hooks_of(config))
    found: dict[str, Any] = {}
    hooks: list[str] = []
    for each in given:
        hooks += [text for text in hooks_of(each) if text and text not in known]
        found |= {key: _plain(each[key]) for key in WATCHED if key in each}
    found = {key: value for key, value in found.items() if value != config.get(key)}
    return {**found, "post-hook": hooks} if hooks else found


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    text = str(value)
    return {"true": True, "false": False}.get(text.strip().lower(), text)


def in_project_file(node: Mapping[str, Any]) -> dict[str, str]:
    """The settings for which dbt_project.yml has Jinja."""
    given = node.get("unrendered_config") or {}
    return {key: given[key] for key in WATCHED if "{{" in str(given.get(key) or "")}


def with_those_of_yaml(raw: Mapping[str, Any], folder: Path | None) -> Mapping[str, Any]:
    """The manifest with the Jinja that YAML beside the models has for their settings.

    dbt keeps what it gives on one target; only of dbt_project.yml it keeps the text itself.
    """
    found: dict[str, Settings] = {}
    alike = [
        *raw["nodes"].values(),
        *(n for each in (raw.get("disabled") or {}).values() for n in each),
    ]
    for path in sorted({str(n["patch_path"]) for n in alike if n.get("patch_path")}):
        found |= _in_yaml(folder / path.partition("://")[2]) if folder else {}
    if not found:
        return raw

    def told(node: Mapping[str, Any]) -> Mapping[str, Any]:
        said = found.get(str(node.get("name"))) if node.get("patch_path") else None
        known = node.get("unrendered_config") or {}
        return {**node, "unrendered_config": {**known, **said}} if said else node

    disabled = {key: [told(n) for n in each] for key, each in (raw.get("disabled") or {}).items()}
    nodes = {key: told(node) for key, node in raw["nodes"].items()}
    return {**raw, "nodes": nodes, "disabled": disabled}


def _in_yaml(path: Path) -> dict[str, Settings]:
    """The settings with Jinja in one file, by the name of the model or snapshot."""
    try:
        text = path.read_text(encoding="utf-8")
        if not JINJA_IN_YAML.search(text):
            return {}
        entries = yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError):
        return {}  # dbt itself says what is wrong with it
    found: dict[str, Settings] = {}
    for kind in ("models", "snapshots"):
        listed = entries.get(kind) if isinstance(entries, Mapping) else None
        for each in listed if isinstance(listed, list) else ():
            if not isinstance(each, Mapping):
                continue
            config = each.get("config")
            given = config if isinstance(config, Mapping) else {}
            said = {key: given[key] for key in YAML_KEYS if "{{" in str(given.get(key))}
            found |= {str(each.get("name")): said} if said else {}
    return found


def with_those_turned_on(raw: Mapping[str, Any], own: Iterable[str]) -> Mapping[str, Any]:
    """The manifest with the nodes of these packages that are turned off here and not everywhere."""
    disabled = [each[0] for each in (raw.get("disabled") or {}).values() if each]
    found = {
        each["unique_id"]: each
        for each in disabled
        if each["unique_id"] not in raw["nodes"]
        and each["package_name"] in own
        and each.get("raw_code")
        and _is_on_somewhere(each)
    }
    if not found:
        return raw
    texts = [str(each["raw_code"]) for each in found.values()]
    sources = {
        each["unique_id"]: each
        for each in disabled
        if each["resource_type"] == "source" and any(each["name"] in text for text in texts)
    }
    return {
        **raw,
        "nodes": {**raw["nodes"], **found},
        "sources": {**sources, **raw["sources"]},
    }


def _is_on_somewhere(node: Mapping[str, Any]) -> bool:
    said = (node.get("unrendered_config") or {}).get("enabled")
    return "{{" in str(said) or ENABLED.search(str(node["raw_code"])) is not None
