"""Settings that a node has only on some target or under some variables.

dbt writes into the manifest what holds on the target that it parsed for. The same call of
``config`` can publish the table, keep failing rows or add a hook on another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

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
    if KEPT[0] in found:
        # dbt derives the second from the first where nobody sets it.
        found.setdefault(KEPT[1], None)
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
