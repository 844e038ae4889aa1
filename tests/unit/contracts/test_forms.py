"""The two older shapes become the standard, and a contract goes out in three forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from mesh.contracts.document import parse
from mesh.contracts.exporter import export
from mesh.contracts.finding import errors
from mesh.contracts.importer import import_file, imported
from mesh.contracts.json_schema import json_schema
from mesh.contracts.lint import lint
from mesh.contracts.project import read_contracts
from mesh.core.errors import InputError
from mesh.core.paths import ROOT
from tests.unit.contracts.made import column, contract, found

PRODUCT = """
data_product: {name: claims-product, domain: fintech, owner: fintech-data@example.org,
  sla: {freshness: 15 minutes, availability: 99.9%, quality_score: ">95%"},
  schema: {format: Avro, version: 2.1.0},
  access: {read: SELECT on fintech.claims, authentication: OAuth2}}
"""

DATASET = """
dataset: monthly_ledger
version: 1.2.0
owner: fintech-data@example.org
schema: [{name: entry_id, type: string, description: Key of the entry},
         {name: amount, type: decimal, description: What was booked, unit: EUR},
         {name: booked, type: timestamp(6) with time zone}, {name: odd, type: squiggle}]
quality_rules: [{column: amount, rule: not_null}, {column: entry_id, rule: unique},
                {column: amount, rule: adds_up, to: zero}]
