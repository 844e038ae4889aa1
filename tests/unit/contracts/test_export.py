"""What goes out is valid in its form, no stricter than the contract, and loses nothing silently."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml

from mesh.contracts.exporter import export
from mesh.core.errors import InputError
from tests.unit.contracts.made import Change, column, contract, table_rule


def _schema(change: Change) -> dict[str, Any]:
    """The part of the JSON Schema about one column."""
    made: dict[str, Any] = json.loads(export(contract(change), "jsonschema"))
    jsonschema.Draft202012Validator.check_schema(made)
    part: dict[str, Any] = made["properties"]["payer_kind"]
    return part


def _of_type(physical: str, logical: str, **options: Any) -> Change:
    return lambda raw: column(raw, "payer_kind").update(
        quality=[], physicalType=physical, logicalType=logical, logicalTypeOptions=options
    )


def _accepts(change: Change, value: Any) -> bool:
    return jsonschema.Draft202012Validator(_schema(change)).is_valid(value)


def test_limits_of_dates_are_told_where_json_schema_has_none() -> None:
    options = {"minimum": "2020-01-01", "format": "yyyy-MM-dd"}
    made = _schema(_of_type("date", "date", **options))
    assert "minimum" not in made
    assert made["format"] == "date"
    assert made["$comment"] == "minimum: 2020-01-01; format: yyyy-MM-dd"


@pytest.mark.parametrize(
    ("physical", "logical", "options", "good", "bad"),
    [
        ("integer", "integer", {"multipleOf": 5}, 10, 7),
        ("integer", "integer", {"maximum": 10}, 10, 11),
        ("tinyint", "integer", {"maximum": 1000}, 127, 128),
        ("varchar(5)", "string", {"maxLength": 9}, "12345", "123456"),
        ("array(bigint)", "array", {"minItems": 2}, [1, 2], [1]),
        ("array(bigint)", "array", {"maxItems": 1}, [1], [1, 2]),
        ("array(bigint)", "array", {"uniqueItems": True}, [1, 2], [1, 1]),
        ("map(varchar, bigint)", "object", {"required": ["a"]}, {"a": 1}, {"b": 1}),
        ("map(varchar, bigint)", "object", {"maxProperties": 1}, {"a": 1}, {"a": 1, "b": 1}),
    ],
)
def test_every_limit_that_json_schema_has_goes_out(
    physical: str, logical: str, options: dict[str, Any], good: Any, bad: Any
) -> None:
    change = _of_type(physical, logical, **options)
    assert _accepts(change, good)
    assert not _accepts(change, bad)
    assert "$comment" not in _schema(change)


def test_a_format_of_texts_goes_out() -> None:
    assert _schema(_of_type("varchar", "string", format="email"))["format"] == "email"


def _values(**rule: Any) -> Change:
    def change(raw: dict[str, Any]) -> None:
        given = column(raw, "payer_kind")["quality"][0]
        del given["mustBe"]
        given.update(rule)

    return change


@pytest.mark.parametrize(
    "rule",
    [
        {"mustBeLessThan": 5, "unit": "percent"},
        {"mustBe": 0, "severity": "warning"},
        {"mustBeLessThan": 1, "unit": "percent"},
    ],
)
def test_values_with_a_tolerance_are_no_enumeration(rule: dict[str, Any]) -> None:
    made = _schema(_values(**rule))
    assert "enum" not in made
    assert made["$comment"] == "['government', 'private'], but for some rows"


@pytest.mark.parametrize("pattern", [r"^\p{L}+$", "a{99999999999999}", "(" * 5000 + ")" * 5000])
def test_a_pattern_that_only_java_reads_is_told(pattern: str) -> None:
    """A validator would stop at it; Trino reads the letters of every script."""

    def change(raw: dict[str, Any]) -> None:
        column(raw, "payer_kind")["quality"] = [
            {"metric": "invalidValues", "arguments": {"pattern": pattern}, "mustBe": 0}
        ]

    made = _schema(change)
    assert "allOf" not in made
    assert made["$comment"] == f"pattern: {pattern}"
    assert _accepts(change, "b")


def test_values_and_patterns_of_strict_rules_go_out() -> None:
    def change(raw: dict[str, Any]) -> None:
        column(raw, "payer_kind")["quality"] = [
            {"metric": "invalidValues", "arguments": {"validValues": ["a", "b", None]},
             "mustBe": 0},
            {"metric": "invalidValues", "arguments": {"validValues": ["b", "c"]}, "mustBe": 0},
            {"metric": "invalidValues", "arguments": {"pattern": "^b$"}, "mustBe": 0},
        ]  # fmt: skip

    made = _schema(change)
    assert made["enum"] == ["b", None]
    assert made["allOf"] == [{"pattern": "^b$"}]
    assert _accepts(change, "b")
    assert _accepts(change, None)


@pytest.mark.parametrize("form", ["jsonschema", "simple"])
def test_a_contract_of_several_tables_is_refused_by_a_form_of_one(form: str) -> None:
    made = contract(lambda raw: raw["schema"].append({**raw["schema"][0], "name": "other"}))
    with pytest.raises(InputError, match="2 tables: fct_fintech__claims, other"):
        export(made, form)
    assert "other" in export(made, "odcs")


def _simple(change: Change) -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load(export(contract(change), "simple"))
    return made


def test_rules_of_the_table_stand_in_the_simple_form() -> None:
    made = _simple(lambda raw: table_rule(raw).update(description="Enough."))
    assert made["quality_rules"][-1] == {
        "rule": "rowCount", "id": "enough", "mustBeGreaterThan": 10, "description": "Enough.",
    }  # fmt: skip


@pytest.mark.parametrize(
    "compared", [{"mustBeLessThan": 5, "unit": "percent"}, {"mustBe": 0, "severity": "warning"}]
)
def test_a_rule_with_a_tolerance_keeps_it_in_the_simple_form(compared: dict[str, Any]) -> None:
    rule = {"metric": "nullValues", **compared}
    made = _simple(lambda raw: column(raw, "payer_kind").update(quality=[rule]))
    assert {"column": "payer_kind", "rule": "nullValues", **compared} in made["quality_rules"]
    assert {"column": "payer_kind", "rule": "not_null"} not in made["quality_rules"]


def test_a_rule_that_says_what_the_column_says_stands_once() -> None:
    rule = {"metric": "nullValues", "mustBe": 0}
    made = _simple(lambda raw: column(raw, "claim_id").update(quality=[rule]))
    assert made["quality_rules"].count({"column": "claim_id", "rule": "not_null"}) == 1


def test_what_the_simple_form_has_no_place_for_stands_under_more() -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["slaProperties"] += [
            {"property": "freshness", "value": 1, "unit": "h", "element": "claim_id"},
            {"property": "frequency", "value": 1, "unit": "d", "description": "Nightly."},
        ]

    made = _simple(change)
    assert made["service_levels"]["freshness"] == "24h"
    assert made["service_levels"]["frequency"] == "1d"
    more = made["more"]
    assert more["slaProperties"] == [
        {"property": "freshness", "value": 1, "unit": "h", "element": "claim_id"},
        {"property": "frequency", "value": 1, "unit": "d", "description": "Nightly."},
    ]
    assert more["domain"] == "fintech"
    assert more["schema"]["physicalName"] == "fintech_gold.fct_fintech__claims"
    assert more["properties"]["charge_amount"]["logicalTypeOptions"] == {"minimum": 0}
    assert more["properties"]["claim_id"]["primaryKey"] is True
