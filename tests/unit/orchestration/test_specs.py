"""Every node of the project is in the code location, once, where it belongs."""

import pytest
from dagster import AssetKey

from mesh.build.nodes import PROJECT
from mesh.build.parse import manifest_folder
from orchestration.specs import MACROS, Mesh


@pytest.fixture(scope="module")
def mesh() -> Mesh:
    return Mesh.read(manifest_folder())


def test_every_table_is_one_asset_named_after_its_schema(mesh: Mesh) -> None:
    keys = [spec.key for spec in mesh.assets]
    assert len(keys) == len(set(keys))
    assert set(keys) == {*mesh.keys.values(), MACROS}
    assert AssetKey(["analytics_gold", "dim_analytics__patient_360"]) in keys
    assert AssetKey(["fintech_landing", "synthea_claims"]) in mesh.landed


def test_every_test_is_one_check_of_an_asset(mesh: Mesh) -> None:
    own = [test for test in mesh.manifest.tests.values() if test.package == PROJECT]
    assert len(mesh.checks) == len(own)
    assert {spec.asset_key for spec in mesh.check_specs} <= {spec.key for spec in mesh.assets}


def test_assets_are_grouped_by_domain_and_owned_by_its_team(mesh: Mesh) -> None:
    for spec in mesh.assets:
        if spec.key == MACROS:
            continue
        domain = spec.key.path[0].rpartition("_")[0]
        assert spec.group_name == domain
        assert spec.owners == [f"{domain}-data@example.org"]


def test_bronze_stands_on_what_was_landed(mesh: Mesh) -> None:
    bronze = next(
        spec for spec in mesh.assets if spec.key.path[-1] == "bronze_fintech__synthea_claims"
    )
    assert {dep.asset_key for dep in bronze.deps} == {
        AssetKey(["fintech_landing", "synthea_claims"])
    }


def test_a_test_across_domains_is_a_check_of_the_domain_that_wrote_it(mesh: Mesh) -> None:
    for key, test in mesh.checks.items():
        folder = test.path.split("/")[2]
        if test.path.startswith("tests/dbt/") and folder in mesh.manifest.groups:
            assert key.asset_key.path[0].startswith(f"{folder}_"), test.path


def test_unit_tests_are_told_apart(mesh: Mesh) -> None:
    names = {key.name for key in mesh.unit_tests}
    assert "dim_patients__profiles__generalises_age_and_area" in names
    assert all(mesh.checks[key].kind == "unit_test" for key in mesh.unit_tests)
