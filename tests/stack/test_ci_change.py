"""A change is built on production's data, on a branch that is gone afterwards."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from mesh.access.compiled import write as render_rules
from mesh.build.ci import as_markdown, check
from mesh.build.manifest import ManifestError
from mesh.build.run import Options, run
from mesh.core.errors import Findings, MeshError
from mesh.core.paths import ROOT, state_dir
from mesh.core.settings import Lake
from mesh.lake.branches import branches, open_branch
from mesh.lake.catalogs import catalogs
from mesh.lake.clean import clean
from mesh.lake.names import MAIN, new_run_id
from mesh.lake.nessie import Nessie
from mesh.lake.publish import publish
from mesh.lake.releases import rollback
from mesh.lake.trino import query
from tests.stack.lake_parts import head
from tests.stack.published import Published

MODEL = "models/analytics/gold/agg_analytics__site_performance.sql"


def state_of(lake: Lake) -> tuple[str, list[str], set[str]]:
    with Nessie.of(lake) as nessie:
        head = nessie.get(MAIN).hash
    return head, [state.name for state in branches(lake)], catalogs(lake)


def git(*arguments: str, index: Path | None = None, stdin: str | None = None) -> str:
    env = {**os.environ, **({"GIT_INDEX_FILE": str(index)} if index else {})}
    identity = ["-c", "user.name=Tests", "-c", "user.email=tests@example.org"]
    command = ["git", "-C", str(ROOT), *identity, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=env, input=stdin)
    return done.stdout.strip()


def commit_with(folder: Path, path: str, text: str) -> str:
    """A commit on no branch: the tree as it stands now, with one file of other content.

    It has no parent: one that came after the checkout would be compared with where that is.
    """
    index = folder / "index"
    git("read-tree", "HEAD", index=index)
    git("add", "--update", index=index)
    blob = git("hash-object", "-w", "--stdin", stdin=text)
    git("update-index", "--cacheinfo", f"100644,{blob},{path}", index=index)
    return git("commit-tree", git("write-tree", index=index), "-m", "Earlier")


def test_a_project_like_the_release_builds_nothing(published: Published) -> None:
    before = state_of(published.lake)
    done = check()
    assert done.results == ()
    assert done.compared_with == published.second.release
    assert "Nothing that dbt builds has changed" in as_markdown(done)
    assert done.answers.keys() == published.second.answers.keys()
    assert done.passed
    assert state_of(published.lake) == before


@pytest.mark.parametrize("attempt", [lambda _: check(), lambda source: run(Options(source=source))])
def test_a_leak_stops_before_anything_is_built(
    published: Published, attempt: Callable[[Path], object]
) -> None:
    leak = ROOT / "models" / "patients" / "gold" / "dim_patients__told.sql"
    before = head(published.lake)
    leak.write_text("select city from {{ ref('silver_patients__patients') }}\n")
    try:
        with pytest.raises(Findings, match=r"PRIV003 dim_patients__told\.city") as caught:
            attempt(published.files.folder)
    finally:
        leak.unlink()
    assert "nothing was built" in caught.value.message
    assert head(published.lake) == before
    clean(published.lake, timedelta(0))


def test_only_the_change_and_what_follows_from_it_is_built(
    published: Published, tmp_path: Path
) -> None:
    """Seen from a revision with another text of one product, that product is the change."""
    earlier = (ROOT / MODEL).read_text() + "\n-- as it was before\n"
    base = commit_with(tmp_path, MODEL, earlier)
    before = state_of(published.lake)

    done = check(base)

    built = [r.unique_id for r in done.results if r.unique_id.startswith("model.")]
    assert built == ["model.mesh.agg_analytics__site_performance"]
    assert any(r.unique_id.startswith("test.") for r in done.results)
    assert not done.failures
    assert done.rows_before == done.rows_after != {}
    assert done.compared_with == f"{base} and {published.second.release}"
    assert "agg_analytics__site_performance" in as_markdown(done)
    assert state_of(published.lake) == before
    assert list((state_dir() / "trees").iterdir()) == []


def test_what_was_merged_since_the_release_is_built_too(
    published: Published, tmp_path: Path
) -> None:
    """The tree is like its base, but production's tables are still those of the release."""
    model = ROOT / MODEL
    released = model.read_text()
    before = state_of(published.lake)
    merged = released + "\n-- as it was merged\n"
    model.write_text(merged)
    try:
        done = check(commit_with(tmp_path, MODEL, merged))
    finally:
        model.write_text(released)
    built = [r.unique_id for r in done.results if r.unique_id.startswith("model.")]
    assert built == ["model.mesh.agg_analytics__site_performance"]
    assert done.passed
    assert state_of(published.lake) == before


