"""dbt's artifacts are read, or refused with a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mesh.build.manifest import ManifestError, read_manifest, read_run_results
from tests.unit.build import dbt_files as make


def test_a_manifest_gives_models_products_sources_tests_and_groups(tmp_path: Path) -> None:
    claims = make.model("fct_fintech__claims", fqn=("fintech", "gold"))
    bronze = make.model("bronze_fintech__claims", fqn=("fintech", "bronze"))
    landed = make.source("synthea_claims", "fintech")
    test = make.data_test("unique_a", claims["unique_id"], "a")
    make.write(tmp_path, "manifest.json", make.manifest(claims, bronze, landed, test))

    found = read_manifest(tmp_path)

    assert [node.name for node in found.models] == [bronze["name"], claims["name"]]
    assert [node.relation for node in found.products] == ["fintech_gold.fct_fintech__claims"]
    assert found.products[0].contract_enforced
    assert found.products[0].columns[0].data_type == "bigint"
    assert found.sources[landed["unique_id"]].domain == "fintech"
    assert found.tests[test["unique_id"]].attached == claims["unique_id"]
    assert found.groups["fintech"].owner_email == "fintech-data@example.org"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a complete artifact"),
        ("[]", "schema None"),
        ("{}", "schema None"),
        ('{"metadata": {"dbt_schema_version": "v1"}}', "schema 'v1'"),
        (json.dumps(make.manifest())[:200], "not a complete artifact"),
        (json.dumps(make.manifest()).replace('"mesh"', '"shop"'), "project 'shop'"),
        (json.dumps({"metadata": make.manifest()["metadata"]}), "KeyError('nodes')"),
        (json.dumps(make.manifest(nodes={"a": {"resource_type": "model"}})), "KeyError"),
        (json.dumps(make.manifest(nodes=[])), "AttributeError"),
    ],
)
def test_a_file_that_is_no_manifest_of_ours_is_refused(
    tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ManifestError) as caught:
        read_manifest(tmp_path)
    assert words in caught.value.message
    assert caught.value.where == str(tmp_path / "manifest.json")
    assert caught.value.exit_code == 2


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="dbt wrote no such file"):
        read_manifest(tmp_path)


def test_failures_are_what_stops_a_publish(tmp_path: Path) -> None:
    raw = make.results(
        model__of__a="success",
        model__of__b="error",
        test__of__c="fail",
        test__of__d="warn",
        model__of__e="skipped",
    )
    make.write(tmp_path, "run_results.json", raw)
    found = read_run_results(tmp_path)
    assert [result.unique_id for result in found.failures] == ["model.mesh.b", "test.mesh.c"]
    assert found.results[4].started_at is None


def test_results_cut_short_are_refused(tmp_path: Path) -> None:
    text = json.dumps(make.results(model__of__a="success"))
    (tmp_path / "run_results.json").write_text(text[: len(text) // 2])
    with pytest.raises(ManifestError, match="not a complete artifact"):
        read_run_results(tmp_path)
