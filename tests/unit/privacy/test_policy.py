from pathlib import Path

import pytest

from mesh.core.errors import MeshError
from mesh.privacy.classes import Class
from mesh.privacy.declarations import Declaration
from mesh.privacy.policy import Policy, read_policy
from tests.unit.privacy import factory

DATE = Declaration(Class.QUASI, "quasi", "date", "patient")


def written(folder: Path, text: str) -> Policy:
    (folder / "governance").mkdir()
    (folder / "governance" / "privacy.yml").write_text(text)
    return read_policy(folder)


@pytest.mark.parametrize("path", ["gold/a", "marts/a", "sales/marts/core/a", "GOLD/a"])
def test_folders_named_gold_or_marts_are_published(path: str) -> None:
    assert Policy().is_published(factory.node(path, "select 1"))


@pytest.mark.parametrize("path", ["staging/a", "staging/gold", "smarts/a", "marts_private/a"])
def test_other_folders_are_not(path: str) -> None:
    assert not Policy().is_published(factory.node(path, "select 1"))


@pytest.mark.parametrize(
    ("kind", "config", "schema", "expected"),
    [
        ("model", {"schema": "marts"}, "dev_marts", True),
        ("model", {}, "sales_marts", True),
        ("snapshot", {"target_schema": "marts"}, "analytics", True),
        ("snapshot", {"target_schema": "history"}, "history", False),
        ("model", {}, "smarts", False),
        ("model", {"materialized": "ephemeral"}, "marts", False),
    ],
)
def test_what_lies_in_a_published_schema_is_published(
    kind: str, config: dict[str, str], schema: str, expected: bool
) -> None:
    node = {**factory.node("history/a", "select 1", kind, **config), "schema": schema}
    assert Policy().is_published(node) is expected


def test_other_folders_can_be_named(tmp_path: Path) -> None:
    policy = read_policy(tmp_path, ["reporting"])
    assert policy.is_published(factory.node("reporting/a", "select 1"))
    assert not policy.is_published(factory.node("marts/a", "select 1"))


def test_a_rule_allows_its_classes_places_and_columns_and_no_others(tmp_path: Path) -> None:
    policy = written(
        tmp_path,
        "published: [gold]\n"
        "allow: [{in: [gold/fct_*], classes: [quasi], identifiers: [date], "
        "without: ['hr.*'], reason: days of care}]",
    )
    fact, other = factory.node("gold/fct_a", "select 1"), factory.node("gold/dim_a", "select 1")
    assert policy.allows(fact, Class.QUASI, "crm.visits.day", DATE)
    assert policy.allows(fact, Class.QUASI_KEY, "crm.visits.day", DATE)
    assert not policy.allows(fact, Class.DIRECT, "crm.visits.day", DATE)
    assert not policy.allows(other, Class.QUASI, "crm.visits.day", DATE)
    assert not policy.allows(fact, Class.QUASI, "hr.people.born", DATE)
    assert not policy.allows(fact, Class.QUASI, "crm.visits.zip", Declaration(Class.QUASI))
    assert not policy.allows(None, Class.QUASI, "crm.visits.day", DATE)


@pytest.mark.parametrize(
    "text",
    [
        "allow: [{in: [gold], classes: [quasi]}]",
        "allow: [{in: [gold], classes: [secret], reason: because}]",
        "allow: [{classes: [quasi], reason: because}]",
        "- a list",
        "allow: {",
    ],
)
def test_rules_that_say_too_little_stop_the_check(tmp_path: Path, text: str) -> None:
    with pytest.raises(MeshError, match="rules cannot be read"):
        written(tmp_path, text)
