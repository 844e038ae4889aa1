"""A test that leaves rows out, or lets some fail, does not keep what a contract promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mesh.contracts.drift import drift
from tests.unit.build import dbt_files
from tests.unit.contracts.made import base, column, model, project
from tests.unit.contracts.made import tests_of as wanted_tests_of

DEFAULTS = {
    "where": None, "limit": None, "fail_calc": "count(*)", "warn_if": "!= 0", "error_if": "!= 0",
}  # fmt: skip
"""What dbt 1.11 writes into a manifest where nothing is said."""


def _codes(root: Path, raw: dict[str, Any], *nodes: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.code, each.element) for each in drift(project(root, [raw], list(nodes)))]


def _given(number: int, **config: Any) -> list[dict[str, Any]]:
    """The model with its tests, one of which is set up otherwise."""
    tests = wanted_tests_of(model()["unique_id"])
    for test in tests:
        test["config"].update(DEFAULTS)
    tests[number]["config"].update(config)
    return [model(), *tests]


def test_what_dbt_does_anyway_is_no_drift(tmp_path: Path) -> None:
    assert _codes(tmp_path, base(), *_given(0)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("where", "1 = 0"),
        ("error_if", ">1000000"),
        ("warn_if", ">1000000"),
        ("fail_calc", "0"),
        ("limit", 0),
    ],
)
@pytest.mark.parametrize(("number", "element"), [(0, "claim_id"), (1, "payer_kind")])
def test_a_test_that_is_loosened_is_drift(
    tmp_path: Path, number: int, element: str, name: str, value: Any
) -> None:
    [hit] = drift(project(tmp_path, nodes=_given(number, **{name: value})))
    assert (hit.code, hit.element) == ("C509", element)
    assert f"{name}: {value}" in hit.found
    assert "say it in the contract" in hit.hint
    assert hit.line > 0


def test_a_whole_test_beside_a_loosened_one_is_enough(tmp_path: Path) -> None:
    nodes = _given(0, where="1 = 0")
    whole = wanted_tests_of(model()["unique_id"])[0] | {"unique_id": "test.mesh.whole"}
    assert _codes(tmp_path, base(), *nodes, whole) == []


def test_what_the_contract_itself_says_about_rows_is_no_drift(tmp_path: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        column(raw, "payer_kind")["quality"] = [
            {"type": "custom", "engine": "dbt",
             "implementation": {"test": "fits", "config": {"where": "payer_kind <> 'x'"}}},
        ]  # fmt: skip

    nodes = _given(1, where="payer_kind <> 'x'")
    nodes[2]["test_metadata"] = {"name": "fits", "kwargs": {"column_name": "payer_kind"}}
    assert _codes(tmp_path, base(change), *nodes) == []
    nodes[2]["config"]["where"] = None
    [hit] = drift(project(tmp_path, [base(change)], nodes))
    assert (hit.code, hit.element) == ("C509", "payer_kind")
    assert "contract sync" in hit.hint


@pytest.mark.parametrize(
    ("config", "held"),
    [
        ({"severity": "ERROR"}, True),
        ({"severity": "WARN"}, False),
        ({"severity": "ERROR", "where": "claim_id > 'a'"}, False),
    ],
)
def test_only_a_whole_test_stands_for_a_constraint(
    tmp_path: Path, config: dict[str, Any], held: bool
) -> None:
    made = model()
    made["columns"]["claim_id"]["constraints"] = []
    test = dbt_files.data_test("not_null", made["unique_id"], "claim_id")
    test |= {"test_metadata": {"name": "not_null", "kwargs": {}}, "config": config}
    found = _codes(tmp_path, base(), made, *wanted_tests_of(made["unique_id"]), test)
    assert found == ([] if held else [("C506", "claim_id")])


def test_a_rule_about_null_is_kept_by_the_constraint(tmp_path: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        column(raw, "claim_id")["quality"] = [{"metric": "nullValues", "mustBe": 0}]

    assert _codes(tmp_path, base(change), *_given(0)) == []
