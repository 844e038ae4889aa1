"""A dbt project of somebody else is checked as it lies there, by dbt's own parser."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mesh.cli.check import checks
from mesh.cli.contract import contracts as contract_verbs
from mesh.contracts.project import manifest_path, readable_contracts
from tests.unit.contracts.made import base, project, text

PROJECT = "name: shop\nversion: 1.0.0\nprofile: shop\n"
SQL = """
with raw as (select * from {{ source('erp', 'orders') }})
select cast(id as bigint) as order_id, cast(amount as decimal(10, 2)) as amount from raw
"""
MODELS = """\
sources:
  - name: erp
    tables: [{name: orders}]
models:
  - name: orders
    description: One row per order.
    config: {contract: {enforced: true}, materialized: table}
    columns:
      - {name: order_id, data_type: bigint, constraints: [{type: not_null}], data_tests: [unique]}
      - {name: amount, data_type: "decimal(10, 2)"}
"""
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: orders
name: orders
version: 1.0.0
status: active
domain: sales
team: {name: Sales}
schema:
  - name: orders
    description: One row per order.
    properties:
      - {name: order_id, physicalType: bigint, primaryKey: true, required: true}
      - {name: amount, logicalType: number, physicalType: "decimal(10,2)"}
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shop")
    (root / "models/gold").mkdir(parents=True)
    (root / "contracts/sales").mkdir(parents=True)
    (root / "dbt_project.yml").write_text(PROJECT)
    (root / "models/gold/orders.sql").write_text(SQL)
    (root / "models/gold/orders.yml").write_text(MODELS)
    (root / "contracts/sales/orders.odcs.yaml").write_text(CONTRACT)
    return root


def _check(root: Path) -> list[str]:
    done = CliRunner().invoke(checks, ["contracts", "--project-dir", str(root), "--format", "json"])
    codes = [each["code"] for each in json.loads(done.stdout)]
    assert done.exit_code == int(bool(codes))
    return codes


def test_a_project_in_order_has_no_findings_and_is_left_as_it_was(shop: Path) -> None:
    before = sorted(str(path) for path in shop.rglob("*"))
    assert _check(shop) == []
    assert sorted(str(path) for path in shop.rglob("*")) == before


def test_drift_is_found_and_the_sync_mends_the_yaml(shop: Path) -> None:
    path = shop / "models/gold/orders.yml"
    path.write_text(MODELS.replace("data_type: bigint", "data_type: integer"))
    (shop / "models/gold/orders.sql").write_text(SQL.replace("decimal(10, 2)", "double"))
    (shop / "models/gold/lost.sql").write_text("select 1 as a")
    assert sorted(_check(shop)) == ["C501", "C505", "C523"]
    done = CliRunner().invoke(contract_verbs, ["sync", "--project-dir", str(shop)])
    assert done.exit_code == 0
    assert "data_type: bigint" in path.read_text()
    assert "C505" not in _check(shop)


def test_a_product_whose_contract_is_broken_is_named_and_not_just_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = base(lambda r: r.update(name="bills", version="one", tenant=1))
    project(tmp_path, [base(), broken])
    assert [each.product for each in readable_contracts(tmp_path)] == ["claims"]
    [line] = [each for each in capsys.readouterr().err.splitlines() if "warning" in each]
    assert "contracts/fintech/bills.vone.odcs.yaml:5:10: left out" in line


def test_a_file_that_is_named_twice_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.odcs.yaml"
    path.write_text(text(base()))
    done = CliRunner().invoke(
        contract_verbs, ["lint", str(path), str(tmp_path), "--format", "json"]
    )
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])


def test_a_manifest_is_of_the_past_once_a_file_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that goes, or takes another name, leaves no younger one behind."""
    (tmp_path / "models/gold").mkdir(parents=True)
    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    for name in ("orders", "lines"):
        (tmp_path / f"models/gold/{name}.sql").write_text(SQL)
    compiled = tmp_path / "target/manifest.json"
    compiled.parent.mkdir()
    compiled.write_text("{}")
    later = compiled.stat().st_mtime + 60
    os.utime(compiled, (later, later))
    monkeypatch.setattr("mesh.contracts.project._parsed", lambda _: tmp_path / "anew")
    assert manifest_path(tmp_path) == compiled
    (tmp_path / "models/gold/lines.sql").unlink()
    os.utime(tmp_path / "models/gold", (later + 1, later + 1))
    assert manifest_path(tmp_path) == tmp_path / "anew"