NEW_MODEL = """
{{ config(materialized='incremental', incremental_strategy='append') }}

select gender
from {{ ref('dim_patients__profiles') }}
{% if is_incremental() %}
where gender not in (select this.gender from {{ this }} as this)
{% endif %}
"""
NEW_UNIT_TEST = """
unit_tests:
  - name: silver_patients__seen__takes_in_the_new
    model: silver_patients__seen
    overrides: {macros: {is_incremental: true}}
    given:
      - {input: ref('dim_patients__profiles'), rows: [{gender: male}, {gender: female}]}
      - {input: this, rows: [{gender: male}]}
    expect: {rows: [{gender: female}]}
"""


def test_a_new_incremental_model_is_there_before_its_unit_test(published: Published) -> None:
    """The unit test reads the model's own table, which production does not have."""
    before = state_of(published.lake)
    model = ROOT / "models" / "patients" / "silver" / "silver_patients__seen.sql"
    unit_test = model.with_suffix(".yml")
    model.write_text(NEW_MODEL)
    unit_test.write_text(NEW_UNIT_TEST)
    try:
        with pytest.raises(Findings, match=r"rules\.json is not what access"):
            check()
        render_rules()
        done = check()
    finally:
        model.unlink()
        unit_test.unlink()
        render_rules()
    assert {result.unique_id.split(".")[0]: result.status for result in done.results} == {
        "model": "success",
        "unit_test": "pass",
    }
    assert done.passed
    assert state_of(published.lake) == before


def test_an_unknown_revision_is_named(published: Published) -> None:
    before = state_of(published.lake)
    with pytest.raises(MeshError, match="there is no revision"):
        check("no-such-revision")
    assert state_of(published.lake) == before


def test_a_failing_change_is_reported_and_its_branch_dropped(
    published: Published, tmp_path: Path
) -> None:
    """A new test that no data can pass."""
    singular = ROOT / "tests" / "dbt" / "assert_analytics__never.sql"
    before = state_of(published.lake)
    singular.write_text(
        "select count(*) as found from {{ ref('agg_analytics__site_performance') }}\n"
    )
    try:
        done = check()
    finally:
        singular.unlink()
    [failure] = done.failures
    assert failure.unique_id == "test.mesh.assert_analytics__never"
    assert "1 failed" in as_markdown(done)
    assert state_of(published.lake) == before


def test_a_broken_manifest_of_the_release_fails_closed(
    published: Published, tmp_path: Path
) -> None:
    """What changed cannot be known, so nothing is waved through as unchanged."""
    lake, live = published.lake, published.second.release
    manifest = tmp_path / "manifest.json"
    manifest.write_bytes(b'{"metadata": {"dbt_schema_version": "https://sch')
    summary = tmp_path / "summary.json"
    summary.write_text(published.second.summary.to_json())
    branch = open_branch(lake, "build", new_run_id())
    query(lake, "create schema if not exists build.ci_test")
    query(lake, "create table build.ci_test.t as select 1 as x")
    publish(lake, branch, "broken", {"manifest.json": manifest, "summary.json": summary})
    try:
        before = state_of(lake)
        with pytest.raises(ManifestError, match="not a complete artifact") as caught:
            check()
        assert caught.value.exit_code == 2
        assert state_of(lake) == before
    finally:
        rollback(lake, live)
        clean(lake, older_than=timedelta())
