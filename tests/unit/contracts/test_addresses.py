"""Products by their addresses: found, resolved, and shown on the command line."""

from __future__ import annotations

import ast
import json

import pytest
from typer.testing import CliRunner

from mesh.cli.product import products as product_verbs
from mesh.contracts.address import UnknownProduct, find_contract, pick, resolve
from mesh.core.paths import ROOT
from tests.unit.contracts.made import contract

run = CliRunner()


@pytest.mark.parametrize(
    "name",
    ["data://fintech/payers/v1", "fintech/payers/v1", "data://fintech/dim_fintech__payers/v1/",
     "fintech.payers.v1"],
)  # fmt: skip
def test_a_product_is_found_by_address_and_name(name: str) -> None:
    assert find_contract(name).address == "data://fintech/payers/v1"


def test_without_a_version_the_newest_living_one_is_meant() -> None:
    assert find_contract("payers").address == "data://fintech/payers/v2"
    assert find_contract("data://fintech/payers").major == 2


def test_both_versions_of_a_product_have_an_address() -> None:
    first, second = resolve("data://fintech/payers/v1"), resolve("data://fintech/payers/v2")
    assert (first.table, second.table) == ("dim_fintech__payers", "dim_fintech__payers_v2")
    assert (first.status, first.deprecation_date) == ("deprecated", "2027-06-30")
    assert (second.status, second.deprecation_date) == ("active", None)
    assert first.owner == second.owner == "Fintech team"
    assert (ROOT / first.contract).is_file()


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("data://fintech/claimz/v1", "data://fintech/claims/v1"),
        ("data://fintech/claims/v7", "data://fintech/claims/v1"),
        ("data://medical/claims/v1", "data://fintech/claims/v1"),
        ("patient360", "data://analytics/patient_360/v1"),
    ],
)
def test_an_unknown_address_names_near_ones(name: str, near: str) -> None:
    with pytest.raises(UnknownProduct) as caught:
        find_contract(name)
    assert near in str(caught.value)


def test_a_name_of_several_products_is_refused() -> None:
    other = contract(lambda r: r.update(domain="medical"))
    with pytest.raises(UnknownProduct, match="several"):
        pick("claims", [contract(), other])


def test_a_release_is_read_through_its_own_catalog() -> None:
    found = resolve("data://fintech/claims/v1", "release-20260101-000000")
    assert found.reference == "release-20260101-000000"
    assert found.catalog == "release_20260101_000000"
    assert found.catalog in found.snippets["trino-sql"]
    assert found.reference in found.snippets["pyiceberg"]


def test_snippets_are_programs_without_secrets() -> None:
    found = resolve("data://fintech/claims/v1").snippets
    assert set(found) == {"trino-sql", "trino-python", "pyiceberg", "duckdb"}
    for tool in ("trino-python", "pyiceberg", "duckdb"):
        ast.parse(found[tool])
        assert "password" not in found[tool].lower()


def test_products_are_listed_shown_and_resolved() -> None:
    listed = json.loads(run.invoke(product_verbs, ["list", "--format", "json"]).stdout)
    assert len(listed) >= 34
    assert {"address", "owner", "table", "version"} <= set(listed[0])
    shown = run.invoke(product_verbs, ["show", "fintech/claims"])
    assert "owner: Fintech team" in shown.stdout
    sampled = run.invoke(product_verbs, ["sample", "fintech/claims"])
    assert "from fintech_gold.fct_fintech__claims" in sampled.stdout
    done = run.invoke(product_verbs, ["resolve", "data://fintech/claims/v1", "--format", "json"])
    assert json.loads(done.stdout)["catalog"] == "lake"
