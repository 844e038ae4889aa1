"""A rules file that would open what is closed is not handed to the engine."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from mesh.access.decide import decide
from mesh.access.guard import faults, load_rules, roles_in
from mesh.access.trino import FILE, SECTIONS, compile_rules
from mesh.core.errors import StackError
from mesh.core.paths import ROOT


@pytest.fixture(scope="module")
def rules() -> dict[str, Any]:
    return compile_rules(decide().policy)


def test_the_rendered_rules_are_sound() -> None:
    _, rules = load_rules(ROOT / FILE)
    assert list(faults(rules)) == []
    assert "clinician" in roles_in(rules, "mesh")
    assert "mesh" not in roles_in(rules, "mesh")


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_that_is_missing_is_refused(rules: dict[str, Any], section: str) -> None:
    broken = {name: value for name, value in rules.items() if name != section}
    assert any(f"section {section} is missing" in fault for fault in faults(broken))


@pytest.mark.parametrize(
    ("section", "rule", "fault"),
    [
        ("tables", {"privileges": ["SELECT"]}, "to everybody"),
        ("tables", {"user": ".*", "privileges": ["SELECT"]}, "to everybody"),
        ("tables", {"user": "[a-z-]+", "privileges": ["SELECT"]}, "to everybody"),
        ("tables", {"user": "analyst", "privilege": ["SELECT"]}, "`privilege` is not known"),
        ("tables", {"user": "analyst", "privileges": ["READ"]}, "`privileges` is"),
        ("tables", {"user": "analyst"}, "`privileges` is None"),
        ("tables", {"user": "(", "privileges": ["SELECT"]}, "`user` is no pattern"),
        ("tables", {"user": "a", "privileges": ["SELECT"], "filter": " "}, "no condition"),
        (
            "tables",
            {"user": "a", "privileges": ["SELECT"], "columns": [{"name": "x", "allow": "false"}]},
            "a column is",
        ),
        (
            "tables",
            {"user": "a", "privileges": ["SELECT"], "columns": [{"name": "x", "mask": ""}]},
            "a column is",
        ),
        (
            "tables",
            {
                "user": "a",
                "privileges": ["SELECT"],
                "columns": [{"name": "x", "allow": False}, {"name": "x", "mask": "1"}],
            },
            "named twice",
        ),
        ("tables", {"user": "a", "privileges": ["SELECT"]}, "ALTER TABLE"),
        ("tables", {"user": "a", "privileges": []}, "ALTER TABLE"),
        ("catalogs", {"user": "a", "catalog": "lake", "allow": "yes"}, "`allow` is 'yes'"),
        ("catalogs", {"catalog": "lake", "allow": "read-only"}, "to everybody"),
        ("queries", {"allow": ["view"]}, "to everybody"),
        ("schemas", {"owner": True}, "to everybody"),
        ("impersonation", {"original_user": ".*", "new_user": ".*", "allow": True}, "everybody"),
        ("system_session_properties", {"allow": True}, "to everybody"),
    ],
)
def test_a_rule_that_opens_too_much_or_is_not_known_is_refused(
    rules: dict[str, Any], section: str, rule: dict[str, Any], fault: str
) -> None:
    broken = deepcopy(rules)
    broken[section].insert(0, rule)
    found = list(faults(broken))
    assert any(fault in each for each in found), found


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"catalogs": []}'])
def test_a_file_that_is_no_set_of_rules_stops_the_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rules.json"
    path.write_text(text)
    with pytest.raises(StackError, match="access rules"):
        load_rules(path)


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="cannot be read") as caught:
        load_rules(tmp_path / "rules.json")
    assert "mesh access render" in str(caught.value.hint)


def test_rules_without_any_table_are_refused(rules: dict[str, Any]) -> None:
    assert any("not even the build" in fault for fault in faults({**rules, "tables": []}))


def test_the_file_is_what_the_engine_gets(rules: dict[str, Any]) -> None:
    text, loaded = load_rules(ROOT / FILE)
    assert json.loads(text) == loaded == rules
