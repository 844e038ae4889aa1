"""What the reader gives is what the file says, for any content."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh.core.errors import InputError
from mesh.landing import reader
from mesh.landing.files import FILES
from tests.unit.landing.exports import (
    PATIENTS,
    SUPPLIES,
    header_of,
    row_of,
    write_export,
    write_rows,
)

WIDTH = len(SUPPLIES.header)


def rows_of(path: Path) -> list[tuple[str | None, ...]]:
    checked = reader.check(path, SUPPLIES)
    batches = list(reader.read(checked))
    rows = [tuple(row.values()) for batch in batches for row in batch.to_pylist()]
    assert len(rows) == checked.rows
    return rows


def with_nulls(rows: list[list[str]]) -> list[tuple[str | None, ...]]:
    return [tuple(cell or None for cell in row) for row in rows]


# Everything that UTF-8 can say except NUL, with what CSV treats specially made frequent.
cells = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
    st.text(alphabet='",\n\r \ta\u00e9\ufeff', max_size=8),
    st.sampled_from(["", " ", "NULL", "null", "NA", '"', '""', "#N/A", "0", "\ufeff"]),
)
tables = st.lists(st.lists(cells, min_size=WIDTH, max_size=WIDTH), max_size=20)


@settings(deadline=None, max_examples=200)
@given(
    rows=tables,
    minimal=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
)
def test_any_content_reads_as_python_reads_it(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    minimal: bool,
    end: str,
    mark: bool,
) -> None:
    # Before Python 3.13 the writer does not quote a carriage return on its own.
    bare = end == "\n" and any("\r" in cell for row in rows for cell in row)
    quoting = csv.QUOTE_MINIMAL if minimal and not bare else csv.QUOTE_ALL
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator=end)
    writer.writerow(SUPPLIES.header)
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("any") / SUPPLIES.name
    path.write_bytes(text.getvalue().encode("utf-8-sig" if mark else "utf-8"))
    assert rows_of(path) == with_nulls(rows)


@settings(deadline=None, max_examples=300)
@given(tail=st.text(alphabet='",\n\ra ', max_size=30))
def test_what_python_refuses_is_refused_and_what_it_reads_is_read(
    tmp_path_factory: pytest.TempPathFactory, tail: str
) -> None:
    text = header_of(SUPPLIES) + tail
    path = tmp_path_factory.mktemp("tail") / SUPPLIES.name
    path.write_bytes(text.encode())
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]
    except csv.Error:
        rows = [[]]
    regular = all(len(row) == WIDTH for row in rows) and text.endswith("\n")
    if regular:
        assert rows_of(path) == with_nulls(rows)
    else:
        with pytest.raises(InputError) as caught:
            rows_of(path)
        assert str(caught.value).startswith(f"{path}:")


def test_cells_around_the_borders_of_blocks_are_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader.faults, "MAX_ROW_BYTES", 1 << 12)
    monkeypatch.setattr(reader, "_PIECE_BYTES", 13)
    rows = [[f"é{i}" * (i % 7), "\n" * (i % 3), '"', ",", "", "x" * (i % 50)] for i in range(500)]
    assert rows_of(write_rows(tmp_path, SUPPLIES, rows)) == with_nulls(rows)


def test_a_file_with_only_its_header_has_no_rows(tmp_path: Path) -> None:
    assert rows_of(write_rows(tmp_path, SUPPLIES, [])) == []


def test_columns_are_named_in_lower_case_and_hold_text(tmp_path: Path) -> None:
    path = write_rows(tmp_path, PATIENTS, [row_of(PATIENTS, "1")])
    (batch,) = reader.read(reader.check(path, PATIENTS))
    assert batch.schema.names == [name.lower() for name in PATIENTS.header]
    assert set(batch.schema.types) == {pa.string()}


def test_the_batch_id_is_the_hash_of_the_bytes(tmp_path: Path) -> None:
    path = write_rows(tmp_path, SUPPLIES, [row_of(SUPPLIES, "1")])
    expected = hashlib.sha256(path.read_bytes()).hexdigest()
    assert reader.check(path, SUPPLIES).batch_id == expected[: reader.BATCH_ID_LENGTH]


def test_a_file_that_changes_between_check_and_read_is_refused(tmp_path: Path) -> None:
    path = write_rows(tmp_path, SUPPLIES, [row_of(SUPPLIES, "1")])
    checked = reader.check(path, SUPPLIES)
    write_rows(tmp_path, SUPPLIES, [row_of(SUPPLIES, "1"), row_of(SUPPLIES, "2")])
    with pytest.raises(InputError, match="changed while it was read"):
        list(reader.read(checked))


def test_a_file_that_vanishes_between_check_and_read_is_refused(tmp_path: Path) -> None:
    path = write_rows(tmp_path, SUPPLIES, [row_of(SUPPLIES, "1")])
    checked = reader.check(path, SUPPLIES)
    path.unlink()
    with pytest.raises(InputError, match="No such file"):
        list(reader.read(checked))


def test_an_export_has_its_files_in_order(tmp_path: Path) -> None:
    folder = write_export(tmp_path / "export")
    (folder / "notes.txt").write_text("not a table")
    assert [file for file, _ in reader.find_files(folder)] == list(FILES)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder") as caught:
        reader.find_files(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in str(caught.value)


def test_missing_files_are_named(tmp_path: Path) -> None:
    folder = write_export(tmp_path / "export")
    (folder / "claims.csv").unlink()
    with pytest.raises(InputError, match=r"the file claims\.csv is missing"):
        reader.find_files(folder)
    (folder / "payers.csv").unlink()
    with pytest.raises(InputError, match=r"the files claims\.csv, payers\.csv are missing"):
        reader.find_files(folder)


@pytest.mark.parametrize("name", ["patients (1).csv", "Patients.csv", "patients.CSV", "vitals.csv"])
def test_an_unexpected_csv_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_export(tmp_path / "export")
    (folder / name).write_bytes((folder / "patients.csv").read_bytes())
    with pytest.raises(InputError) as caught:
        reader.find_files(folder)
    assert name in caught.value.message
