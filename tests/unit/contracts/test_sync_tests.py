"""The sync changes of a test that stands there only what the contract says, and takes none twice."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from mesh.contracts.model import Contract
from mesh.contracts.sync import synced
from tests.unit.contracts.made import column, contract, model

NAME = "fct_fintech__claims"


def _text(name: str, tests: str, constraints: str = "[]") -> str:
    """The YAML of the model, with tests of one column written by hand."""
    columns = []
    for each in model()["columns"].values():
        own = [f"        {line}" for line in tests.splitlines()] if each["name"] == name else []
        held = "[{type: not_null}]" if each.get("constraints") else "[]"
        columns += [
            f"      - name: {each['name']}",
            f"        data_type: {each['data_type']}",
            f"        description: {each['description']}",
            f"        constraints: {constraints if own else held}",
            *own,
        ]
    head = ["models:", f"  - name: {NAME}", "    description: One row per claim.", "    columns:"]
    return "\n".join([*head, *columns]) + "\n"


def _synced(text: str, made: Contract) -> tuple[list[Any], list[str]]:
    """The tests of all columns after the sync, which a second one leaves alone, and the changes."""
    new, changes = synced(text, NAME, [made], [], frozenset({"is_not_negative"}))
    assert synced(new, NAME, [made], [], frozenset({"is_not_negative"})) == (new, [])
    [entry] = yaml.safe_load(new)["models"]
    found = {each["name"]: each.get("data_tests", []) for each in entry["columns"]}
    return found, changes


def _with_values(*values: Any, **more: Any) -> Contract:
    def change(raw: dict[str, Any]) -> None:
        rule = column(raw, "payer_kind")["quality"][0]
        rule["arguments"]["validValues"] = list(values)
        rule.update(more)

    return contract(change)


def _with_rules(name: str, *implementations: dict[str, Any]) -> Contract:
    def change(raw: dict[str, Any]) -> None:
        column(raw, name)["quality"] = [
            {"type": "custom", "engine": "dbt", "implementation": each} for each in implementations
        ]

    return contract(change)


@pytest.mark.parametrize(
    "arguments", ["arguments: {values: [government, private]}", "values: [government, private]"]
)
def test_what_was_written_by_hand_beside_the_arguments_stays(arguments: str) -> None:
    text = _text(
        "payer_kind",
        f"""\
data_tests:
  - accepted_values:
      name: payers_are_known
      description: Agreed with finance.
      {arguments}
      config:
        where: payer_kind <> 'x'  # until the move is over
        tags: [daily]
        meta: {{owner: finance}}""",
    )
    found, changes = _synced(
        text, _with_values("government", "private", "none", severity="warning")
    )
    [test] = found["payer_kind"]
    body = test["accepted_values"]
    assert body["name"] == "payers_are_known"
    assert body["description"] == "Agreed with finance."
    assert body["config"] == {
        "where": "payer_kind <> 'x'", "tags": ["daily"], "meta": {"owner": "finance"},
        "severity": "warn",
    }  # fmt: skip
    held = body if arguments.startswith("values") else body["arguments"]
    assert held["values"] == ["government", "private", "none"]
    assert "payer_kind.data_tests: accepted_values" in changes


def test_a_severity_goes_back_to_an_error_and_the_rest_of_the_settings_stays() -> None:
    text = _text(
        "payer_kind",
        """\
data_tests:
  - test_name: accepted_values
    severity: warn
    arguments: {values: [government, private]}
    config: {tags: [daily]}""",
    )
    found, _ = _synced(text, contract())
    assert found["payer_kind"] == [
        {
            "test_name": "accepted_values",
            "arguments": {"values": ["government", "private"]},
            "config": {"tags": ["daily"]},
        }
    ]


BY_HAND = """\
data_tests:
  - relationships: {arguments: {to: ref('hand'), field: id}}
  - relationships: {arguments: {to: ref('contracted'), field: id}}"""


def test_a_test_that_is_as_wanted_is_not_sought_in_another_one() -> None:
    made = _with_rules(
        "payer_kind",
        {"test": "relationships", "arguments": {"to": "ref('contracted')", "field": "id"}},
    )
    found, changes = _synced(_text("payer_kind", BY_HAND), made)
    assert [each["relationships"]["arguments"]["to"] for each in found["payer_kind"]] == [
        "ref('hand')", "ref('contracted')",
    ]  # fmt: skip
    assert not [each for each in changes if "data_tests: relationships" in each]


@pytest.mark.parametrize("tests", ["data_tests: []", "data_tests: [expression_is_true]", BY_HAND])
def test_rules_of_one_test_each_have_a_test_of_their_own(tests: str) -> None:
    wanted = [
        {"test": "expression_is_true", "arguments": {"expression": each}}
        for each in ("a > 1", "a < 9", "a <> 5")
    ]
    found, _ = _synced(_text("payer_kind", tests), _with_rules("payer_kind", *wanted))
    given = [
        each["expression_is_true"]["arguments"]["expression"]
        for each in found["payer_kind"]
        if "expression_is_true" in each
    ]
    assert given == ["a > 1", "a < 9", "a <> 5"]


def test_what_the_contract_says_about_its_rows_is_written() -> None:
    made = _with_rules(
        "payer_kind",
        {"test": "fits", "arguments": {"a": 1}, "config": {"where": "a > 1", "tags": ["x"]}},
    )
    wanted = {"fits": {"arguments": {"a": 1}, "config": {"where": "a > 1"}}}
    assert _synced(_text("payer_kind", "data_tests: []"), made)[0]["payer_kind"] == [wanted]
    hand = "data_tests:\n  - fits: {arguments: {a: 1}, config: {where: a > 7, tags: [mine]}}"
    found, _ = _synced(_text("payer_kind", hand), made)
    assert found["payer_kind"] == [
        {"fits": {"arguments": {"a": 1}, "config": {"where": "a > 1", "tags": ["mine"]}}}
    ]


@pytest.mark.parametrize(
    ("test", "constraint"),
    [
        ("not_null", False),
        ("not_null: {config: {where: a > 1}}", True),
        ("not_null: {config: {severity: warn}}", True),
        ("not_null: {error_if: '> 10'}", True),
    ],
)
def test_only_a_test_of_every_row_stands_for_a_constraint(test: str, constraint: bool) -> None:
    made = contract(lambda raw: column(raw, "payer_kind").update(required=True))
    text = _text("payer_kind", f"data_tests:\n  - {test}")
    new, _ = synced(text, NAME, [made], [], frozenset())
    [kind] = [c for c in yaml.safe_load(new)["models"][0]["columns"] if c["name"] == "payer_kind"]
    assert bool(kind["constraints"]) == constraint