service_levels: {latency: 15m, freshness: 24h, notes: {a: 1}}
legal_basis: contract
"""


def _imported(text: str) -> tuple[dict[str, Any], list[str]]:
    return imported(parse(text.encode(), "old.yaml")[0])


def _leaves(value: Any) -> set[str]:
    """Every plain value in a structure, as text."""
    if isinstance(value, dict):
        return set().union(*map(_leaves, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(_leaves, value)) if value else set()
    return {str(value)}


@pytest.mark.parametrize("text", [PRODUCT, DATASET])
def test_nothing_of_an_older_contract_is_lost(text: str) -> None:
    made, _ = _imported(text)
    written = " ".join(sorted(_leaves(made)))
    raw = parse(text.encode(), "old.yaml")[0].data
    lost = [leaf for leaf in _leaves(raw) if leaf not in written]
    # A rule that the standard knows is a metric there, by the name it had.
    assert lost == []


@pytest.mark.parametrize("text", [PRODUCT, DATASET])
def test_what_is_made_is_a_contract_in_order(tmp_path: Path, text: str) -> None:
    path = tmp_path / "old.yaml"
    path.write_text(text)
    written, _ = import_file(path)
    assert errors(found(written)) == []


def test_a_data_product_is_mapped() -> None:
    made, unmapped = _imported(PRODUCT)
    assert (made["name"], made["domain"], made["version"]) == ("claims-product", "fintech", "2.1.0")
    assert made["team"] == {"name": "fintech-data@example.org"}
    levels = {each["property"]: (each["value"], each.get("unit")) for each in made["slaProperties"]}
    assert levels == {
        "freshness": (15, "m"),
        "availability": (99.9, "percent"),
        "quality_score": (95, "percent"),
    }
    assert made["schema"][0]["physicalName"] == "fintech.claims"
    custom = {each["property"]: each["value"] for each in made["customProperties"]}
    assert custom == {"authentication": "OAuth2", "format": "Avro"}
    assert [line for line in unmapped if "authentication" in line]
    assert [line for line in unmapped if "format" in line]
    assert sorted(line.split(": ")[0] for line in unmapped) == ["old.yaml:4", "old.yaml:5"]


def test_a_dataset_is_mapped() -> None:
    made, unmapped = _imported(DATASET)
    entry, amount, booked, odd = made["schema"][0]["properties"]
    assert (entry["physicalType"], entry["unique"]) == ("varchar", True)
    assert (amount["logicalType"], amount["required"]) == ("number", True)
    assert "physicalType" not in amount  # decimal alone would cut the cents off
    assert booked["physicalType"] == "timestamp(6) with time zone"
    assert odd["customProperties"] == [{"property": "typeAsWritten", "value": "squiggle"}]
    metrics = [rule["metric"] for c in (entry, amount) for rule in c["quality"]]
    assert metrics == ["duplicateValues", "nullValues"]
    for name in ("quality_rules", "legal_basis", "notes", "unit", "type"):
        assert any(f"`{name}`" in line for line in unmapped), name


@pytest.mark.parametrize("text", ["a: 1", "[1]", "apiVersion: v3.1.0\nkind: DataContract"])
def test_another_shape_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="neither older shape"):
        _imported(text)


@pytest.mark.parametrize("version", [None, "2", "2.1", "v3.0.1", "latest", 1.5])
def test_an_odd_version_is_kept_as_it_was_written(version: Any) -> None:
    made, _ = _imported(yaml.safe_dump({"dataset": "x", "owner": "o", "version": version}))
    assert made["version"].count(".") == 2
    custom = {e["property"]: e["value"] for e in made.get("customProperties", ())}
    assert version is None or str(custom["versionAsWritten"]) == str(version)


def test_the_standard_comes_out_as_it_went_in() -> None:
    for each in read_contracts(ROOT)[0]:
        again, findings = lint(*parse(export(each, "odcs").encode(), "again.yaml"))
        assert findings == []
        assert again is not None
        assert _normal(again.raw) == _normal(each.raw)


def _normal(value: Any) -> Any:
    """Texts without the blanks that folding leaves at their ends."""
    if isinstance(value, dict):
        return {name: _normal(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_normal(each) for each in value]
    return value.strip() if isinstance(value, str) else value


ROW = {
    "claim_id": "c1",
    "payer_kind": "private",
    "charge_amount": 1.5,
    "_loaded_at": "2026-01-01T00:00:00Z",
}
WRONG = {
    "a column too many": {**ROW, "more": 1},
    "a missing column": {k: v for k, v in ROW.items() if k != "claim_id"},
    "NULL where none may be": {**ROW, "charge_amount": None},
    "an unknown value": {**ROW, "payer_kind": "other"},
    "another type": {**ROW, "charge_amount": "much"},
    "below the minimum": {**ROW, "charge_amount": -1},
    "out of range": {**ROW, "charge_amount": 1e17},
}


def test_json_schema_takes_a_row_and_refuses_a_wrong_one() -> None:
    schema = json.loads(export(contract(), "jsonschema"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert list(validator.iter_errors(ROW)) == []
    assert list(validator.iter_errors({**ROW, "payer_kind": None})) == []
    for name, row in WRONG.items():
        assert list(validator.iter_errors(row)), name


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("array(bigint)", [1, None], ["x"]),
        ("map(varchar, double)", {"a": 1.5}, {"a": "x"}),
        ("row(a bigint, b varchar)", {"a": 1, "b": None}, {"a": 1, "c": 2}),
        ("row(bigint, varchar)", [1, "x"], [1]),
        ("bigint", 2**63 - 1, 2**63),
        ("varchar(3)", "abc", "abcd"),
        ("boolean", True, 1),
        ("decimal(5, 2)", 999.99, 1000),
        ("date", "2026-01-01", 3),
    ],
)
def test_json_schema_knows_every_kind_of_type(type_: str, good: Any, bad: Any) -> None:
    def change(raw: dict[str, Any]) -> None:
        column(raw, "claim_id").update(physicalType=type_)
        del column(raw, "claim_id")["logicalType"]

    validator = jsonschema.Draft202012Validator(json_schema(contract(change)))
    assert list(validator.iter_errors({**ROW, "claim_id": good})) == []
    assert list(validator.iter_errors({**ROW, "claim_id": bad}))


def test_the_simple_form_is_the_older_shape() -> None:
    text = export(contract(), "simple")
    raw = yaml.safe_load(text)
    assert raw["dataset"] == "claims"
    assert raw["service_levels"]["freshness"] == "24h"
    assert {"column": "claim_id", "rule": "unique"} in raw["quality_rules"]
    made, _ = _imported(text)
    names = [each["name"] for each in made["schema"][0]["properties"]]
    assert names == ["claim_id", "payer_kind", "charge_amount", "_loaded_at"]


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(InputError, match="avro"):
        export(contract(), "avro")
