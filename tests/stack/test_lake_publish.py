"""Publishing on the real lake: whole or not at all, and what may not be published."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from mesh.core.errors import LakeError, MergeConflict
from mesh.core.settings import Lake
from mesh.lake.branches import branches, drop_branch
from mesh.lake.catalogs import catalogs
from mesh.lake.clean import clean
from mesh.lake.lock import vacate
from mesh.lake.names import DEV, MAIN
from mesh.lake.nessie import Nessie
from mesh.lake.publish import publish
from mesh.lake.releases import release_file, releases, tag_head
from mesh.lake.trino import query
from tests.stack import lake_faults
from tests.stack.lake_faults import BreakingWire, When, lose, through
from tests.stack.lake_parts import build, column, fresh_schema, release, write_to_main

pytestmark = pytest.mark.stack


def history(lake: Lake) -> list[str]:
    with Nessie.of(lake) as nessie:
        return [commit.hash for commit in nessie.log(MAIN)]


def names(lake: Lake) -> set[str]:
    return {state.name for state in branches(lake)}


def test_a_build_becomes_one_commit_one_tag_and_leaves_nothing_behind(
    lake: Lake, tmp_path: Path
) -> None:
    schema = fresh_schema()
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"nodes": {}}')
    release(lake, schema, ["create table gone as select 1 as x"])
    before = history(lake)
    statements = [
        "create table a as select 1 as x",
        "create table b as select 2 as x",
        "insert into b values 3",
        "drop table gone",
    ]
    branch = build(lake, schema, statements)
    made = publish(lake, branch, "two tables", {"manifest.json": manifest})

    assert history(lake) == [made.hash, *before]
    assert made == releases(lake)[0]
    assert (made.live, made.run_id, made.message) == (True, branch.run_id, "two tables")
    assert made.tables == (f"{schema}.a", f"{schema}.b", f"{schema}.gone")
    assert column(lake, f"{schema}.b") == [2, 3]
    assert release_file(lake, "live", "manifest.json") == b'{"nodes": {}}'
    assert release_file(lake, made.tag, "manifest.json") == b'{"nodes": {}}'
    with pytest.raises(LakeError, match=r"has no summary\.json"):
        release_file(lake, made.tag, "summary.json")
    assert not {branch.name, f"publish-{branch.run_id}"} & names(lake)
    assert "build" not in catalogs(lake)
    assert column(lake, f"{schema}.b", DEV) == [2, 3]


def test_a_second_build_that_wrote_the_same_table_is_refused_by_name(lake: Lake) -> None:
    schema = fresh_schema()
    first = build(lake, schema, ["create table t as select 1 as x"])
    second = build(
        lake, schema, ["create table t as select 2 as x", "create table u as select 1 x"]
    )
    # The fixed catalog shows the second branch; the first needs none to be published.
    publish(lake, first, "first", {})
    before = history(lake)
    with pytest.raises(MergeConflict, match=rf"changed {schema}\.t, which this build") as refused:
        publish(lake, second, "second", {})
    assert refused.value.tables == [f"{schema}.t"]
    assert history(lake) == before
    assert column(lake, f"{schema}.t") == [1]
    assert second.name in names(lake)
    drop_branch(lake, second)


def test_a_build_tested_beside_other_tables_than_those_published_now_is_refused(
    lake: Lake,
) -> None:
    schema = fresh_schema()
    first = build(lake, schema, ["create table t as select 1 as x"])
    second = build(lake, schema, ["create table u as select 1 as x"])
    publish(lake, first, "first", {})
    with pytest.raises(MergeConflict, match="was not tested with") as refused:
        publish(lake, second, "second", {})
    assert f"{schema}.t" in refused.value.tables
    drop_branch(lake, second)


def test_nessies_own_conflict_names_the_tables(lake: Lake) -> None:
    schema = fresh_schema()
    release(lake, schema, ["create table u as select 0 as x", "create table v as select 0 as x"])
    one = build(lake, schema, ["create table t as select 1 as x", "insert into v values 1"])
    two = build(
        lake,
        schema,
        ["create table t as select 2 as x", "insert into u values 2", "insert into v values 2"],
    )
    with Nessie.of(lake) as nessie, pytest.raises(MergeConflict) as refused:
        nessie.merge(nessie.get(two.name), nessie.get(one.name), "clash", {})
    assert refused.value.tables == [f"{schema}.t", f"{schema}.v"]
    drop_branch(lake, one)
    drop_branch(lake, two)


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ([], "changes no table"),
        (["create table t as select 1 as x", "create view v as select * from t"], "reads through"),
        (["create table t__dbt_tmp as select 1 as x"], "did not finish"),
        (["create table t__dbt_backup as select 1 as x"], "did not finish"),
    ],
)
def test_what_must_not_be_published_is_refused(
    lake: Lake, statements: list[str], said: str
) -> None:
    before = history(lake)
    branch = build(lake, fresh_schema(), statements)
    with pytest.raises(LakeError, match=said):
        publish(lake, branch, "must not", {})
    assert history(lake) == before
    drop_branch(lake, branch)


def test_a_view_breaks_when_the_catalog_it_was_made_in_goes(lake: Lake) -> None:
    """Why views are refused: even one that names no catalog reads through the build's."""
    schema = fresh_schema()
    branch = build(
        lake, schema, ["create table t as select 1 as x", "create view v as select x from t"]
    )
    query(lake, f"create schema {DEV}.{schema}")
    with Nessie.of(lake) as nessie:
        dev = nessie.get(DEV)
        merged = nessie.merge(nessie.get(branch.name), dev, "views", {"mesh.test": [schema]})
        assert column(lake, f"{schema}.v", DEV) == [1]
        drop_branch(lake, branch)
        with pytest.raises(LakeError, match="Catalog 'build' not found"):
            column(lake, f"{schema}.v", DEV)
        nessie.assign(nessie.get(DEV), nessie.get(MAIN).hash)
    assert merged != dev.hash


