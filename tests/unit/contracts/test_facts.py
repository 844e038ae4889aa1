"""No fact of a contract changes unseen, and what says the same is no change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.contracts.made import Change, Raw, column, compared, table_rule

Told = tuple[str, str, str]


def _custom(part: Raw, name: str, value: object) -> None:
    kept = [each for each in part.get("customProperties", []) if each["property"] != name]
    part["customProperties"] = [*kept, {"property": name, "value": value}]


def _table(raw: Raw) -> Raw:
    table: Raw = raw["schema"][0]
    return table


def _before(raw: Raw) -> None:
    charge, table = column(raw, "charge_amount"), _table(raw)
    _custom(charge, "currency", "USD")
    _custom(charge, "rounding", "half up")
    charge.update(partitioned=True, partitionKeyPosition=1, tags=["a", "b"], examples=[1, 2])
    _custom(table, "unit", "USD")
    _custom(table, "history", "kept")
    table["physicalType"] = "table"
    table["authoritativeDefinitions"] = [{"url": "https://example.org/a", "type": "definition"}]
    raw["slaDefaultElement"] = "fct_fintech__claims"
    raw["tags"] = ["money"]
    raw["slaProperties"] += [
        {"property": "qualityScore", "value": ">95%"},
        {
            "property": "throughput", "value": 5, "valueExt": 10, "unit": "percent",
            "schedule": "0 1 * * *", "scheduler": "cron", "driver": "operational",
        },
    ]  # fmt: skip


def _level(raw: Raw, name: str) -> Raw:
    level: Raw = next(each for each in raw["slaProperties"] if each["property"] == name)
    return level


CHANGES: dict[str, tuple[Change, Told]] = {
    "currency of a column": (
        lambda r: _custom(column(r, "charge_amount"), "currency", "EUR"),
        ("charge_amount", "unit_changed", "breaking"),
    ),
    "fact of a column": (
        lambda r: _custom(column(r, "charge_amount"), "rounding", "down"),
        ("charge_amount", "fact_changed", "risky"),
    ),
    "fact of a column gone": (
        lambda r: column(r, "charge_amount").update(
            customProperties=column(r, "charge_amount")["customProperties"][:-1]
        ),
        ("charge_amount", "fact_changed", "risky"),
    ),
    "fact of a column stated": (
        lambda r: _custom(column(r, "charge_amount"), "new", "x"),
        ("charge_amount", "fact_changed", "safe"),
    ),
    "no longer partitioned": (
        lambda r: column(r, "charge_amount").update(partitioned=False),
        ("charge_amount", "fact_changed", "risky"),
    ),
    "tags of a column": (
        lambda r: column(r, "charge_amount").update(tags=["b"]),
        ("charge_amount", "fact_changed", "risky"),
    ),
    "examples of a column": (
        lambda r: column(r, "charge_amount").update(examples=[3]),
        ("charge_amount", "reworded", "safe"),
    ),
    "unit of a table": (
        lambda r: _custom(_table(r), "unit", "EUR"), ("table", "unit_changed", "breaking"),
    ),
    "fact of a table": (
        lambda r: _custom(_table(r), "history", "cut"), ("table", "fact_changed", "risky"),
    ),
    "a view": (
        lambda r: _table(r).update(physicalType="view"), ("table", "fact_changed", "risky"),
    ),
    "name of a table": (
        lambda r: _table(r).update(name="claims"), ("table", "fact_changed", "risky"),
    ),
    "a table defined elsewhere": (
        lambda r: _table(r)["authoritativeDefinitions"][0].update(url="https://example.org/b"),
        ("table", "meaning_changed", "risky"),
    ),
    "id": (lambda r: r.update(id="other"), ("id", "id_changed", "risky")),
    "another port": (
        lambda r: _custom(r, "outputPort", "events"),
        ("customProperties[outputPort]", "output_port_changed", "breaking"),
    ),
    "what levels are about": (
        lambda r: r.update(slaDefaultElement="x"),
        ("slaDefaultElement", "service_level_changed", "risky"),
    ),
    "approver of a role": (
        lambda r: r["roles"][0].update(firstLevelApprovers="a@example.org"),
        ("roles", "reworded", "safe"),
    ),
    "words about a server": (
        lambda r: r["servers"][0].update(description="x"), ("servers", "reworded", "safe"),
    ),
    "more than words in the description": (
        lambda r: _custom(r["description"], "legal", "x"), ("description", "reworded", "safe"),
    ),
    "words about a fact": (
        lambda r: r["customProperties"][0].update(description="x"),
        ("customProperties", "reworded", "safe"),
    ),
    "words about a team": (
        lambda r: r["team"].update(description="x"), ("team", "reworded", "safe"),
    ),
    "tags": (lambda r: r.update(tags=[]), ("tags", "fact_changed", "safe")),
    "second value of a level": (
        lambda r: _level(r, "throughput").update(valueExt=20),
        ("slaProperties[throughput]", "service_level_changed", "breaking"),
    ),
    "schedule of a level": (
        lambda r: _level(r, "throughput").update(schedule="0 1 1 1 *"),
        ("slaProperties[throughput]", "service_level_rescheduled", "risky"),
    ),
    "scheduler of a level": (
        lambda r: _level(r, "throughput").pop("scheduler"),
        ("slaProperties[throughput]", "service_level_rescheduled", "risky"),
    ),
    "driver of a level": (
        lambda r: _level(r, "throughput").update(driver="analytics"),
        ("slaProperties[throughput]", "reworded", "safe"),
    ),
    "sign of a level": (
        lambda r: _level(r, "qualityScore").update(value="<95%"),
        ("slaProperties[qualityScore]", "service_level_changed", "breaking"),
    ),
    "same sign, lower": (
        lambda r: _level(r, "qualityScore").update(value="> 90%"),
        ("slaProperties[qualityScore]", "service_level_lowered", "breaking"),
    ),
    "usual sign": (
        lambda r: _level(r, "availability").update(value=">=99.5"),
        ("slaProperties[availability]", "reworded", "safe"),
    ),
    "level of another element added": (
        lambda r: r["slaProperties"].append(
            {"property": "freshness", "value": 1, "unit": "h", "element": "t.a"}
        ),
        ("slaProperties[freshness]", "service_level_added", "safe"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_fact_is_told_alone_with_its_class(name: str) -> None:
    change, told = CHANGES[name]
    [hit] = compared(_before, change, "1.2.0")
    assert (hit.element, hit.change, hit.kind) == told
    assert not hit.step_ok
    stepped = {"breaking": "2.0.0", "risky": "1.3.0", "safe": "1.3.0"}[hit.kind]
    if name != "id":  # that of another major version is another one
        [after] = compared(_before, change, stepped)
        assert after.step_ok


SAME: dict[str, Change] = {
    "tags in another order": lambda r: column(r, "charge_amount").update(tags=["b", "a"]),
    "no partition said twice": lambda r: column(r, "claim_id").update(partitioned=False),
    "facts in another order": lambda r: column(r, "charge_amount")["customProperties"].reverse(),
    "levels in another order": lambda r: r["slaProperties"].reverse(),
    "blanks of a level": lambda r: _level(r, "throughput").update(driver=" operational "),
}


@pytest.mark.parametrize("name", SAME)
def test_what_says_the_same_is_no_change(name: str) -> None:
    assert compared(_before, SAME[name], "1.2.0") == []


def _freshness(*elements: str) -> Change:
    def change(raw: Raw) -> None:
        kept = [each for each in raw["slaProperties"] if each["property"] != "freshness"]
        made: list[dict[str, Any]] = [
            {"property": "freshness", "value": 1, "unit": "h", "element": each} for each in elements
        ]
        raw["slaProperties"] = [*kept, *made]

    return change


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (("t", "t.a"), ("t.a",), [("service_level_removed", "breaking")]),
        (("t", "t.a"), ("t",), [("service_level_removed", "breaking")]),
        (("t",), ("t.a",), [("service_level_changed", "risky")]),
        (("t", "t.a"), ("t.a", "t"), []),
        (("t", "t.a"), ("t.a", "t.b"), [("service_level_changed", "risky")]),
        (
            ("t",), ("t.a", "t.b"),
            [("service_level_changed", "risky"), ("service_level_added", "safe")],
        ),
    ],
)  # fmt: skip
def test_a_level_goes_on_in_no_level_that_was_there(
    old: tuple[str, ...], new: tuple[str, ...], told: list[tuple[str, str]]
) -> None:
    found = compared(_freshness(*old), _freshness(*new), "1.2.0")
    assert [(each.change, each.kind) for each in found] == told


def test_levels_of_two_drivers_are_two() -> None:
    def both(raw: Raw) -> None:
        _freshness("t", "t")(raw)
        raw["slaProperties"][-2].update(driver="regulatory")
        raw["slaProperties"][-1].update(driver="analytics", value=9)

    [hit] = compared(both, lambda r: r["slaProperties"].pop(-2), "1.2.0")
    assert (hit.change, hit.kind) == ("service_level_removed", "breaking")


def _two(raw: Raw) -> None:
    other = {**_table(raw), "name": "lines", "physicalName": "fintech_gold.lines"}
    raw["schema"].append(other)


def test_tables_in_another_order_are_where_they_were() -> None:
    assert compared(_two, lambda r: r["schema"].reverse(), "1.2.0") == []


def test_of_several_tables_each_is_compared_with_itself() -> None:
    moved = compared(_two, lambda r: r["schema"][1].update(physicalName="x.lines"), "1.2.0")
    assert [each.change for each in moved] == ["table_moved"]
    renamed = compared(_two, lambda r: r["schema"][1].update(name="items"), "1.2.0")
    assert [each.change for each in renamed] == ["fact_changed"]
    other = {"name": "items", "physicalName": "x.items"}
    replaced = compared(_two, lambda r: r["schema"][1].update(other), "1.2.0")
    assert [each.change for each in replaced] == ["table_dropped", "table_added"]


def _query(text: str) -> Change:
    def change(raw: Raw) -> None:
        rule = table_rule(raw)
        rule.pop("metric", None)
        rule.update(type="sql", query=text)

    return change


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("select\n  count( * )\nfrom {object} where a = 'x  y'", ("reworded", "safe")),
        ("select count(*) from {object} where a = 'x y'", ("rule_changed", "breaking")),
        ("select count(*) from {object} where b = 'x  y'", ("rule_changed", "breaking")),
    ],
)
def test_a_query_that_is_laid_out_otherwise_measures_the_same(
    query: str, told: tuple[str, str]
) -> None:
    before = "select count(*) from {object} where a = 'x  y'"
    [hit] = compared(_query(before), _query(query), "1.2.0")
    assert (hit.change, hit.kind) == told


def _range(logical: str, **options: object) -> Change:
    physical = {"integer": "bigint", "number": "decimal(18, 2)"}[logical]

    def change(raw: Raw) -> None:
        column(raw, "charge_amount").update(
            logicalType=logical, physicalType=physical, logicalTypeOptions=options
        )

    return change


@pytest.mark.parametrize(
    ("logical", "old", "new", "told"),
    [
        ("number", {"minimum": 0}, {"exclusiveMinimum": -1}, ("range_loosened", "breaking")),
        ("integer", {"minimum": 0}, {"exclusiveMinimum": -1}, ("reworded", "safe")),
        ("number", {"minimum": 0}, {"exclusiveMinimum": 0}, ("range_tightened", "safe")),
        ("number", {"exclusiveMaximum": 5}, {"maximum": 5}, ("range_loosened", "breaking")),
        ("integer", {"maximum": 4}, {"exclusiveMaximum": 5}, ("reworded", "safe")),
        ("number", {"maximum": 5}, {"maximum": 5, "exclusiveMaximum": 9}, ("reworded", "safe")),
        ("number", {"minimum": 0}, {}, ("range_loosened", "breaking")),
        ("number", {}, {"maximum": 1}, ("range_tightened", "safe")),
    ],
)
def test_each_end_of_a_range_is_one_thing(
    logical: str, old: dict[str, object], new: dict[str, object], told: tuple[str, str]
) -> None:
    [hit] = compared(_range(logical, **old), _range(logical, **new), "1.2.0")
    assert (hit.change, hit.kind) == told
