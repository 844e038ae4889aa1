"""A quality rule in SQL becomes a test of dbt, or is refused with the reason."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from mesh.contracts.dbt_tests import FIGURE, wanted_tests
from mesh.contracts.drift import drift
from mesh.contracts.drift_of_tests import drift_of_tests
from mesh.contracts.house import house_rules
from mesh.contracts.model import Rule
from mesh.contracts.pair import Pair
from mesh.contracts.project import read_contracts
from mesh.contracts.sql_rules import faults
from mesh.contracts.sync import synced
from mesh.core.paths import ROOT
from tests.unit.contracts.made import base, column, contract, model, project
from tests.unit.contracts.made import tests_of as wanted_tests_of

COUNT = "select count(*) from {object}"
NAME = "fct_fintech__claims"
KNOWN = frozenset({"has_one_row_per", "is_not_negative", FIGURE})


def rule(query: str = COUNT, on: str = "", **more: Any) -> Rule:
    raw = {"name": "some claims", "type": "sql", "query": query, "mustBeGreaterThan": 0, **more}
    return Rule("sql", on, ("schema", 0, "quality", 0), raw)


@pytest.mark.parametrize(
    "query",
    [
        COUNT,
        "with a as (select x from {object}) select max(x) - min(x) from a",
        "select count(*) from {object} as one join {object} as other on one.x = other.y",
        "select (select count(*) from {object} where x > 1) = 0",
        "select count(*) from {object} where x in (select y from {object}) -- why",
        "select count(*) from ${object}",
        "with A as (select x from {object}), b as (select x from a) select max(x) from b",
        "with recursive a (n) as (select min(x) from {object} union all select n + 1 from a"
        " where n < 9) select count(*) from a",
        "select max(n) from (with a as (select x as n from {object}) select n from a)",
        "select count(*) from {object} cross join unnest(kinds) as each_of (kind)",
        "select count(*) from (select 1 as one from {object} where x > 1 limit 10)",
        "select exists (select 1 from {object} where x > 1)",
        "select x from (select 0 as y, max(x) as x from {object})",
    ],
)
def test_a_query_of_the_table_alone_can_be_a_test(query: str) -> None:
    assert list(faults(rule(query))) == []


@pytest.mark.parametrize(
    ("query", "more", "told"),
    [
        ("select count(*) from {{ ref('x') }}", {}, "mark of Jinja"),
        ("select count(*) from {object} {# #}", {}, "mark of Jinja"),
        ("select count(*) from", {}, "does not parse"),
        ("delete from {object}", {}, "no query"),
        (f"{COUNT}; drop table t", {}, "no query, or more than one"),
        ("select 1", {}, "does not read {object}"),
        ("select count(*), max(x) from {object}", {}, "several columns"),
        (f"{COUNT} where x in (select y from other.t)", {}, "reads other.t"),
        (f"{COUNT}, lake.patients_gold.p", {}, "reads lake.patients_gold.p"),
        ("select count(*) from {object} where {property} > 0", {}, "is on no column"),
        (
            'with "patients_vault.keys" as (select 1 as a from {object})'
            " select count(*) from patients_vault.keys",
            {},
            "reads patients_vault.keys",
        ),
        (
            "with keys as (select max(x) as a from {object}) select max(a) from patients_vault.keys",
            {},
            "reads patients_vault.keys",
        ),
        (
            "select max(n) from (with inner_one as (select x as n from {object}) select n from"
            " inner_one) cross join inner_one",
            {},
            "reads inner_one",
        ),
        (
            "with a as (select x from b), b as (select x from {object}) select max(x) from a",
            {},
            "reads b",
        ),
        ("with a as (select x from a) select max(x) from a cross join {object}", {}, "reads a"),
        (
            "with this_object as (select 1 as x) select max(x) from this_object",
            {},
            "does not read {object}",
        ),
        ('select max(x) from "{object}.keys"', {}, "does not read {object}"),
        ("select max(x) from {object}, this_object", {}, "reads this_object"),
        (f"{COUNT}, information_schema.tables", {}, "reads information_schema.tables"),
        (f"{COUNT}, system.runtime.queries", {}, "reads system.runtime.queries"),
        (f"{COUNT}, table(lake.system.query(query => 'select 1'))", {}, "reads TABLE("),
        (f"{COUNT} where x in (table keys)", {}, "reads keys"),
        ("select 0 from {object} limit 1", {}, "gives 0, which no row"),
        ("select a from (select 0 as a from {object} limit 1)", {}, "gives a, which no row"),
        (
            "with a as (select 1 as n from {object}), b as (select n + 1 as m from a)"
            " select m from b",
            {},
            "gives m, which no row",
        ),
        ("with a (n) as (select 1 from {object} limit 1) select n from a", {}, "no row"),
        (
            "select n from (select max(x) from {object}) cross join (values (1)) as a (n)",
            {},
            "gives n, which no row",
        ),
        (f"{COUNT} union all select 7", {}, "gives 7, which no row"),
        (f"{COUNT} where false", {}, "condition FALSE is the same"),
        (f"{COUNT} where x > 1 and 1 = 0", {}, "is the same for every row"),
        (f"{COUNT} where true", {}, "condition TRUE is the same"),
        (f"{COUNT} where current_date > date '2020-01-01'", {}, "is the same for every row"),
        ("select count(*) filter (where false) from {object}", {}, "is the same for every row"),
        ("select max(x) from (select x from {object} limit 0)", {}, "keeps no row"),
        ("select * from {object}", {}, "all columns"),
        ("select one.* from {object} as one", {}, "all columns"),
        (COUNT, {"mustBeGreaterThan": float("nan")}, "no figure"),
        (COUNT, {"mustBeGreaterThan": float("inf")}, "no figure"),
        (COUNT, {"mustBeGreaterThan": -1}, "mustBeGreaterThan -1 is kept by every count"),
        (COUNT, {"mustBeGreaterOrEqualTo": 0}, "mustBeGreaterOrEqualTo 0 is kept by every count"),
        (COUNT, {"mustNotBe": 0.5}, "mustNotBe 0.5 is kept by every count"),
        (COUNT, {"mustBe": -1}, "is kept by no count"),
        (COUNT, {"mustBeLessThan": 1}, "mustBeGreaterThan 0 and mustBeLessThan 1 is kept by no"),
        ("select max(x) from {object}", {"mustBeLessThan": 0}, "is kept by no figure"),
        ("select max(x) from {object}", {"mustBe": True}, "is kept by no figure"),
        ("select max(x) from {object}", {"mustBeBetween": [5, 1]}, "between which lies no figure"),
        (COUNT, {"mustNotBeBetween": [5, 1]}, "between which lies no figure"),
        (COUNT, {"name": None}, "no name"),
        (COUNT, {"mustBeGreaterThan": "1) or (1 = 1"}, "no figure"),
        (COUNT, {"mustBeGreaterThan": True}, "no figure"),
        (COUNT, {"mustBeBetween": [1]}, "no figure"),
    ],
)
def test_what_cannot_be_a_test_is_told(query: str, more: dict[str, Any], told: str) -> None:
    assert any(told in fault for fault in faults(rule(query, **more)))


@pytest.mark.parametrize(
    ("query", "must"),
    [
        (COUNT, {"mustBe": 0}),
        (COUNT, {"mustBeLessThan": 1}),
        (COUNT, {"mustBeGreaterThan": 0, "mustBeLessThan": 2}),
        (COUNT, {"mustBeBetween": [-5, 0]}),
        ("select max(x) from {object}", {"mustBeGreaterOrEqualTo": 0}),
        ("select max(x) from {object}", {"mustBeGreaterThan": 0, "mustBeLessThan": 1}),
        ("select count(*) > 9 from {object}", {"mustBe": True}),
        ("select count(*) > 9 from {object}", {"mustNotBe": False}),
    ],
)
def test_bounds_that_a_figure_can_keep_and_break_are_fine(query: str, must: dict[str, Any]) -> None:
    given = {"name": "some claims", "type": "sql", "query": query, **must}
    assert list(faults(Rule("sql", "", ("schema", 0, "quality", 0), given))) == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (COUNT + " where " + " and ".join(f"a<>{n}" for n in range(1_000)), "nested deeper"),
        (COUNT + " where a in (" + ", ".join(map(str, range(9_000))) + ")", "longer than 20,000"),
        ("select count(*) from (" * 150 + "select * from {object}" + ")" * 150, "nested deeper"),
    ],
)
def test_a_query_that_nobody_can_read_is_not_judged(query: str, told: str) -> None:
    [fault] = [each for each in faults(rule(query)) if "query" in each]
    assert told in fault


def test_a_rule_without_a_comparison_is_none() -> None:
    given = {"name": "some claims", "type": "sql", "query": COUNT}
    [fault] = faults(Rule("sql", "", ("schema", 0, "quality", 0), given))
    assert fault == "it compares its figure with nothing"


def with_rules(raw: dict[str, Any]) -> None:
    """One rule on the table, in the spelling of 3.0, and one on a column."""
    raw["schema"][0]["quality"] = [
        {"name": "some claims", "type": "sql", "query": "select count(*)\nfrom ${object}\n",
         "mustBeGreaterThan": 0},
        {"type": "text", "description": "Sites that report late are missing."},
    ]  # fmt: skip
    column(raw, "payer_kind")["quality"].append(
        {"id": "few_kinds", "type": "sql", "severity": "warning", "mustBeBetween": [1, 4],
         "query": "select count(distinct {property}) from {object}"}
    )  # fmt: skip


def test_the_rules_become_tests_with_their_names() -> None:
    found = [test for test in wanted_tests(contract(with_rules)) if test.name == FIGURE]
    assert [(test.title, test.column, test.severity) for test in found] == [
        (f"{NAME}__some_claims", "", "error"),
        (f"{NAME}__few_kinds", "payer_kind", "warn"),
    ]
    assert found[0].arguments == {
        "query": "select count(*)\nfrom {object}",
        "must": {"mustBeGreaterThan": 0},
    }


def test_the_sync_writes_them_and_then_is_content(tmp_path: Path) -> None:
    made = contract(with_rules)
    nodes = list(project(tmp_path, [base(with_rules)]).manifest.models)
    text, changes = synced("models: []\n", NAME, [made], nodes, KNOWN)
    assert f"data_tests: {FIGURE}" in changes
    [entry] = yaml.safe_load(text)["models"]
    assert entry["data_tests"] == [
        {FIGURE: {"name": f"{NAME}__some_claims", "arguments": {
            "query": "select count(*)\nfrom {object}", "must": {"mustBeGreaterThan": 0}}}}
    ]  # fmt: skip
    assert synced(text, NAME, [made], nodes, KNOWN) == (text, [])
    other = contract(lambda raw: (with_rules(raw), _reword(raw)))
    changed, changes = synced(text, NAME, [other], nodes, KNOWN)
    assert changes == [f"data_tests: {FIGURE}"]
    assert changed.count("__some_claims") == 1
    assert "where charge_amount > 0" in changed


def _reword(raw: dict[str, Any]) -> None:
    raw["schema"][0]["quality"][0]["query"] = (
        "select count(*) from {object} where charge_amount > 0"
    )


def test_a_project_without_our_test_is_not_given_it(tmp_path: Path) -> None:
    nodes = list(project(tmp_path, [base(with_rules)]).manifest.models)
    text, _ = synced("models: []\n", NAME, [contract(with_rules)], nodes, frozenset())
    assert FIGURE not in text


def test_a_project_without_our_test_is_told_that_nothing_holds_the_rule(tmp_path: Path) -> None:
    manifest = project(tmp_path, [base(with_rules)]).manifest
    pair = Pair(contract(with_rules), manifest.models[0], manifest)
    found = [each for each in drift_of_tests(pair, [], ours=False) if each.code == "C517"]
    assert [each.severity for each in found] == ["warning", "warning"]
    assert all(each.line for each in found)


def dbt_test(made: dict[str, Any], title: str, column_name: str, **given: Any) -> dict[str, Any]:
    """A test as the manifest has it."""
    raw = deepcopy(wanted_tests_of(made["unique_id"])[0])
    raw.update(unique_id=f"test.mesh.{title}", name=title, column_name=column_name or None)
    raw["test_metadata"] = {"name": FIGURE, "namespace": None, "kwargs": given}
    return raw


def test_drift_sees_a_rule_without_its_test_and_one_of_another_query(tmp_path: Path) -> None:
    made = model()
    tests = wanted_tests_of(made["unique_id"])
    few = dbt_test(
        made, f"{NAME}__few_kinds", "payer_kind", must={"mustBeBetween": [1, 4]},
        query="select count(distinct {property}) from {object}",
    )  # fmt: skip
    few["config"]["severity"] = "warn"
    some = dbt_test(
        made, f"{NAME}__some_claims", "", must={"mustBeGreaterThan": 0},
        query="select count(*)\nfrom {object}",
    )  # fmt: skip
    raw = base(with_rules)

    def codes(folder: str, *more: dict[str, Any]) -> list[tuple[str, str]]:
        found = drift(project(tmp_path / folder, [raw], nodes=[made, *tests, *more]))
        return [(each.code, each.element) for each in found]

    assert codes("agrees", few, some) == []
    assert codes("missing", few) == [("C508", NAME)]
    some["test_metadata"]["kwargs"]["query"] = "select 1 from {object}"
    assert codes("differs", few, some) == [("C509", NAME)]


def test_the_house_refuses_a_rule_that_nothing_runs(tmp_path: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        with_rules(raw)
        raw["schema"][0]["quality"][0]["query"] = "select count(*) from patients_gold.p"

    found = [f for f in house_rules(project(tmp_path, [base(change)])) if f.code == "C432"]
    assert {each.found for each in found} == {
        "its query does not read {object}",
        "its query reads patients_gold.p, which its test cannot wait for",
    }
    assert all(each.line > 0 for each in found)


def test_a_contract_of_ours_has_such_rules() -> None:
    contracts = read_contracts(ROOT)[0]
    titles = [t.title for c in contracts for t in wanted_tests(c) if t.name == FIGURE]
    assert "agg_fintech__monthly_statement__every_row_balances" in titles
    assert len(set(titles)) == len(titles)
