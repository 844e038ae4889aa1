"""What a change takes away is found, and what it adds is not."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from mesh.privacy.loosened import POLICIES, loosened, numbers_lowered, policies_lost
from mesh.privacy.policy import Policy, Rule
from mesh.privacy.project import DbtProject
from mesh.privacy.removed import compared
from tests.unit.privacy import factory

MASKED = "select {{ redact('email') }} as email, region from {{ source('crm', 'people') }}"
MASK = "{% macro redact(column) %}if({{ column }} is null, null, 'REDACTED'){% endmacro %}"

GENERIC = "{% test k_anonymous(model) %}select 1 from {{ model }}{% endtest %}"


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
    constant = factory.node(
        "staging/constants", "select 'REDACTED' as contact from {{ source('crm', 'people') }}"
    )
    macros = [
        factory.macro("hide", MASK, path="macros/privacy/hide.sql"),
        factory.macro("test_k_anonymous", GENERIC, path="tests/generic/k_anonymous.sql"),
    ]
    tests = [
        held("is_pseudonymous", model, "email"),
        held("l_diverse", model, columns=["zip", "region"], smallest=2),
        held("k_anonymous", model, columns=["zip", "region"], smallest=11),
        held("accepted_values", model, values=["a", "b"]),
    ]
    return factory.manifest([model, band, constant, *tests], [source], macros)


def held(name: str, model: factory.Raw, column: str = "", **arguments: Any) -> factory.Raw:
    made = factory.node(f"people_{name}", "select 1", "test", severity="ERROR", where=None)
    made |= {"attached_node": model["unique_id"], "column_name": column}
    made["test_metadata"] = {"name": name, "kwargs": {"model": "m", "arguments": arguments}}
    return made


def arguments(raw: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = raw["nodes"][f"test.shop.people_{name}"]["test_metadata"]["kwargs"]
    return cast("dict[str, Any]", found["arguments"])


def config(raw: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = raw["nodes"][f"test.shop.people_{name}"]["config"]
    return found


def rename_source(
    raw: Any, cls: str = "none", columns: tuple[str, ...] = ("email", "seen_on")
) -> None:
    del raw["sources"][SOURCE]
    made = factory.source("crm", "persons", {name: {"class": cls} for name in columns})
    raw["sources"][made["unique_id"]] = made


def changed(change: Callable[[Any], object]) -> list[str]:
    new = copy.deepcopy(base())
    change(new)
    found = compared(DbtProject(base()), DbtProject(new))
    return sorted({f"{each.node}.{each.column}: {each.message}" for each in found})


SOURCE, MODEL, YEARS = "source.shop.crm.people", "model.shop.people", "model.shop.years"
CONSTANT = "model.shop.constants"


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
        (
            lambda raw: raw["nodes"][MODEL].update(
                raw_code="select email, region from {{ source('crm', 'people') }}"
            ),
            "people.email: the mask over crm.people.email is gone",
        ),
        (
            lambda raw: raw["nodes"][CONSTANT].update(
                raw_code="select email as contact from {{ source('crm', 'people') }}"
            ),
            "constants.contact: the mask over crm.people.email is gone",
        ),
        (
            lambda raw: raw["nodes"][MODEL].update(
                raw_code="select lower(email) as email from {{ source('crm', 'people') }}"
            ),
            "people.email: the mask over crm.people.email is gone",
        ),
        (
            lambda raw: raw["nodes"].pop("test.shop.people_l_diverse"),
            "people.: the test l_diverse is gone",
        ),
        (
            lambda raw: arguments(raw, "k_anonymous").update(smallest=1),
            "people.: the test k_anonymous holds less: smallest is 1",
        ),
        (
            lambda raw: arguments(raw, "k_anonymous").pop("smallest"),
            "people.: the test k_anonymous holds less: smallest is None",
        ),
        (
            lambda raw: arguments(raw, "k_anonymous").update(columns=["region"]),
            "people.: the test k_anonymous holds less: columns is ['region']",
        ),
        (
            lambda raw: arguments(raw, "k_anonymous").update(nothing_shown="true"),
            "people.: the test k_anonymous holds less: nothing_shown is true",
        ),
        (
            lambda raw: config(raw, "k_anonymous").update(where="false"),
            "people.: the test k_anonymous holds less: where is false",
        ),
        (
            lambda raw: config(raw, "is_pseudonymous").update(severity="WARN"),
            "people.email: the test is_pseudonymous holds less: severity is warn",
        ),
        (
            lambda raw: config(raw, "l_diverse").update(enabled=False),
            "people.: the test l_diverse holds less: enabled is False",
        ),
        (
            lambda raw: config(raw, "l_diverse").update(error_if=">1000"),
            "people.: the test l_diverse holds less: error_if is >1000",
        ),
        (
            lambda raw: raw["macros"]["macro.shop.test_k_anonymous"].update(
                macro_sql=GENERIC.replace("select 1", "select 1 where false --")
            ),
            "test_k_anonymous.: the test has another body",
        ),
        (rename_source, "crm.people.email: the class was direct and is none"),
        (
            lambda raw: rename_source(raw, "none", ("email",)),
            "crm.people.seen_on: the class quasi is gone",
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
        lambda raw: raw["nodes"][MODEL].update(
            raw_code="select 'x' as email, region from {{ source('crm', 'people') }}"
        ),
        lambda raw: raw["nodes"][MODEL].update(
            raw_code="select cast(email is null as varchar) as email, email as address "
            "from {{ source('crm', 'people') }}"
        ),
        lambda raw: raw["sources"].pop(SOURCE),
        lambda raw: raw["nodes"][MODEL].update(tags=["pii"]),
        lambda raw: raw["macros"]["macro.shop.hide"].update(macro_sql=f"{{# why #}}\n{MASK}"),
        lambda raw: raw["sources"].update(
            {"source.shop.crm.persons": {**raw["sources"].pop(SOURCE), "name": "persons"}}
        ),
        lambda raw: rename_source(raw, "none", ("number", "colour")),
        lambda raw: arguments(raw, "k_anonymous").update(smallest=20),
        lambda raw: arguments(raw, "l_diverse").update(columns=["zip", "region", "gender"]),
        lambda raw: arguments(raw, "accepted_values").update(values=["a"]),
        lambda raw: config(raw, "accepted_values").update(severity="WARN"),
        lambda raw: config(raw, "k_anonymous").update(severity="error", enabled=True),
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


OLD = """# Who may read.
package governance.publish

