"""Landing on real branches: every row once, whatever comes again, late, corrected or at once."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from pyarrow.fs import FileSelector

from mesh.core.errors import InputError, LakeError
from mesh.core.settings import Lake
from mesh.lake.nessie import Nessie
from mesh.landing import tables
from mesh.landing.files import FILES, MEASURED
from mesh.landing.land import Landed, land
from tests.stack.lake_parts import head
from tests.stack.landing_parts import empty_branch
from tests.unit.landing.exports import PATIENTS, row_of, write_export, write_rows

pytestmark = pytest.mark.stack

FIRST = [row_of(PATIENTS, "p1"), row_of(PATIENTS, "p2")]
SECOND = [[*row_of(PATIENTS, "p1")[:-1], "corrected"], row_of(PATIENTS, "p3")]


@pytest.fixture
def ref(lake: Lake) -> Iterator[str]:
    """A branch with nothing on it."""
    with empty_branch(lake) as name:
        yield name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_export(tmp_path / "export", {"patients": FIRST})


def rows_in(lake: Lake, ref: str, table: str = PATIENTS.table) -> list[dict[str, Any]]:
    found = tables.load_table(tables.open_catalog(lake, ref), table)
    if found is None:
        return []
    rows: list[dict[str, Any]] = found.scan().to_arrow().to_pylist()
    return sorted(rows, key=lambda row: (row["_loaded_at"], row["_row_number"]))


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def of_patients(landed: list[Landed]) -> Landed:
    return next(each for each in landed if each.table == PATIENTS.table)


def data_files(lake: Lake) -> set[str]:
    store = tables.filesystem(tables.open_catalog(lake, "main").properties)
    found = store.get_file_info(FileSelector(lake.bucket, recursive=True))
    return {file.path for file in found if file.path.endswith(".parquet")}


def test_every_cell_arrives_with_where_it_came_from(lake: Lake, ref: str, folder: Path) -> None:
    before = datetime.now(UTC)
    landed = land(lake, ref, folder)
    assert [each.file for each in landed] == [file.name for file in FILES]
    assert not any(each.skipped for each in landed)
    for file, each in zip(FILES, landed, strict=True):
        with (folder / file.name).open(newline="", encoding="utf-8") as text:
            expected = list(csv.reader(text))[1:]
        rows = rows_in(lake, ref, file.table)
        assert [[row[name] or "" for name in file.columns] for row in rows] == expected
        assert [row["_row_number"] for row in rows] == list(range(1, len(expected) + 1))
        assert {row["_source_file"] for row in rows} == {file.name}
        assert {row["_batch_id"] for row in rows} == {each.batch_id}
        assert {row["_loaded_at"] for row in rows} == {landed[0].loaded_at}
    assert before <= landed[0].loaded_at <= datetime.now(UTC)


def test_no_bound_of_a_cell_stands_in_what_describes_a_table(
    lake: Lake, ref: str, folder: Path
) -> None:
    land(lake, ref, folder)
    table = tables.load_table(tables.open_catalog(lake, ref), PATIENTS.table)
    assert table is not None
    (file,) = table.inspect.files().to_pylist()
    names = {table.schema().find_column_name(key) for key, _ in file["lower_bounds"]}
    assert names == set(MEASURED)


def test_a_landing_is_one_commit_beside_its_schemas(lake: Lake, ref: str, folder: Path) -> None:
    land(lake, ref, folder)
    with Nessie.of(lake) as nessie:
        first, *rest = [commit.message for commit in nessie.log(ref)]
    assert f"{len(FILES)} operations" in first
    assert len(rest) == len({file.namespace for file in FILES})
    assert all("namespace" in message for message in rest)


def test_the_same_batch_again_changes_nothing(lake: Lake, ref: str, folder: Path) -> None:
    first = land(lake, ref, folder)
    before = head(lake, ref)
    again = land(lake, ref, folder)
    assert again == [replace(each, skipped=True) for each in first]
    assert head(lake, ref) == before


def test_a_later_batch_is_added_and_an_earlier_one_is_still_known(
    lake: Lake, ref: str, folder: Path
) -> None:
    first = land(lake, ref, folder)
    write_rows(folder, PATIENTS, SECOND)
    second = land(lake, ref, folder)
    assert [each.table for each in second if not each.skipped] == [PATIENTS.table]
    assert of_patients(second).loaded_at > of_patients(first).loaded_at
    rows = rows_in(lake, ref)
    assert ids(rows) == ["p1", "p2", "p1", "p3"]
    assert rows[2]["income"] == "corrected"
    before = head(lake, ref)
    write_rows(folder, PATIENTS, FIRST)
    assert of_patients(land(lake, ref, folder)) == replace(of_patients(first), skipped=True)
    assert head(lake, ref) == before


def test_a_file_without_rows_makes_its_table_and_is_known(
    lake: Lake, ref: str, folder: Path
) -> None:
    write_rows(folder, PATIENTS, [])
    assert of_patients(land(lake, ref, folder)).rows == 0
    assert tables.load_table(tables.open_catalog(lake, ref), PATIENTS.table) is not None
    assert rows_in(lake, ref) == []
    assert of_patients(land(lake, ref, folder)).skipped
    write_rows(folder, PATIENTS, FIRST)
    land(lake, ref, folder)
    assert ids(rows_in(lake, ref)) == ["p1", "p2"]


def test_time_goes_on_when_the_clock_is_put_back(lake: Lake, ref: str, folder: Path) -> None:
    noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
    land(lake, ref, folder, now=noon)
    write_rows(folder, PATIENTS, SECOND)
    second = land(lake, ref, folder, now=noon - timedelta(hours=1))
    assert of_patients(second).loaded_at == noon + timedelta(microseconds=1)
    assert rows_in(lake, ref)[-1]["_loaded_at"] == noon + timedelta(microseconds=1)


def test_a_batch_of_a_branch_that_failed_is_landed_by_the_next(
    lake: Lake, ref: str, folder: Path
) -> None:
    land(lake, ref, folder)
    write_rows(folder, PATIENTS, SECOND)
    with Nessie.of(lake) as nessie:
        published = nessie.get(ref).hash
        failed, following = f"{ref}-failed", f"{ref}-following"
        nessie.create(failed, "BRANCH", published)
        assert not of_patients(land(lake, failed, folder)).skipped
        assert ids(rows_in(lake, ref)) == ["p1", "p2"]
        nessie.create(following, "BRANCH", published)
        assert not of_patients(land(lake, following, folder)).skipped
        assert ids(rows_in(lake, following)) == ["p1", "p2", "p1", "p3"]
        nessie.merge(nessie.get(following), nessie.get(ref), "publish", {})
        assert ids(rows_in(lake, ref)) == ["p1", "p2", "p1", "p3"]
        assert of_patients(land(lake, ref, folder)).skipped
        for name in (failed, following):
            nessie.delete(nessie.get(name))


def test_a_bad_file_lands_nothing_and_leaves_nothing(lake: Lake, ref: str, folder: Path) -> None:
    before, stored = head(lake, ref), data_files(lake)
    supplies = folder / "supplies.csv"
    # Their commas even out, so that only parsing, when others are written, finds these rows.
    supplies.write_text(supplies.read_text() + "1,2,3,4,5\n1,2,3,4,5,6,7\n")
    with pytest.raises(InputError) as caught:
        land(lake, ref, folder)
    assert caught.value.where == f"{supplies}:3"
    assert head(lake, ref) == before
    assert data_files(lake) == stored


def test_of_two_landings_at_once_one_is_refused(
    lake: Lake, ref: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(lake, ref, folder)
    write_rows(folder, PATIENTS, SECOND)
    commit = tables.commit

    def after_another(*arguments: Any) -> None:
        monkeypatch.setattr(tables, "commit", commit)
        land(lake, ref, folder)
        commit(*arguments)

    stored = data_files(lake)
    monkeypatch.setattr(tables, "commit", after_another)
    with pytest.raises(LakeError, match="another landing changed the tables"):
        land(lake, ref, folder)
    assert ids(rows_in(lake, ref)) == ["p1", "p2", "p1", "p3"]
    assert len(data_files(lake) - stored) == 1


def test_a_landing_whose_answer_is_lost_is_recognised(
    lake: Lake, ref: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = requests.post

    def lost(*arguments: Any, **options: Any) -> None:
        post(*arguments, **options).raise_for_status()
        raise requests.ConnectionError("the connection was reset")

    with monkeypatch.context() as patch:
        patch.setattr(requests, "post", lost)
        with pytest.raises(LakeError, match="may stand or not"):
            land(lake, ref, folder)
    assert all(each.skipped for each in land(lake, ref, folder))
    assert ids(rows_in(lake, ref)) == ["p1", "p2"]


def test_an_unknown_reference_is_named(lake: Lake, folder: Path) -> None:
    with pytest.raises(LakeError, match="'landing-nowhere' not found"):
        land(lake, "landing-nowhere", folder)


def test_a_silent_nessie_is_named(lake: Lake, ref: str, folder: Path) -> None:
    away = replace(lake, nessie_uri="http://127.0.0.1:9")
    with pytest.raises(LakeError, match="Nessie does not answer"):
        land(away, ref, folder)


def test_a_silent_store_lands_nothing(lake: Lake, ref: str, folder: Path) -> None:
    before = head(lake, ref)
    with pytest.raises(LakeError, match="the object store refused"):
        land(replace(lake, s3_secret_key="wrong"), ref, folder)
    assert head(lake, ref) == before
