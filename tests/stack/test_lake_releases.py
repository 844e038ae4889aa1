"""Rolling back and forward, and what a release is, on the real lake."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from mesh.core.errors import LakeError, Locked
from mesh.core.settings import Lake
from mesh.lake.branches import attach
from mesh.lake.catalogs import drop_catalog
from mesh.lake.lock import publisher_lock
from mesh.lake.names import DEV, MAIN, release_number
from mesh.lake.nessie import Nessie
from mesh.lake.publish import publish
from mesh.lake.releases import find_release, release_file, releases, rollback
from mesh.lake.trino import query
from tests.stack.lake_faults import BreakingWire, When, lose, through
from tests.stack.lake_parts import build, column, fresh_schema, release, write_to_main

pytestmark = pytest.mark.stack


def content(lake: Lake, schema: str, catalog: str | None = None) -> dict[str, list[object]]:
    """Every table of the schema with its rows, as published."""
    shown = catalog or lake.catalog
    tables = [str(row[0]) for row in query(lake, f"show tables from {shown}.{schema}")]
    return {table: column(lake, f"{schema}.{table}", shown) for table in sorted(tables)}


def test_a_rollback_restores_every_table_and_forward_is_possible(lake: Lake) -> None:
    schema = fresh_schema()
    first = release(
        lake, schema, ["create table kept as select 1 as x", "create table dropped as select 1 x"]
    )
    as_first = content(lake, schema)
    second = release(
        lake,
        schema,
        ["insert into kept values 2", "drop table dropped", "create table added as select 1 x"],
    )
    as_second = content(lake, schema)
    assert as_first == {"kept": [1], "dropped": [1]}
    assert as_second == {"kept": [1, 2], "added": [1]}

    done = rollback(lake)
    assert done.left is not None
    assert (done.left.tag, done.live.tag) == (second.tag, first.tag)
    assert content(lake, schema) == content(lake, schema, DEV) == as_first
    assert [one.tag for one in releases(lake) if one.live] == [first.tag]

    rollback(lake, second.tag)
    assert content(lake, schema) == content(lake, schema, DEV) == as_second
    again = rollback(lake, second.tag)
    assert again.left == again.live


def test_numbers_go_on_after_a_rollback_and_before_means_before_in_history(lake: Lake) -> None:
    schema = fresh_schema()
    one = release(lake, schema, ["create table t as select 1 as x"])
    release(lake, schema, ["insert into t values 2"])
    three = release(lake, schema, ["insert into t values 3"])
    rollback(lake, one.tag)
    four = release(lake, schema, ["insert into t values 4"])
    assert release_number(four.tag) == (release_number(three.tag) or 0) + 1
    assert column(lake, f"{schema}.t") == [1, 4]
    assert rollback(lake).live.tag == one.tag
    assert {one.tag, three.tag, four.tag} <= {known.tag for known in releases(lake)}
    rollback(lake, four.tag)


def test_a_build_opened_before_a_rollback_cannot_bring_back_what_was_left(lake: Lake) -> None:
    schema = fresh_schema()
    release(lake, schema, ["create table t as select 1 as x"])
    release(lake, schema, ["insert into t values 2"])
    branch = build(lake, schema, ["create table u as select count(*) as x from t"])
    rollback(lake)
    with pytest.raises(LakeError, match="moved since"):
        publish(lake, branch, "built on what was rolled back", {})
    assert content(lake, schema) == {"t": [1]}


def test_releases_that_are_not_there_are_named(lake: Lake) -> None:
    release(lake, fresh_schema(), ["create table t as select 1 as x"])
    with pytest.raises(LakeError, match="no release `release-9999`"):
        rollback(lake, "release-9999")
    with pytest.raises(LakeError, match="no release `main`"):
        rollback(lake, "main")
    with pytest.raises(LakeError, match=r"has no manifest\.json"):
        release_file(lake, "live", "manifest.json")


def test_a_rollback_waits_for_nobody_while_a_publisher_is_at_work(lake: Lake) -> None:
    with publisher_lock("somebody"), pytest.raises(Locked, match="somebody"):
        rollback(lake)


def test_commits_of_no_release_are_kept_when_a_rollback_leaves_them(lake: Lake) -> None:
    schema = fresh_schema()
    made = release(lake, schema, ["create table t as select 1 as x"])
    write_to_main(lake, schema, "insert into t values 2")
    assert not [one for one in releases(lake) if one.live]
    with pytest.raises(LakeError, match="no release is live"):
        find_release(lake, "live")
    done = rollback(lake)
    assert (done.left, done.live.tag) == (None, made.tag)
    assert column(lake, f"{schema}.t") == [1]
    assert done.kept_as is not None
    shown = attach(lake, done.kept_as)
    assert column(lake, f"{schema}.t", shown) == [1, 2]
    drop_catalog(lake, shown)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_rolls_back_all_the_same(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, when: When
) -> None:
    schema = fresh_schema()
    release(lake, schema, ["create table t as select 1 as x"])
    second = release(lake, schema, ["insert into t values 2"])
    for at in (1, 2):
        with monkeypatch.context() as patched:
            patched.setattr(Nessie, "of", through(BreakingWire(at, when, lose)))
            rollback(lake)
        assert column(lake, f"{schema}.t") == column(lake, f"{schema}.t", DEV) == [1]
        rollback(lake, second.tag)


@dataclass
class Model:
    """What should be live: the content of every release, and the history main has."""

    contents: dict[str, dict[str, list[object]]] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    live: str | None = None


def test_any_order_of_publishes_and_rollbacks_keeps_main_at_the_live_release(lake: Lake) -> None:
    dice = random.Random(20260101)
    schema, model = fresh_schema(), Model()
    for turn in range(12):
        move = dice.choice(["publish", "publish", "back", "to"]) if model.live else "publish"
        if move == "back" and model.parents[str(model.live)]:
            rollback(lake)
            model.live = model.parents[str(model.live)]
        elif move == "to":
            model.live = dice.choice(list(model.contents))
            rollback(lake, model.live)
        else:
            table = dice.choice("abc")
            made = release(
                lake,
                schema,
                [
                    f"create table if not exists {table} (x integer)",
                    dice.choice(
                        [
                            f"insert into {table} values {turn}",
                            f"create or replace table {table} as select {turn} as x",
                        ]
                    ),
                ],
            )
            model.parents[made.tag], model.live = model.live, made.tag
            model.contents[made.tag] = content(lake, schema)
            assert turn in model.contents[made.tag][table]
        assert [one.tag for one in releases(lake) if one.live] == [model.live]
        assert content(lake, schema) == model.contents[str(model.live)], (turn, move)
        assert content(lake, schema, DEV) == model.contents[str(model.live)], (turn, move)
    with Nessie.of(lake) as nessie:
        assert nessie.get(MAIN).hash == find_release(lake, "live").hash
    for tag, expected in list(model.contents.items())[:3]:
        shown = attach(lake, tag)
        assert content(lake, schema, shown) == expected
        drop_catalog(lake, shown)
