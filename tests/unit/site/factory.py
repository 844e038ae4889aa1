"""Makes contracts, manifests and whole inputs of the site, small or of any number of products."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from mesh.build.manifest import PROJECT, Manifest, read_manifest, read_run_results
from mesh.contracts.document import parse
from mesh.contracts.lint import lint
from mesh.contracts.model import Contract
from mesh.site.columns import ColumnLineage, Ref
from mesh.site.inputs import Consumer, Inputs, Published
from tests.unit.build import dbt_files

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RELEASE = Published("release-0007", datetime(2026, 3, 1, 11, 0, tzinfo=UTC))
DOMAINS = ("patients", "medical", "fintech", "logistics", "analytics")


def column(name: str, **changes: Any) -> dict[str, Any]:
    """A column of a contract."""
    return {
        "name": name,
        "businessName": name.replace("_", " ").capitalize(),
        "logicalType": "string",
        "physicalType": "varchar",
        "classification": "none",
        "description": f"The {name.replace('_', ' ')} of the row.",
        **changes,
    }


def raw_contract(name: str = "claims", domain: str = "fintech", **changes: Any) -> dict[str, Any]:
    """A contract as its file holds it; ``columns`` replaces those of its table."""
    version = str(changes.get("version", "1.0.0"))
    major = version.partition(".")[0]
    suffix = "" if major == "1" else f"_v{major}"
    columns = changes.pop("columns", None) or [
        column("claim_id", primaryKey=True, primaryKeyPosition=1, required=True),
        column("amount", logicalType="number", physicalType="decimal(18, 2)"),
    ]
    table = changes.pop("table", {})
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": f"{domain}.{name}.v{major}",
        "name": name,
        "version": version,
        "status": "active",
        "domain": domain,
        "description": {"purpose": f"What {name} are good for."},
        "team": {"name": f"{domain.capitalize()} team"},
        "schema": [
            {
                "name": f"fct_{domain}__{name}{suffix}",
                "physicalName": f"{domain}_gold.fct_{domain}__{name}{suffix}",
                "logicalType": "object",
                "physicalType": "table",
                "businessName": name.replace("_", " ").capitalize(),
                "description": f"One row per {name}.",
                "dataGranularityDescription": f"One row per {name}",
                "properties": columns,
                **table,
            }
        ],
        **changes,
    }


def contract(name: str = "claims", domain: str = "fintech", **changes: Any) -> Contract:
    """A contract that has passed the lint, as its file would give it."""
    raw = raw_contract(name, domain, **changes)
    text = yaml.safe_dump(raw, sort_keys=False, allow_unicode=True)
    found, findings = lint(*parse(text.encode(), f"contracts/{domain}/{raw['id']}.odcs.yaml"))
    assert found is not None, findings
    return found


def node_of(product: Contract, *before: str, **changes: Any) -> dict[str, Any]:
    """The model of a product in a raw manifest; it reads the models named ``before``."""
    return dbt_files.model(
        product.table.physical_name.partition(".")[2],
        fqn=(product.domain, "gold"),
        depends_on={
            "nodes": [each if "." in each else f"model.{PROJECT}.{each}" for each in before]
        },
        columns={
            each.name: {"name": each.name, "data_type": each.physical, "description": ""}
            for each in product.table.columns
        },
        **changes,
    )


def manifest(folder: Path, *nodes: dict[str, Any], **changes: Any) -> Manifest:
    """A manifest that was written to ``folder`` and read again."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(dbt_files.manifest(*nodes, **changes)))
    return read_manifest(folder)


def inputs(folder: Path, *contracts: Contract, **changes: Any) -> Inputs:
    """Inputs with a model for each contract and nothing that is optional."""
    found = changes.pop("manifest", None) or manifest(folder, *map(node_of, contracts))
    return Inputs(tuple(contracts), found, NOW, **changes)


def many(folder: Path, count: int) -> Inputs:
    """Inputs with ``count`` products in five domains, each made from others."""
    contracts = [_numbered(number) for number in range(count)]
    nodes = []
    for number, each in enumerate(contracts):
        source = dbt_files.source(f"files_{number}", each.domain)
        silver = f"silver_{each.domain}__step_{number}"
        above = [f"model.{PROJECT}.{silver}"]
        above += [_unique_id(contracts[n]) for n in {number // 2, number // 3} if 0 < n < number]
        nodes += [
            source,
            dbt_files.model(
                silver, fqn=(each.domain, "silver"), depends_on={"nodes": [source["unique_id"]]}
            ),
            node_of(each, *above),
        ]
    consumer = Consumer("Reports", "reports@example.org", ("measure_1",), "Monthly figures.")
    return Inputs(
        tuple(contracts),
        manifest(folder, *nodes),
        NOW,
        release=RELEASE,
        consumers={contracts[0].address: (consumer,)},
        lineage=_lineage(contracts),
    )


def _numbered(number: int) -> Contract:
    kind = ("quasi", "sensitive", "none")[number % 3]
    columns = [column(f"thing_{number}_id", primaryKey=True, primaryKeyPosition=1, required=True)]
    columns += [column(f"measure_{n}", classification=kind) for n in range(1, 11)]
    columns.append(column(f"own_figure_{number}", description=f"Only product {number} has it."))
    return contract(
        f"things_{number}",
        DOMAINS[number % 5],
        columns=columns,
        description={"purpose": f"Tells how many things of kind {number} there are, where and when "
                     "they were used, and what they cost, for those who plan what to buy."},
        slaProperties=[{"property": "freshness", "value": 24, "unit": "h"}],
        roles=[{"role": "analyst", "access": "read"}],
        customProperties=[
            {
                "property": "sampleQueries",
                "value": [{"name": "count", "question": "How many?", "role": "analyst",
                           "sql": f"select count(*) from t where a < {number}"}],
            }
        ],
    )  # fmt: skip


def _unique_id(product: Contract) -> str:
    return f"model.{PROJECT}.{product.table.name}"


def _lineage(contracts: list[Contract]) -> ColumnLineage:
    made_of = {}
    for number, each in enumerate(contracts):
        for name in (column.name for column in each.table.columns):
            before = Ref(f"source.{PROJECT}.{each.domain}_landing.files_{number}", name)
            above = [Ref(_unique_id(contracts[number // 2]), name)] if number > 1 else []
            made_of[Ref(_unique_id(each), name)] = tuple(sorted([before, *above]))
    return ColumnLineage(made_of)


def with_test(folder: Path, status: str | None, failures: int | None = None) -> Inputs:
    """Inputs of a product with one test, and its result if there is a status."""
    product = contract()
    test = dbt_files.data_test("unique_claims", "model.mesh.fct_fintech__claims", "claim_id")
    found = inputs(folder, product, manifest=manifest(folder, node_of(product), test))
    if status is None:
        return found
    raw = dbt_files.results(**{"test__of__unique_claims": status})
    raw["results"][0]["failures"] = failures
    results = read_run_results(dbt_files.write(folder, "run_results.json", raw))
    return inputs(folder, product, manifest=found.manifest, results=results)
