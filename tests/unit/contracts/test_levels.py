"""A service level is compared by what it promises, in whatever unit and spelling it is written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.contracts.made import compared

LOWER, HIGHER, OTHER = "service_level_lowered", "service_level_raised", "service_level_changed"
SAME = "reworded"
Value = tuple[Any, str]


def _told(name: str, before: Value, after: Value) -> list[str]:
    """What a change of the only service level is told as."""

    def levels(given: Value) -> list[dict[str, Any]]:
        value, unit = given
        return [{"property": name, "value": value, **({"unit": unit} if unit else {})}]

    return [
        each.change
        for each in compared(
            lambda r: r.update(slaProperties=levels(before)),
            lambda r: r.update(slaProperties=levels(after)),
            "2.0.0",
        )
    ]


@pytest.mark.parametrize(
    ("name", "before", "after", "change"),
    [
        ("freshness", (24, "h"), ("P1D", ""), SAME),
        ("freshness", ("P1D", ""), ("PT24H", ""), SAME),
        ("freshness", ("P1DT12H", ""), (36, "hours"), SAME),
        ("freshness", ("PT15M", ""), ("PT20M", ""), LOWER),
        ("freshness", (1, "d"), ("PT90M", ""), HIGHER),
        ("retention", ("P1M", ""), ("PT1M", ""), "retention_shortened"),
        ("retention", (10, "y"), ("P10Y", ""), SAME),
        ("retention", ("P", ""), ("P1Y", ""), OTHER),
        ("retention", (1, "M"), (1, "m"), OTHER),
        ("retention", (1, "M"), (2, "M"), HIGHER),
        ("freshness", (24, "h"), ("<24h", ""), HIGHER),
        ("freshness", ("<24h", ""), ("<=24h", ""), LOWER),
        ("qualityScore", (">95%", ""), (">=95%", ""), LOWER),
        ("qualityScore", (">95%", ""), ("<95%", ""), OTHER),
        ("qualityScore", (">=95%", ""), (">96%", ""), HIGHER),
    ],
)
def test_a_level_is_compared_by_what_it_promises(
    name: str, before: Value, after: Value, change: str
) -> None:
    assert _told(name, before, after) == [change]
