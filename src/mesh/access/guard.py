"""Refuses a rules file that the engine would read as more open than it is meant.

Trino allows everything in a section that is missing, and reads a file again while it runs. So the
file is held against all that the compiler can write before it is handed to the engine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mesh.access.policy import SYSTEM_CATALOG
from mesh.access.trino import SECTIONS, WRITER
from mesh.core.errors import StackError

_WHO = {"user", "group"}
_KEYS: Mapping[str, set[str]] = {
    "catalogs": {*_WHO, "catalog", "allow"},
    "schemas": {*_WHO, "catalog", "schema", "owner"},
    "tables": {*_WHO, "catalog", "schema", "table", "privileges", "columns", "filter"},
    "functions": {*_WHO, "catalog", "schema", "function", "privileges"},
    "procedures": {*_WHO, "catalog", "schema", "procedure", "privileges"},
    "queries": {*_WHO, "queryOwner", "allow"},
    "system_session_properties": {*_WHO, "property", "allow"},
    "catalog_session_properties": {*_WHO, "catalog", "property", "allow"},
    "system_information": {"user", "allow"},
    "impersonation": {"original_user", "new_user", "allow"},
    "authorization": {"original_user", "new_user", "allow"},
}
_VALUES: Mapping[tuple[str, str], tuple[Any, ...]] = {
    ("catalogs", "allow"): ("none", "read-only", "all", "owner"),
    ("schemas", "owner"): (True, False),
    ("system_session_properties", "allow"): (True, False),
    ("catalog_session_properties", "allow"): (True, False),
    ("impersonation", "allow"): (True, False),
    ("authorization", "allow"): (True, False),
}
_LISTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("tables", "privileges"): tuple(WRITER),
    ("functions", "privileges"): ("EXECUTE", "GRANT_EXECUTE", "OWNERSHIP"),
    ("procedures", "privileges"): ("EXECUTE", "GRANT_EXECUTE"),
    ("queries", "allow"): ("execute", "kill", "view"),
    ("system_information", "allow"): ("read", "write"),
}
_OUTCOMES = {"allow", "owner", "privileges", "columns", "filter"}
_OPENING = ("catalogs", "tables")


def load_rules(path: Path) -> tuple[str, dict[str, Any]]:
    """Text and content of a rules file.

    Raises:
        StackError: It is missing, is no JSON, or could open what is meant to be closed.
    """
    hint = "render it anew with `./mesh access render`; nothing starts without it"
    expected = "access rules as `./mesh access render` writes them"
    try:
        text = path.read_text(encoding="utf-8")
        rules = json.loads(text)
    except (OSError, ValueError) as error:
        raise StackError(
            f"the access rules cannot be read: {error}",
            where=str(path),
            expected=expected,
            hint=hint,
        ) from error
    if fault := next(faults(rules), None):
        raise StackError(
            f"the access rules are not sound: {fault}",
            where=str(path),
            expected=expected,
            hint=hint,
        )
    return text, rules


def roles_in(rules: Mapping[str, Any], service_account: str) -> list[str]:
    """The accounts that sound rules let run queries, the service account aside."""
    found: list[str] = []
    for rule in rules["queries"]:
        if "execute" in rule["allow"]:
            found += [name for name in rule["user"].split("|") if name not in found]
    return sorted(name for name in found if name != service_account)


def faults(rules: Any) -> Iterator[str]:
    """What is wrong with rules, one sentence each."""
    if not isinstance(rules, dict):
        yield "they are no object"
        return
    for name in sorted(set(SECTIONS) - set(rules)):
        yield f"section {name} is missing, which would allow everything in it"
    for name in sorted(set(rules) - set(SECTIONS)):
        yield f"section {name} is not known"
    for name in SECTIONS:
        section = rules.get(name, [])
        if not isinstance(section, list):
            yield f"section {name} is no list"
            continue
        for number, rule in enumerate(section, 1):
            for fault in _rule_faults(name, rule):
                yield f"rule {number} of {name}: {fault}"
    for name in _OPENING:
        if rules.get(name) == []:
            yield f"section {name} has no rule, so not even the build may read"


def _rule_faults(section: str, rule: Any) -> Iterator[str]:
    if not isinstance(rule, dict):
        yield "it is no object"
        return
    for key in sorted(set(rule) - _KEYS[section]):
        yield f"`{key}` is not known"
    for key, value in rule.items():
        if key not in _OUTCOMES and not _is_pattern(value):
            yield f"`{key}` is no pattern"
    for (name, key), allowed in _VALUES.items():
        if name == section and not any(
            rule.get(key) is each or (isinstance(each, str) and rule.get(key) == each)
            for each in allowed
        ):
            yield f"`{key}` is {rule.get(key)!r}"
    for (name, key), known in _LISTS.items():
        found = rule.get(key)
        if name == section and not (isinstance(found, list) and set(map(str, found)) <= set(known)):
            yield f"`{key}` is {found!r}"
    opens = rule.get("privileges") or rule.get("allow") not in (None, [], False, "none")
    if section != "authorization" and (opens or rule.get("owner")) and not _names_somebody(rule):
        yield "it opens something to everybody"
    if section == "tables" and not _is_filtered(rule):
        yield "without `filter` the engine lets users ALTER TABLE … EXECUTE"
    yield from _column_faults(rule.get("columns", []))
    if "filter" in rule and not (isinstance(rule["filter"], str) and rule["filter"].strip()):
        yield "`filter` is no condition"


def _is_filtered(rule: Mapping[str, Any]) -> bool:
    """Whether a rule keeps users from table procedures; owners and `system` need no such thing."""
    privileges = rule.get("privileges")
    owner = isinstance(privileges, list) and "OWNERSHIP" in privileges
    return owner or rule.get("catalog") == SYSTEM_CATALOG or "filter" in rule


def _names_somebody(rule: Mapping[str, Any]) -> bool:
    """Whether a rule is for named accounts; a pattern that fits any name is not."""
    who = [rule[key] for key in ("user", "group", "original_user") if key in rule]
    return bool(who) and not any(_is_pattern(p) and re.fullmatch(p, "zz-nobody-zz") for p in who)


def _column_faults(columns: Any) -> Iterator[str]:
    if not isinstance(columns, list):
        yield "`columns` is no list"
        return
    for each in columns:
        named = isinstance(each, dict) and isinstance(each.get("name"), str)
        closed = named and set(each) == {"name", "allow"} and each["allow"] is False
        masked = named and set(each) == {"name", "mask"} and isinstance(each["mask"], str)
        if not (closed or (masked and each["mask"].strip())):
            yield f"a column is {each!r}"
    names = [each.get("name") for each in columns if isinstance(each, dict)]
    if len(names) != len(set(names)):
        yield "a column is named twice"


def _is_pattern(value: Any) -> bool:
    if not isinstance(value, str) or not value:
        return False
    try:
        re.compile(value)
    except re.error:
        return False
    return True
