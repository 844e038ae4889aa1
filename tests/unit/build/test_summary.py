"""What is counted, and that a stored summary comes back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mesh.build.manifest import ManifestError, read_manifest, read_run_results
from mesh.build.summary import (
    Summary,
    Verdicts,
    arrivals_of,
    count_tests,
    counted_tables,
    counting_query,
    products_of,
)
from mesh.landing.land import Landed
from tests.unit.build import dbt_files as make

CLAIMS = make.model("fct_fintech__claims", fqn=("fintech", "gold"))
QUARANTINE = make.model("silver_fintech__quarantined_rows", fqn=("fintech", "silver"))
SILVER = make.model("silver_fintech__claims", fqn=("fintech", "silver"))
LANDED = make.source("synthea_claims", "fintech")
VAULT = make.source("keys", "fintech") | {"schema": "fintech_vault"}
ROWS = {
    "fintech_gold.fct_fintech__claims": 9,
    "fintech_silver.silver_fintech__quarantined_rows": 1,
    "fintech_landing.synthea_claims": 10,
}


def landed(rows: int, *, skipped: bool) -> Landed:
    return Landed(
        table="fintech_landing.synthea_claims",
        domain="fintech",
        file="claims.csv",
        rows=rows,
        batch_id="b",
        skipped=skipped,
        loaded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_products_arrivals_and_rejections_are_counted(tmp_path: Path) -> None:
    path = make.write(
        tmp_path, "manifest.json", make.manifest(CLAIMS, QUARANTINE, SILVER, LANDED, VAULT)
    )
    manifest = read_manifest(path)

    assert counted_tables(manifest) == set(ROWS)
    [product] = products_of(manifest, ROWS)
    assert (product.domain, product.rows) == ("fintech", 9)
    [arrival] = arrivals_of(manifest, ROWS, [landed(4, skipped=False), landed(6, skipped=True)])
    assert (arrival.tables, arrival.rows, arrival.new_rows, arrival.rejected) == (1, 10, 4, 1)


def test_all_tables_are_counted_in_one_statement() -> None:
    assert counting_query("lake", ["b.t", "a.t"]) == (
        'select \'a.t\', count(*) from "lake"."a"."t"\n'
        "union all\n"
        'select \'b.t\', count(*) from "lake"."b"."t"'
    )


def test_tests_are_counted_by_outcome(tmp_path: Path) -> None:
    raw = make.results(
        test__of__a="pass",
        test__of__b="pass",
        test__of__c="warn",
        test__of__d="skipped",
        test__of__e="error",
        model__of__f="success",
    )
    results = read_run_results(make.write(tmp_path, "run_results.json", raw))
    assert count_tests(results) == Verdicts(passed=2, warned=1, failed=1, not_run=1)


def test_a_stored_summary_comes_back_whole(tmp_path: Path) -> None:
    manifest = read_manifest(make.write(tmp_path, "manifest.json", make.manifest(CLAIMS, LANDED)))
    summary = Summary(
        run_id="r",
        fingerprint="f",
        logic="l",
        input="40 patients",
        as_of_date="2026-01-01",
        elementary=False,
        models=1,
        products=products_of(manifest, ROWS),
        arrivals=arrivals_of(manifest, ROWS, []),
        tests=Verdicts(1, 0, 0, 0),
    )
    assert Summary.from_json(summary.to_json()) == summary


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"products": [{"rows": 1}]}'])
def test_a_summary_of_another_version_is_refused(text: str) -> None:
    with pytest.raises(ManifestError, match="another version"):
        Summary.from_json(text)