REMADE = {
    "replaced": ["create or replace table t as select * from (values 10, 20) as v (x)"],
    "swapped by renames": [
        "create table t__new as select * from (values 10, 20) as v (x)",
        "alter table t rename to t__old",
        "alter table t__new rename to t",
        "drop table t__old",
    ],
    "dropped and created": [
        "drop table t",
        "create table t as select * from (values 10, 20) as v (x)",
    ],
    # What dbt-trino does for a model with a contract.
    "replaced empty, then filled": [
        "create or replace table t (x integer not null)",
        "insert into t select * from (values 10, 20) as v (x)",
    ],
    "merged into": [
        "merge into t using (values (1, 10), (9, 20)) as s (old, new) on t.x = s.old "
        "when matched then update set x = s.new when not matched then insert values (s.new)",
        "delete from t where x = 2",
    ],
}


@pytest.mark.parametrize("how", REMADE)
def test_a_table_remade_on_a_branch_takes_every_change_on_main_afterwards(
    lake: Lake, how: str
) -> None:
    schema = fresh_schema()
    release(lake, schema, ["create table t as select * from (values 1, 2) as v (x)"])
    release(lake, schema, REMADE[how])
    table = f"{schema}.t"
    assert column(lake, table) == [10, 20]
    write_to_main(lake, schema, "insert into t values 30")
    assert column(lake, table) == [10, 20, 30]
    write_to_main(lake, schema, "update t set x = 21 where x = 20", "delete from t where x = 10")
    assert column(lake, table) == [21, 30]
    again = ["create or replace table t as select x + 1 as x from t"]
    release(lake, schema, again)
    assert column(lake, table) == [22, 31]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_publishes_once(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, when: When
) -> None:
    schema = fresh_schema()
    at, changes = 1, 1
    while at <= changes:
        before, tags = history(lake), len(releases(lake))
        branch = build(lake, schema, [f"create or replace table t as select {at} as x"])
        wire = BreakingWire(at, when, lose)
        with monkeypatch.context() as patched:
            patched.setattr(Nessie, "of", through(wire))
            made = publish(lake, branch, f"change {at} lost", {})
        assert history(lake) == [made.hash, *before]
        assert len(releases(lake)) == tags + 1
        assert column(lake, f"{schema}.t") == column(lake, f"{schema}.t", DEV) == [at]
        assert not {branch.name, f"publish-{branch.run_id}"} & names(lake)
        at, changes = at + 1, wire.changes
    # staging made, merged, main set, staging dropped, tagged, branch dropped, dev set
    assert changes >= 7


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_publish_killed_at_any_step_leaves_old_or_new_and_the_next_one_works(
    lake: Lake, tmp_path: Path, when: When
) -> None:
    schema = fresh_schema()
    release(lake, schema, ["create table t as select 0 as x", "create table u as select 0 as x"])
    live, at, outcomes, left = 0, 1, set(), set()
    while True:
        before, tags = history(lake), len(releases(lake))
        remade = [f"create or replace table {name} as select {at} as x" for name in ("t", "u")]
        branch = build(lake, schema, remade)
        described = tmp_path / "branch.json"
        described.write_text(json.dumps(asdict(branch)))
        command = [sys.executable, lake_faults.__file__, str(described), str(at), when]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        vacate(branch.name)
        left |= {branch.name, f"publish-{branch.run_id}"}
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        moved = history(lake) != before
        outcomes.add(moved)
        live = at if moved else live
        assert column(lake, f"{schema}.t") == column(lake, f"{schema}.u") == [live]
        # Looking at the releases gives a cut-off publish its tag.
        assert len(releases(lake)) == tags + moved
        assert releases(lake)[0].live
        at += 1
    assert outcomes == {False, True}
    assert at >= 8
    clean(lake, timedelta(0))
    assert not left & names(lake)


def test_a_publish_without_its_tag_is_tagged_once(lake: Lake) -> None:
    schema = fresh_schema()
    made = release(lake, schema, ["create table t as select 1 as x"])
    with Nessie.of(lake) as nessie:
        nessie.delete(nessie.get(made.tag))
        head = next(nessie.log(MAIN, 1))
        tagged = tag_head(nessie, head)
        assert tagged is not None
        assert (tagged.name, tagged.hash) == (made.tag, made.hash)
        assert tag_head(nessie, head) == tagged
