"""A metric or a limit that dbt has no test for becomes a query, or the house says that nothing is.

The queries are run on rows: written for another engine by sqlglot, because it runs in the test.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot

from mesh.contracts.dbt_tests import FIGURE, Wanted, wanted_tests
from mesh.contracts.house import house_rules
from mesh.contracts.model import Contract
from tests.unit.contracts.made import Change, base, column, contract, project

NAME = "fct_fintech__claims"


def _on(name: str, rule: dict[str, Any]) -> Change:
    return lambda raw: column(raw, name).update(quality=[rule])


def _limited(physical: str, logical: str, **options: Any) -> Change:
    return lambda raw: column(raw, "payer_kind").update(
        quality=[], physicalType=physical, logicalType=logical, logicalTypeOptions=options
    )


def _figures(change: Change) -> list[Wanted]:
    found = wanted_tests(contract(lambda raw: (raw["schema"][0].pop("quality"), change(raw))))
    return [test for test in found if test.name == FIGURE]


def _told(root: Path, change: Change) -> list[tuple[str, str]]:
    found = house_rules(project(root, [base(change)]))
    return [(each.element, each.found) for each in found if each.code == "C433"]


def _value(test: Wanted, type_: str, values: str) -> Any:
    """The figure of a test in a table of one column."""
    query = test.arguments["query"].replace("{object}", "t").replace("{property}", "x")
    lake = duckdb.connect()
    lake.execute(f"create table t (x {type_})")
    if values:
        lake.execute(f"insert into t values {values}")
    [(figure,)] = lake.execute(sqlglot.transpile(query, "trino", "duckdb")[0]).fetchall()
    return figure


PERCENT = {"mustBeLessThan": 1, "unit": "percent"}
METRICS: list[tuple[dict[str, Any], str, float]] = [
    ({"metric": "rowCount", "mustBeGreaterThan": 3}, "('a'), (null)", 2),
    ({"metric": "nullValues", **PERCENT}, "('a'), (null), ('b'), (null)", 50),
    ({"metric": "nullValues", **PERCENT}, "", 0),
    ({"metric": "nullValues", "mustBeLessOrEqualTo": 5}, "('a'), (null)", 1),
    (
        {"metric": "missingValues", "arguments": {"missingValues": [None, "", "N/A"]}, "mustBe": 0},
        "('a'), (null), (''), ('N/A')", 3,
    ),
    (
        {"metric": "missingValues", "arguments": {"missingValues": ["it's"]}, "mustBe": 0},
        "('a'), (null), ('it''s')", 1,
    ),
    (
        {"metric": "invalidValues", "arguments": {"validValues": ["a", "it's"]}, **PERCENT},
        "('a'), (null), ('it''s'), ('x')", 25,
    ),
    (
        {"metric": "invalidValues", "arguments": {"pattern": "^a{1,2}$"}, "mustBe": 0},
        "('a'), (null), ('aaa'), ('b')", 2,
    ),
    (
        {"metric": "invalidValues", "mustBe": 0,
         "arguments": {"validValues": ["a", "aaa"], "pattern": "^a{1,2}$"}},
        "('a'), (null), ('aaa'), ('b')", 2,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "values", "figure"), METRICS)
def test_a_metric_becomes_a_figure(rule: dict[str, Any], values: str, figure: float) -> None:
    [test] = _figures(_on("payer_kind", rule))
    assert test.title == f"{NAME}__payer_kind_{rule['metric'].lower()}"
    assert (test.column, test.severity) == ("payer_kind", "error")
    assert test.arguments["must"] == {n: v for n, v in rule.items() if n.startswith("must")}
    assert _value(test, "varchar", values) == figure


LIMITS: list[tuple[Change, str, str, int]] = [
    (_limited("integer", "integer", minimum=1), "integer", "(0), (1), (2), (null)", 1),
    (_limited("integer", "integer", exclusiveMinimum=1), "integer", "(0), (1), (2), (null)", 2),
    (_limited("decimal(9, 2)", "number", maximum=1.5), "decimal(9, 2)", "(1.5), (1.51)", 1),
    (_limited("double", "number", exclusiveMaximum=1e-7), "double", "(1e-7), (0)", 1),
    (
        _limited("date", "date", minimum="2020-01-01"), "date",
        "(date '2020-01-01'), (date '2019-12-31'), (null)", 1,
    ),
    (_limited("varchar", "string", minLength=2), "varchar", "('a'), ('ab'), (null)", 1),
    (_limited("varchar", "string", maxLength=2), "varchar", "('abc'), ('ab'), (null)", 1),
    (_limited("varchar", "string", pattern="^a'b$"), "varchar", "('a''b'), ('x'), (null)", 1),
    (_limited("bigint", "integer", multipleOf=5), "bigint", "(-10), (7), (null)", 1),
    (_limited("array(bigint)", "array", minItems=2), "bigint[]", "([1]), ([1, 2]), (null)", 1),
    (_limited("array(bigint)", "array", maxItems=1), "bigint[]", "([1]), ([1, 2]), (null)", 1),
    (_limited("array(bigint)", "array", uniqueItems=True), "bigint[]", "([1, 1]), ([1, 2])", 1),
]  # fmt: skip


@pytest.mark.parametrize(("change", "type_", "values", "wrong"), LIMITS)
def test_a_limit_of_values_becomes_a_count_of_those_that_break_it(
    change: Change, type_: str, values: str, wrong: int
) -> None:
    [test] = _figures(change)
    [option] = contract(change).table.columns[1].options
    assert test.title == f"{NAME}__payer_kind_{option.lower()}"
    assert test.arguments["must"] == {"mustBe": 0}
    assert test.path == ("schema", 0, "properties", 1, "logicalTypeOptions", option)
    assert _value(test, type_, values) == wrong


def _names(made: Contract) -> list[tuple[str, str]]:
    return [(test.name, test.column) for test in wanted_tests(made)]


@pytest.mark.parametrize(
    "compared", [{"mustBe": 0}, {"mustBeLessThan": 1}, {"mustBe": 0, "unit": "percent"},
                 {"mustBeLessOrEqualTo": 0}],
)  # fmt: skip
def test_a_rule_that_lets_nothing_pass_is_the_test_of_dbt(compared: dict[str, Any]) -> None:
    made = contract(_on("payer_kind", {"metric": "nullValues", **compared}))
    assert ("not_null", "payer_kind") in _names(made)
    assert (FIGURE, "payer_kind") not in _names(made)


def test_less_than_one_percent_is_not_nothing() -> None:
    made = contract(_on("payer_kind", {"metric": "nullValues", **PERCENT}))
    assert ("not_null", "payer_kind") not in _names(made)


def test_a_rule_keeps_its_name_and_its_severity() -> None:
    rule = {"name": "Few gaps", "metric": "nullValues", "severity": "warning", **PERCENT}
    [test] = _figures(_on("payer_kind", rule))
    assert (test.title, test.severity) == (f"{NAME}__payer_kind_few_gaps", "warn")


UNENFORCED: dict[str, tuple[Change, str, str]] = {
    "duplicates with a tolerance": (
        _on("payer_kind", {"metric": "duplicateValues", "mustBeLessThan": 5}),
        "duplicateValues", "the rule duplicateValues",
    ),
    "a share of rows in the table": (
        _on("payer_kind", {"metric": "rowCount", "mustBe": 5, "unit": "percent"}),
        "rowCount", "the rule rowCount",
    ),
    "a count that every table keeps": (
        _on("payer_kind", {"metric": "rowCount", "mustBeGreaterOrEqualTo": 0}),
        "rowCount", "the rule rowCount",
    ),
    "no values that are missing": (
        _on("payer_kind", {"metric": "missingValues", "mustBe": 0}),
        "missingValues", "the rule missingValues",
    ),
    "a mark of Jinja": (
        _on("payer_kind", {"metric": "invalidValues", "mustBe": 0,
                           "arguments": {"pattern": "^{{ x }}$"}}),
        "invalidValues", "the rule invalidValues",
    ),
    "a placeholder": (
        _on("payer_kind", {"metric": "invalidValues", "mustBe": 0,
                           "arguments": {"pattern": "{object}"}}),
        "invalidValues", "the rule invalidValues",
    ),
    "another engine": (
        _on("payer_kind", {"type": "custom", "engine": "soda", "implementation": "x"}),
        "soda:x", "the rule soda:x",
    ),
    "a format of texts": (
        _limited("varchar", "string", format="email"), "payer_kind", "its format",
    ),
    "multiples of an inexact number": (
        _limited("double", "number", multipleOf=0.1), "payer_kind", "its multipleOf",
    ),
    "fields of a row": (
        _limited("row(a bigint)", "object", maxProperties=1), "payer_kind", "its maxProperties",
    ),
    "a rule inside a column": (
        lambda raw: column(raw, "payer_kind").update(
            quality=[], physicalType="row(a bigint)", logicalType="object", properties=[
                {"name": "a", "physicalType": "bigint", "logicalType": "integer",
                 "quality": [{"metric": "nullValues", "mustBe": 0}]},
            ],
        ),
        "a", "the rule nullValues",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNENFORCED)
def test_what_nothing_enforces_is_told_by_the_house(tmp_path: Path, name: str) -> None:
    change, element, what = UNENFORCED[name]
    assert _figures(change) == []
    assert _told(tmp_path, change) == [(element, f"{what} is enforced by nothing")]


@pytest.mark.parametrize(
    "change",
    [
        *(change for change, *_ in LIMITS),
        _limited("date", "date", format="yyyy-MM-dd"),
        _limited("integer", "integer", format="i32"),
        _limited("varchar", "string", minLength=0),
        _limited("timestamp(6)", "timestamp", timezone=False, defaultTimezone="Etc/UTC"),
        _on("payer_kind", {"type": "text", "description": "Late sites are missing."}),
    ],
)
def test_what_is_tested_or_says_nothing_about_values_is_fine(
    tmp_path: Path, change: Change
) -> None:
    assert _told(tmp_path, change) == []
