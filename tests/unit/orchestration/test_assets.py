"""What a selection asks of a build, and what Dagster is told of its results."""

from dataclasses import replace

import pytest
from dagster import AssetCheckSeverity, AssetKey, Failure

from mesh.build.nodes import Result, RunResults
from mesh.build.parse import manifest_folder
from mesh.build.run import Scope
from orchestration.assets import BuildConfig, checked, scope_of
from orchestration.specs import MACROS, Mesh

PROFILES = AssetKey(["patients_gold", "dim_patients__profiles"])
LANDED = AssetKey(["patients_landing", "synthea_patients"])


@pytest.fixture(scope="module")
def mesh() -> Mesh:
    return Mesh.read(manifest_folder())


def keys(mesh: Mesh) -> set[AssetKey]:
    return {spec.key for spec in mesh.assets}


def test_everything_is_a_whole_run(mesh: Mesh) -> None:
    tests = set(mesh.checks) - mesh.unit_tests
    scope = scope_of(mesh, keys(mesh), tests)
    assert (scope.land, scope.select, scope.unit_tests, scope.always) == (True, (), False, True)


def test_everything_but_the_landing_builds_what_is_landed(mesh: Mesh) -> None:
    scope = scope_of(mesh, keys(mesh) - mesh.landed, set(mesh.checks))
    assert (scope.land, scope.select, scope.unit_tests) == (False, (), True)


def test_a_part_is_built_alone(mesh: Mesh) -> None:
    of_profiles = {key for key in mesh.checks if key.asset_key == PROFILES}
    scope = scope_of(mesh, {PROFILES}, of_profiles)
    assert (scope.land, scope.select) == (False, ("dim_patients__profiles",))


def test_a_check_alone_is_selected_by_its_name(mesh: Mesh) -> None:
    check = next(key for key in mesh.unit_tests if key.asset_key == PROFILES)
    scope = scope_of(mesh, set(), {check})
    assert (scope.land, scope.select, scope.unit_tests) == (False, (check.name,), True)


def test_macros_are_tested_not_built(mesh: Mesh) -> None:
    checks = {key for key in mesh.checks if key.asset_key == MACROS}
    assert scope_of(mesh, {MACROS}, checks).select == tuple(sorted(key.name for key in checks))
    with pytest.raises(Failure, match="nothing"):
        scope_of(mesh, {MACROS}, set())


@pytest.mark.parametrize("built", [set(), {PROFILES}])
def test_new_input_is_built_into_every_table_or_into_none(mesh: Mesh, built: set[AssetKey]) -> None:
    with pytest.raises(Failure, match="select all assets"):
        scope_of(mesh, {LANDED, *built}, set())


@pytest.mark.parametrize(
    ("status", "passed", "severity"),
    [
        ("pass", True, AssetCheckSeverity.ERROR),
        ("warn", False, AssetCheckSeverity.WARN),
        ("fail", False, AssetCheckSeverity.ERROR),
        ("error", False, AssetCheckSeverity.ERROR),
    ],
)
def test_results_become_checks(
    mesh: Mesh, status: str, passed: bool, severity: AssetCheckSeverity
) -> None:
    key, test = next(iter(mesh.checks.items()))
    result = Result(test.unique_id, status, 0.5, "said", 3, None, None)
    results = RunResults("", "", 1.0, (result,))
    [check] = checked(mesh, {key}, results)
    assert (check.asset_key, check.check_name) == (key.asset_key, key.name)
    assert (check.passed, check.severity) == (passed, severity)
    assert list(checked(mesh, set(), results)) == []
    skipped = replace(results, results=(replace(result, status="skipped"),))
    assert list(checked(mesh, {key}, skipped)) == []


def test_the_folder_of_the_input_may_stand_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MESH_SOURCE", raising=False)
    assert BuildConfig().options(Scope()).source is None
    monkeypatch.setenv("MESH_SOURCE", "exports")
    source = BuildConfig().options(Scope()).source
    assert source is not None
    assert source.name == "exports"
