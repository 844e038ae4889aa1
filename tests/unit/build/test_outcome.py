"""The end of a run: what is there now, what was left out, where to look."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mesh.build.docs import INDEX_PAGE, STAMP, is_current, site_dir, site_mark, site_release
from mesh.build.outcome import addresses, show
from mesh.build.parse import NOWHERE
from mesh.build.run import Outcome
from mesh.build.summary import Arrival, Product, Summary, Verdicts
from mesh.core.console import Steps
from mesh.site.samples import Answer
from tests.unit.site.factory import NOW

SUMMARY = Summary(
    run_id="20260101t000000-0000",
    fingerprint="f",
    logic="l",
    input="40 patients of Synthea, seed 1",
    as_of_date="2026-01-01",
    elementary=False,
    models=80,
    products=(Product("fintech", "fct_fintech__claims", "fintech_gold.fct_fintech__claims", 4319),),
    arrivals=(Arrival("fintech", 4, 37726, 100, 3),),
    tests=Verdicts(passed=199, warned=1, failed=0, not_run=0),
)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MESH_HOME", str(tmp_path))
    return tmp_path


def outcome(*left_out: str) -> Outcome:
    steps = Steps(taken=[("build and test", 61.26)])
    return Outcome(NOWHERE, "release-0007", True, SUMMARY, steps, list(left_out))


def test_people_see_products_arrivals_tests_steps_and_what_is_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show(outcome("Elementary's tables and monitors: the hub does not answer"), "table")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["fintech", "fintech_gold.fct_fintech__claims", "4,319"] in lines
    assert ["fintech", "4", "37,726", "100", "3"] in lines
    assert ["tests:", "199", "passed,", "0", "failed,", "1", "warned"] in lines
    assert ["build", "and", "test", "61.3"] in lines
    assert ["left", "out:"] in lines
    assert lines[-1][0] == "Elementary's"


def test_a_live_release_says_nothing_of_rows_that_were_new_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show(replace(outcome(), new=False), "table")
    text = capsys.readouterr().out
    assert "of these new" not in text
    assert ["fintech", "4", "37,726", "3"] in [line.split() for line in text.splitlines()]


def test_an_empty_product_comes_with_its_likely_reason(capsys: pytest.CaptureFixture[str]) -> None:
    show(outcome(), "table")
    assert "0 rows:" not in capsys.readouterr().out
    empty = replace(SUMMARY, products=(replace(SUMMARY.products[0], rows=0),))
    show(replace(outcome(), summary=empty), "table")
    assert "0 rows: few patients may be why: groups of fewer than 11" in capsys.readouterr().out


def test_a_sample_query_without_an_answer_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    good = Answer("d", "analyst", NOW, 0.2, (("n", "bigint"),), "11 to 100 rows")
    done = outcome()
    done.answers = {
        ("data://a/b/v1", "fine"): good,
        ("data://a/b/v1", "broken"): replace(good, fault="TABLE_NOT_FOUND: no table t"),
    }
    show(done, "table")
    lines = capsys.readouterr().out.splitlines()
    assert "sample queries: 1 answered, 1 failed" in lines
    assert "  data://a/b/v1: broken as analyst: TABLE_NOT_FOUND: no table t" in lines


def test_tools_get_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    show(outcome(), "json")
    found = json.loads(capsys.readouterr().out)
    assert (found["release"], found["new"], found["left_out"]) == ("release-0007", True, [])
    assert found["products"][0]["rows"] == 4319
    assert found["arrivals"][0]["rejected"] == 3
    assert found["steps"] == [{"step": "build and test", "seconds": 61.3}]


def test_only_pages_that_exist_are_named(state: Path) -> None:
    assert "site" not in addresses(NOWHERE)
    site_dir().mkdir()
    (site_dir() / INDEX_PAGE).write_text("<title>Data products</title>")
    assert addresses(NOWHERE)["site"] == (state / "site" / INDEX_PAGE).as_uri()
    assert "documentation" not in addresses(NOWHERE)


def test_the_site_names_the_release_that_it_shows(state: Path) -> None:
    assert site_release(site_dir()) is None
    site_dir().mkdir()
    (site_dir() / STAMP).write_text("release-0007\n")
    assert site_release(state / "site") == "release-0007"


def test_the_site_is_written_again_when_a_contract_changed(tmp_path: Path) -> None:
    site, contract = tmp_path / "site", tmp_path / "contracts" / "a.odcs.yaml"
    for folder in (site, contract.parent):
        folder.mkdir()
    contract.write_text("version: 1.0.0")
    assert not is_current(site, "release-0007", tmp_path)
    (site / STAMP).write_text(site_mark("release-0007", tmp_path) + "\n")
    assert is_current(site, "release-0007", tmp_path)
    assert not is_current(site, "release-0008", tmp_path)
    contract.write_text("version: 1.0.1")
    assert not is_current(site, "release-0007", tmp_path)
