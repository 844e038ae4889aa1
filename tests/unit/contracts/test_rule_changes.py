"""A quality rule is compared by what passes it and what it measures, not by how it is written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.contracts.made import column, compared, table_rule

LOOSER, TIGHTER, OTHER = "rule_loosened", "rule_tightened", "rule_changed"
SAME = "reworded"
PERCENT = {"metric": "nullValues", "unit": "percent"}
COUNT = {"metric": "nullValues"}
QUERY = {"type": "sql", "query": "select count(*) from {object} where claim_id = 'A'"}


def _told(rule: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What a change of a column's only rule is told as."""
    return [
        each.change
        for each in compared(
            lambda r: column(r, "claim_id").update(quality=[{**rule, **before}]),
            lambda r: column(r, "claim_id").update(quality=[{**rule, **after}]),
            "2.0.0",
        )
    ]


@pytest.mark.parametrize(
    ("rule", "before", "after", "change"),
    [
        (COUNT, {"mustBe": 0}, {"mustBeLessOrEqualTo": 0}, SAME),
        (COUNT, {"mustBe": 0}, {"mustBeLessThan": 1}, SAME),
        (COUNT, {"mustBeGreaterOrEqualTo": 101}, {"mustBeGreaterThan": 100}, SAME),
        (COUNT, {"mustBeGreaterOrEqualTo": 10**9}, {"mustBeGreaterThan": 10**9}, TIGHTER),
        (COUNT, {"mustBeGreaterThan": 10**9}, {"mustBeGreaterOrEqualTo": 10**9}, LOOSER),
        (COUNT, {"mustNotBeBetween": [5, 9]}, {"mustNotBeBetween": [4, 9]}, TIGHTER),
        (COUNT, {"mustNotBeBetween": [4, 9]}, {"mustNotBeBetween": [5, 9]}, LOOSER),
        (COUNT, {"mustNotBe": 5}, {"mustNotBe": 6}, OTHER),
        (COUNT, {"mustBe": 5}, {"mustNotBe": 6}, LOOSER),
        (PERCENT, {"mustBe": 0}, {"mustBeLessThan": 1}, LOOSER),
        (PERCENT, {"mustBeLessOrEqualTo": 0}, {"mustBe": 0}, SAME),
        (PERCENT, {"mustBeLessThan": 1}, {"mustBeLessOrEqualTo": 1}, LOOSER),
        (QUERY, {"mustBe": 0}, {"mustBeLessOrEqualTo": 0}, LOOSER),
    ],
)
def test_a_bound_is_compared_by_the_figures_that_pass(
    rule: dict[str, Any], before: dict[str, Any], after: dict[str, Any], change: str
) -> None:
    assert _told(rule, before, after) == [change]


@pytest.mark.parametrize(
    ("query", "change"),
    [
        ("SELECT COUNT(*)\nFROM {object} -- all\nWHERE claim_id = 'A' /* one\n claim */", SAME),
        ("select count(*) from {object} where claim_id = 'a'", OTHER),
        ("select count(*) from {object} where claim_id = '--A'", OTHER),
        ("select count(*) from {object} -- where claim_id = 'A'", OTHER),
    ],
)
def test_a_query_is_compared_by_what_it_asks(query: str, change: str) -> None:
    assert _told({**QUERY, "mustBe": 0}, {}, {"query": query}) == [change]


@pytest.mark.parametrize("name", ["id", "name"])
def test_a_rule_that_is_named_goes_on(name: str) -> None:
    assert _told({**COUNT, "mustBe": 0}, {}, {name: "filled"}) == [SAME]
    assert _told({**COUNT, "mustBe": 0}, {name: "a"}, {name: "b"}) == [SAME]
    assert _told(COUNT, {"mustBe": 0}, {name: "filled", "mustBeLessThan": 5}) == [LOOSER]


def test_a_rule_with_a_new_name_and_another_measure_is_another_rule() -> None:
    [gone, new] = compared(
        lambda r: table_rule(r).update(id="a", metric="rowCount"),
        lambda r: table_rule(r).update(id="b", metric="duplicateValues"),
        "2.0.0",
    )
    assert (gone.change, new.change) == ("rule_removed", "rule_added")