is_open if {
	input.open
}

findings contains "P1" if {
	not is_open
}
"""


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (OLD, []),
        (OLD.replace("# Who may read.", "# For whom."), []),
        (OLD + '\nfindings contains "P2" if {\n\tinput.x\n}\n', []),
        (OLD.partition("findings")[0], ['no policy says: findings contains "P1" if { not is_open }']),
        (
            OLD + "\nis_open if {\n\ttrue\n}\n",
            ["what a policy asks for has another definition: is_open if { true }"],
        ),
        (
            OLD.replace("not is_open", "false"),
            ['no policy says: findings contains "P1" if { not is_open }'],
        ),
    ],
)  # fmt: skip
def test_what_policies_say_no_more_is_found(tmp_path: Path, text: str, messages: list[str]) -> None:
    for name, content in (("old", OLD), ("new", text)):
        (tmp_path / name / POLICIES).mkdir(parents=True)
        (tmp_path / name / POLICIES / "publish.rego").write_text(content)
        (tmp_path / name / POLICIES / "publish_test.rego").write_text(f"test_{name} if true")
    found = policies_lost(tmp_path / "old", tmp_path / "new")
    assert [each.message for each in found] == messages


def test_a_policy_that_is_gone_is_found(tmp_path: Path) -> None:
    (tmp_path / POLICIES).mkdir(parents=True)
    (tmp_path / POLICIES / "publish.rego").write_text(OLD)
    assert len(list(policies_lost(tmp_path, tmp_path / "new"))) == 3


def test_a_smaller_group_in_a_variable_is_found() -> None:
    before = {"smallest_published_group": 11, "days": 30}
    assert not list(numbers_lowered(before, {"smallest_published_group": 12, "days": 1}))
    for after in ({"smallest_published_group": 5}, {}):
        (finding,) = numbers_lowered(before, after)
        assert finding.node == "smallest_published_group"
