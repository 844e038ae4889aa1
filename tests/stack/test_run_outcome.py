"""What a run leaves behind: a release with its files, a site, evidence, lineage, and no secrets."""

from __future__ import annotations

import json
import time

import pytest
import yaml

from mesh.build.docs import DOCS_PAGE, INDEX_PAGE, QUALITY_PAGE, site_dir
from mesh.build.manifest import Manifest, read_manifest, read_run_results
from mesh.build.run import Options, run, run_folder
from mesh.build.summary import Summary, count_rows
from mesh.core.paths import state_dir
from mesh.core.secrets import secrets
from mesh.lake.branches import branches
from mesh.lake.releases import release_file, releases
from mesh.lake.trino import query
from mesh.lineage.emit import events_file
from tests.stack.published import Published


def manifest_of(published: Published) -> Manifest:
    return read_manifest(run_folder(published.second.summary.run_id))


def test_the_release_keeps_manifest_results_and_summary(published: Published) -> None:
    outcome = published.second
    stored = release_file(published.lake, outcome.release, "summary.json")
    assert Summary.from_json(stored) == outcome.summary
    for name in ("manifest.json", "run_results.json"):
        here = (run_folder(outcome.summary.run_id) / name).read_bytes()
        assert release_file(published.lake, outcome.release, name) == here
    assert not read_run_results(run_folder(outcome.summary.run_id)).failures


def test_the_summary_counts_what_is_published(published: Published) -> None:
    summary = published.second.summary
    assert {each.table for each in summary.products} == {
        product.relation for product in manifest_of(published).products
    }
    rows = count_rows(published.lake, "lake", [each.table for each in summary.products])
    assert {each.table: each.rows for each in summary.products} == rows
    assert (summary.tests.failed, summary.tests.not_run) == (0, 0)
    assert summary.tests.passed > 100


def test_the_same_input_again_publishes_nothing(published: Published) -> None:
    before = [release.tag for release in releases(published.lake)]
    builds = {state.name for state in branches(published.lake)}
    began = time.monotonic()
    outcome = run(Options(source=published.files.folder))
    seconds = time.monotonic() - began

    assert (outcome.new, outcome.release) == (False, published.second.release)
    assert outcome.summary == published.second.summary
    assert [release.tag for release in releases(published.lake)] == before
    assert {state.name for state in branches(published.lake)} == builds
    assert "build and test" not in [name for name, _ in outcome.steps.taken]
    assert seconds < 60


def test_the_site_shows_the_release_as_readers_know_it(published: Published) -> None:
    site = site_dir()
    assert published.second.release in (site / INDEX_PAGE).read_text()
    docs = (site / DOCS_PAGE).read_text()
    assert '"database": "lake"' in docs
    assert '"database": "build"' not in docs
    assert (site / QUALITY_PAGE).exists() == published.second.summary.elementary
    told = any("Elementary" in each for each in published.second.left_out)
    assert told != published.second.summary.elementary


def test_a_run_without_a_site_says_so(published: Published) -> None:
    assert any("`./mesh docs` writes it" in each for each in published.first.left_out)
    assert not any("`./mesh docs` writes it" in each for each in published.second.left_out)


def test_the_page_of_a_product_tells_how_the_release_stands(published: Published) -> None:
    page = (site_dir() / "products" / "fintech" / "claims" / "v1.html").read_text()
    products = {each.table: each.rows for each in published.second.summary.products}
    assert f"{products['fintech_gold.fct_fintech__claims']:,}" in page
    assert published.second.release in page
    assert "data://fintech/claims/v1" in page
    assert "newest rows" in page
    assert ">passed<" in page


def test_evidence_is_kept_without_the_rows_behind_it(published: Published) -> None:
    if not published.second.summary.elementary:
        assert published.second.left_out
        pytest.skip(f"left out: {published.second.left_out}")
    [(results, samples)] = query(
        published.lake,
        """select
            (select count(*) from elementary_test_results),
            (select count(*) from test_result_rows where test_type = 'dbt_test')""",
        "observability",
        "elementary",
    )
    assert results > 100
    assert samples == 0
    [(names,)] = query(
        published.lake,
        "select array_agg(distinct database_name) from dbt_models where schema_name like '%_gold'",
        "observability",
        "elementary",
    )
    assert names == ["build"], "monitors are keyed by the full name, so it must stay the same"
    settings = yaml.safe_load((state_dir() / "edr" / "config.yml").read_text())
    assert settings == {"anonymous_usage_tracking": False}


def test_lineage_names_every_product_in_the_published_catalog(published: Published) -> None:
    lines = [json.loads(line) for line in events_file().read_text().splitlines()]
    written = {out["name"] for e in lines if e["eventType"] == "COMPLETE" for out in e["outputs"]}
    assert {f"lake.{product.relation}" for product in manifest_of(published).products} <= written
    assert all(name.startswith("lake.") for name in written)


def test_no_pseudonym_key_is_in_what_a_run_writes(published: Published) -> None:
    known = secrets()
    keys = [key.encode() for key in known.pseudonym_keys.values()]
    forbidden = [*keys, known.trino_password.encode(), known.s3_secret_key.encode()]
    forbidden.append(known.nessie_token.encode())
    files = [p for p in run_folder(published.second.summary.run_id).rglob("*") if p.is_file()]
    files += [path for path in site_dir().rglob("*") if path.is_file()]
    assert len(files) > 100
    assert [str(path) for path in files if any(k in path.read_bytes() for k in forbidden)] == []
