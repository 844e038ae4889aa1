"""Makes contracts and small projects for tests."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from mesh.build.manifest import read_manifest
from mesh.contracts import changes
from mesh.contracts.document import parse
from mesh.contracts.finding import Finding
from mesh.contracts.lint import lint
from mesh.contracts.model import Contract
from mesh.contracts.project import ContractProject, read_contracts
from tests.unit.build import dbt_files

BASE: dict[str, Any] = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "fintech.claims.v1",
    "name": "claims",
    "version": "1.2.0",
    "status": "active",
    "domain": "fintech",
    "description": {"purpose": "p", "limitations": "l", "usage": "u"},
    "team": {"name": "Fintech team"},
    "support": [{"channel": "fintech-data@example.org"}],
    "roles": [{"role": "analyst", "access": "read"}, {"role": "auditor", "access": "read"}],
    "servers": [
        {
            "server": "lake",
            "type": "trino",
            "host": "h",
            "port": 1,
            "catalog": "lake",
            "schema": "s",
        }
    ],
    "schema": [
        {
            "name": "fct_fintech__claims",
            "physicalName": "fintech_gold.fct_fintech__claims",
            "description": "One row per claim.",
            "businessName": "Claims",
            "dataGranularityDescription": "One row per claim",
            "properties": [
                {
                    "name": "claim_id",
                    "businessName": "Claim",
                    "logicalType": "string",
                    "physicalType": "varchar",
                    "primaryKey": True,
                    "primaryKeyPosition": 1,
                    "required": True,
                    "classification": "quasi",
                    "description": "Identifier of the claim.",
                },
                {
                    "name": "payer_kind",
                    "logicalType": "string",
                    "physicalType": "varchar",
                    "classification": "none",
                    "description": "Who pays.",
                    "quality": [
                        {
                            "id": "known_values",
                            "type": "library",
                            "metric": "invalidValues",
                            "arguments": {"validValues": ["government", "private"]},
                            "mustBe": 0,
                        }
                    ],
                },
                {
                    "name": "charge_amount",
                    "businessName": "Charges",
                    "logicalType": "number",
                    "physicalType": "decimal(18, 2)",
                    "required": True,
                    "classification": "sensitive",
                    "description": "What was charged.",
                    "logicalTypeOptions": {"minimum": 0},
                    "customProperties": [{"property": "unit", "value": "USD"}],
                },
                {
                    "name": "_loaded_at",
                    "logicalType": "timestamp",
                    "physicalType": "timestamp(6) with time zone",
                    "required": True,
                    "classification": "technical",
                    "description": "When it was loaded.",
                },
            ],
            "quality": [{"id": "enough", "metric": "rowCount", "mustBeGreaterThan": 10}],
        }
    ],
    "slaProperties": [
        {"property": "freshness", "value": 24, "unit": "h"},
        {"property": "latency", "value": 2, "unit": "h"},
        {"property": "availability", "value": 99.5, "unit": "percent"},
        {"property": "accuracy", "value": 99.9, "unit": "percent"},
        {"property": "retention", "value": 10, "unit": "y"},
    ],
    "customProperties": [{"property": "outputPort", "value": "table"}],
}
"""A contract in order."""

Raw = dict[str, Any]
Change = Callable[[Raw], object]


def base(change: Change | None = None) -> dict[str, Any]:
    """The contract, changed by ``change``."""
    raw = deepcopy(BASE)
    if change:
        change(raw)
    return raw


def column(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """A column of a raw contract."""
    found: dict[str, Any] = next(c for c in raw["schema"][0]["properties"] if c["name"] == name)
    return found


def text(raw: dict[str, Any]) -> str:
    """A raw contract as a file has it."""
    written: str = yaml.safe_dump(raw, sort_keys=False, allow_unicode=True)
    return written


def contract(change: Change | None = None, file: str = "claims.odcs.yaml") -> Contract:
    """The contract that a change of the base makes; it has to be in order."""
    made, findings = lint(*parse(text(base(change)).encode(), file))
    assert made is not None, [finding.lines() for finding in findings]
    return made


def table_rule(raw: Raw) -> Raw:
    """The quality rule on the table of a raw contract."""
    rule: Raw = raw["schema"][0]["quality"][0]
    return rule


def compared(setup: Change, change: Change, version: str) -> list[changes.Change]:
    """What a change of the contract that ``setup`` makes is told as, in its new version."""
    after = contract(lambda raw: (setup(raw), change(raw), raw.update(version=version)))
    return changes.compare(contract(setup), after)


def found(content: str | bytes, file: str = "f.yaml") -> list[Finding]:
    """What a look at a file finds."""
    data = content.encode() if isinstance(content, str) else content
    return lint(*parse(data, file))[1]


def model(**changes: Any) -> dict[str, Any]:
    """The model of the contract as dbt writes it into a manifest."""
    raw = dbt_files.model("fct_fintech__claims", fqn=("fintech", "gold"))
    raw["description"] = "One row per claim."
    raw["patch_path"] = "mesh://models/fintech/gold/fct_fintech__claims.yml"
    not_null = [{"type": "not_null"}]
    raw["columns"] = {
        "claim_id": {
            "name": "claim_id",
            "data_type": "varchar",
            "description": "Identifier of the claim.",
            "constraints": not_null,
        },
        "payer_kind": {"name": "payer_kind", "data_type": "varchar", "description": "Who pays."},
        "charge_amount": {
            "name": "charge_amount",
            "data_type": "decimal(18,2)",
            "description": "What was charged.",
            "constraints": not_null,
        },
        "_loaded_at": {
            "name": "_loaded_at",
            "data_type": "timestamp(6) with time zone",
            "description": "When it was loaded.",
            "constraints": not_null,
        },
    }
    raw["raw_code"] = (
        "with final as (select claim_id, payer_kind, "
        "cast(charge as decimal(18, 2)) as charge_amount, _loaded_at from t) select * from final"
    )
    return {**raw, **changes}


def tests_of(unique_id: str) -> list[dict[str, Any]]:
    """The tests that the contract asks for."""
    unique = dbt_files.data_test("u", unique_id, "claim_id")
    values = dbt_files.data_test("v", unique_id, "payer_kind")
    values["test_metadata"] = {
        "name": "accepted_values",
        "kwargs": {"values": ["government", "private"], "column_name": "payer_kind", "model": "x"},
    }
    negative = dbt_files.data_test("n", unique_id, "charge_amount")
    negative["test_metadata"] = {"name": "is_not_negative", "kwargs": {"column_name": "x"}}
    enough = dbt_files.data_test("fct_fintech__claims__enough", unique_id)
    enough["test_metadata"] = {
        "name": "gives_figure",
        "kwargs": {
            "query": "select count(*) from {object}", "must": {"mustBeGreaterThan": 10},
            "model": "x",
        },
    }  # fmt: skip
    return [unique, values, negative, enough]


def project(
    root: Path,
    contracts: list[dict[str, Any]] | None = None,
    nodes: list[dict[str, Any]] | None = None,
    **changes: Any,
) -> ContractProject:
    """A project of these contracts and nodes; by default the contract and its model."""
    for raw in [base()] if contracts is None else contracts:
        major = str(raw["version"]).split(".")[0]
        name = raw["name"] + ("" if major == "1" else f".v{major}")
        path = root / "contracts" / raw["domain"] / f"{name}.odcs.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(raw))
    entries = [model(), *tests_of(model()["unique_id"])] if nodes is None else nodes
    manifest = dbt_files.manifest(*entries, **changes)
    read = read_manifest(dbt_files.write(root, "manifest.json", manifest))
    made, findings = read_contracts(root)
    return ContractProject(root, "mesh", tuple(made), tuple(findings), read)
