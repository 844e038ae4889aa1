"""The site of this very tree: every product of it is told in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh.build.parse import manifest_folder
from mesh.site.catalogue import Catalogue
from mesh.site.columns import Ref
from mesh.site.gather import gather
from mesh.site.inputs import Inputs
from mesh.site.write import write_pages
from tests.unit.site import factory as make


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return gather(manifest_folder(), make.NOW)


def test_every_product_has_a_contract_and_every_contract_a_model(inputs: Inputs) -> None:
    catalogue = Catalogue(inputs.contracts, inputs.manifest)
    assert [node.name for node in catalogue.undescribed] == []
    assert [each.contract.address for each in catalogue.products if each.node is None] == []
    assert len(catalogue.products) == len(inputs.contracts) > 30


def test_every_column_of_a_product_has_its_lineage(inputs: Inputs) -> None:
    assert inputs.lineage
    catalogue = Catalogue(inputs.contracts, inputs.manifest)
    missing = [
        f"{product.contract.address}: {column.name}"
        for product in catalogue.products
        if product.node
        for column in product.contract.table.columns
        if Ref(product.node.unique_id, column.name) not in inputs.lineage.made_of
    ]
    assert missing == []


def test_roles_and_consumers_are_told(inputs: Inputs) -> None:
    assert inputs.sights
    assert inputs.consumers
    assert {sight.role for sight in inputs.sights["data://fintech/claims/v1"]} >= {
        "finance_analyst"
    }
    assert inputs.consumers["data://fintech/claims/v1"]
    assert "premium_amount" in inputs.migrations["data://fintech/payers/v1"]


def test_all_pages_are_written_with_the_contracts_beside_them(
    inputs: Inputs, tmp_path: Path
) -> None:
    write_pages(inputs, tmp_path)
    for contract in inputs.contracts:
        name = contract.address.removeprefix("data://")
        page = (tmp_path / "products" / f"{name}.html").read_text()
        assert contract.address in page
        assert (tmp_path / contract.file).is_file()
        assert all(str(query["question"])[:20] in page for query in contract.sample_queries)
