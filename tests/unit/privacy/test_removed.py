"""What a change takes away is found, and what it adds is not."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from mesh.privacy.policy import Policy, Rule
from mesh.privacy.project import DbtProject
from mesh.privacy.removed import compared, loosened
from tests.unit.privacy import factory

MASKED = "select {{ redact('email') }} as email, region from {{ source('crm', 'people') }}"
MASK = "{% macro redact(column) %}if({{ column }} is null, null, 'REDACTED'){% endmacro %}"


def base() -> factory.Raw:
    source = factory.source(
        "crm",
        "people",
        {
            "email": {"class": "direct", "identifier": "email"},
            "seen_on": {"class": "quasi", "identifier": "date"},
            "region": {"class": "none"},
        },
    )
    model = factory.node("staging/people", MASKED, contract={"enforced": True})
    model |= {"access": "private", "tags": ["pii", "daily"]}
    band = factory.node(
        "staging/years", "select year(seen_on) as y from {{ source('crm', 'people') }}"
    )
    test = factory.node("people_is_pseudonymous", "select 1", "test")
    test |= {"attached_node": model["unique_id"], "column_name": "email"}
    test["test_metadata"] = {"name": "is_pseudonymous", "kwargs": {}}
    mask = factory.macro("hide", MASK, path="macros/privacy/hide.sql")
    return factory.manifest([model, band, test], [source], [mask])


def changed(change: Callable[[Any], object]) -> list[str]:
    new = copy.deepcopy(base())
    change(new)
    found = compared(DbtProject(base()), DbtProject(new))
    return sorted({f"{each.node}.{each.column}: {each.message}" for each in found})


SOURCE, MODEL, YEARS = "source.shop.crm.people", "model.shop.people", "model.shop.years"


def privacy(raw: Any, column: str) -> dict[str, str]:
    found: dict[str, str] = raw["sources"][SOURCE]["columns"][column]["meta"]["privacy"]
    return found


def test_nothing_is_found_where_nothing_changed() -> None:
    assert changed(lambda raw: None) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda raw: privacy(raw, "email").update({"class": "none"}),
            "crm.people.email: the class was direct and is none",
        ),
        (
            lambda raw: raw["sources"][SOURCE]["columns"].pop("seen_on"),
            "crm.people.seen_on: the class quasi is gone",
        ),
        (
            lambda raw: privacy(raw, "email").pop("identifier"),
            "crm.people.email: the identifier email is gone",
        ),
        (
            lambda raw: raw["nodes"][MODEL]["config"].pop("contract"),
            "people.: its contract is no longer enforced",
        ),
        (
            lambda raw: raw["nodes"][MODEL].update(access="public"),
            "people.: it is no longer private",
        ),
        (lambda raw: raw["nodes"][MODEL].update(tags=["daily"]), "people.: the tag pii is gone"),
        (
            lambda raw: raw["nodes"].pop("test.shop.people_is_pseudonymous"),
            "people.email: the test is_pseudonymous is gone",
        ),
        (lambda raw: raw["macros"].pop("macro.shop.hide"), "hide.: the mask is gone"),
        (
            lambda raw: raw["macros"]["macro.shop.hide"].update(
                macro_sql=MASK.replace("null, '", "'")
            ),
            "hide.: the mask has another body",
        ),
        (
            lambda raw: raw["nodes"][YEARS].update(
                raw_code="select seen_on as y from {{ source('crm', 'people') }}"
            ),
            "years.y: the mask over crm.people.seen_on is gone",
        ),
    ],
)
def test_what_is_taken_away_is_found(change: Callable[[Any], object], expected: str) -> None:
    assert expected in changed(change)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: privacy(raw, "region").update({"class": "quasi"}),
        lambda raw: raw["nodes"].pop(MODEL),
        lambda raw: raw["sources"].pop(SOURCE),
        lambda raw: raw["nodes"][MODEL].update(tags=["pii"]),
        lambda raw: raw["macros"]["macro.shop.hide"].update(macro_sql=f"{{# why #}}\n{MASK}"),
    ],
)
def test_what_adds_protection_or_goes_with_its_model_is_not(
    change: Callable[[Any], object],
) -> None:
    assert changed(change) == []


RULE = Rule(("gold",), frozenset({"quasi"}), "why", frozenset({"date"}))


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        (Policy(), Policy(), 0),
        (Policy(), Policy(published=("gold",)), 1),
        (Policy(), Policy(published=("gold", "marts", "serving")), 0),
        (Policy(), Policy(smallest=5), 1),
        (Policy(), Policy(smallest=20), 0),
        (Policy(), Policy(rules=(RULE,)), 1),
        (Policy(rules=(RULE,)), Policy(rules=(RULE,)), 0),
        (Policy(rules=(RULE,)), Policy(), 0),
        (Policy(rules=(RULE,)), Policy(rules=(Rule(("gold",), frozenset({"quasi"}), "why"),)), 1),
    ],
)
def test_rules_that_allow_more_are_found(before: Policy, after: Policy, count: int) -> None:
    assert len(list(loosened(before, after))) == count
