"""Tests that held a protection on the base branch and are gone, or hold less."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mesh.build import nodes
from mesh.privacy.findings import Finding, gone

PROTECTING = re.compile(
    r"anonym|pseudonym|personal|privacy|mask|redact|suppress|small_cell|coded_text|divers"
    r"|closeness|small_group|alike"
)
"""Names of tests that hold a protection."""

SETTINGS = {"enabled": True, **nodes.SETTINGS, "severity": "error"}
"""What a test can be weakened by, as dbt has it where nothing is said."""

Test = Mapping[str, Any]


def tests_lost(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Finding]:
    """Tests of the first manifest that the second has no more, or only a weaker one."""
    present: dict[tuple[str, str, str], list[Test]] = {}
    for test in new["nodes"].values():
        if test["resource_type"] == "test":
            present.setdefault(_key(test), []).append(test)
    for test in old["nodes"].values():
        if test["resource_type"] != "test" or not PROTECTING.search(_key(test)[0]):
            continue
        attached = test.get("attached_node")
        node = new["nodes"].get(attached) if attached else None
        if attached and node is None:
            continue  # the model went with it
        faults = [weaker(test, each) for each in present.get(_key(test), [])]
        name, column = _key(test)[0], str(test.get("column_name") or "")
        if not faults:
            yield gone(node or test, f"the test {name} is gone", column)
        elif all(faults):
            yield gone(node or test, f"the test {name} holds less: {min(faults)}", column)


def _key(test: Test) -> tuple[str, str, str]:
    metadata = test.get("test_metadata") or {}
    return (
        str(metadata.get("name") or test["name"]),
        str(test.get("attached_node") or ""),
        str(test.get("column_name") or ""),
    )


def weaker(old: Test, new: Test) -> str:
    """Why the second test may let through what the first does not; empty if it does not."""
    before, after = old.get("config") or {}, new.get("config") or {}
    for name, usual in SETTINGS.items():
        was, now = (_setting(config.get(name), usual) for config in (before, after))
        if now not in (was, usual):
            return f"{name} is {now}"
    given, taken = _arguments(old), _arguments(new)
    for name in sorted({*given, *taken}):
        if not _holds(name, given.get(name), taken.get(name)):
            return f"{name} is {taken.get(name)}"
    if not old.get("test_metadata") and plain(old.get("raw_code")) != plain(new.get("raw_code")):
        return "it has another body"
    return ""


def _setting(value: Any, usual: Any) -> Any:
    value = usual if value is None else value
    return value.strip().lower() if isinstance(value, str) else value


def _arguments(test: Test) -> Mapping[str, Any]:
    given = dict((test.get("test_metadata") or {}).get("kwargs") or {})
    given |= given.pop("arguments", None) or {}
    return {name: value for name, value in given.items() if name not in {"model", "column_name"}}


def _holds(name: str, was: Any, now: Any) -> bool:
    """Whether an argument asks for as much as before: larger groups, or more columns."""
    if isinstance(was, list) and isinstance(now, list):
        return all(each in now for each in was)
    numbers = isinstance(was, int | float) and isinstance(now, int | float)
    return bool(now >= was) if numbers and "smallest" in name else bool(was == now)


def plain(text: object) -> str:
    """Jinja and SQL without comments of Jinja, with single spaces."""
    return " ".join(re.sub(r"\{#.*?#\}", "", str(text), flags=re.S).split())
