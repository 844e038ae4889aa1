"""The report of a check says what was built, what failed, and that production is as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mesh.build.ci import Check, as_json, as_markdown
from mesh.build.manifest import read_manifest, read_run_results
from mesh.core.console import Steps
from mesh.site.samples import Answer
from tests.unit.build import dbt_files as make
from tests.unit.site.factory import NOW

CLAIMS = make.model("fct_fintech__claims", fqn=("fintech", "gold"))
UNIQUE = make.data_test("unique_a", CLAIMS["unique_id"], "a")


def checked(folder: Path, **statuses: str) -> Check:
    manifest = make.write(folder, "manifest.json", make.manifest(CLAIMS, UNIQUE))
    results = make.write(folder, "run_results.json", make.results(**statuses))
    return Check(
        compared_with="release-0002",
        branch="ci-1",
        kept=False,
        manifest=read_manifest(manifest),
        results=read_run_results(results).results,
        rows_before={"fintech_gold.fct_fintech__claims": 1000},
        rows_after={"fintech_gold.fct_fintech__claims": 1001},
        steps=Steps(),
    )


def test_a_good_change_shows_rows_before_and_after(tmp_path: Path) -> None:
    done = checked(tmp_path, model__of__fct_fintech__claims="success", test__of__unique_a="pass")
    text = as_markdown(done)
    assert "everything passed" in text
    assert "Compared with release-0002. 2 nodes" in text
    assert "| `fct_fintech__claims` | success | 1,000 | 1,001 | 0.5 |" in text
    assert as_json(done)["passed"] is True


def test_a_failure_is_named_with_its_file_and_words(tmp_path: Path) -> None:
    done = checked(tmp_path, model__of__fct_fintech__claims="success", test__of__unique_a="fail")
    text = as_markdown(done)
    assert "**1 failed**" in text
    assert "- `models/x.yml` unique_a: fail" in text
    assert as_json(done)["passed"] is False


def test_a_sample_query_without_an_answer_fails_the_check(tmp_path: Path) -> None:
    good = checked(tmp_path, model__of__fct_fintech__claims="success")
    answer = Answer("d", "", NOW, 0.2, (("n", "bigint"),), "11 to 100 rows")
    good = replace(good, answers={("data://a/b/v1", "n"): answer})
    assert good.passed
    assert "1 sample queries of contracts answer." in as_markdown(good)
    fault = replace(answer, columns=(), rows="", fault="COLUMN_NOT_FOUND: no column y")
    bad = replace(good, answers={("data://a/b/v1", "n"): fault})
    assert not bad.passed
    assert "**1 failed**" in as_markdown(bad)
    assert "- sample query `data://a/b/v1: n: COLUMN_NOT_FOUND: no column y`" in as_markdown(bad)
    assert as_json(bad)["passed"] is False


def test_nothing_selected_is_said(tmp_path: Path) -> None:
    assert "Nothing that dbt builds has changed." in as_markdown(checked(tmp_path))
