"""Where the values come from: landed tables of a branch or release, or a folder of CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.io.pyarrow import ArrowScan
from pyiceberg.table import Table

from mesh.core.errors import InputError
from mesh.core.settings import Lake
from mesh.landing import tables as landing
from mesh.landing.faults import MAX_ROW_BYTES, find_row_fault, is_plain_name
from mesh.landing.files import BATCH_ID, BY_NAME
from mesh.privacy.values import patterns
from mesh.privacy.values.declared import SourceTable

MOST_ROWS = 5_000_000
"""Rows of a landed table that are read at most; of more, data files at even distances."""

Batches = Callable[[], Iterator[pa.RecordBatch]]


@dataclass(frozen=True)
class Located:
    """A table that can be read.

    Args:
        table: Its name and declarations.
        rows: Gives its rows that are to be looked at, columns in lower case.
        whole: Gives all of its rows, to know the people of.
    """

    table: SourceTable
    rows: Batches
    whole: Batches


def in_folder(folder: Path, declared: Mapping[str, SourceTable]) -> list[Located]:
    """The CSV files of a folder; one that no source declares has no declared column.

    Raises:
        InputError: There is no such folder, or no CSV file in it.
    """
    files = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    if not files:
        raise InputError("there are no CSV files", where=str(folder), expected="*.csv in it")
    found = []
    for path in files:
        known = BY_NAME.get(path.name)
        named = [known.table] if known else [n for n in declared if n.endswith(f".{path.stem}")]
        table = declared.get(named[0]) if len(named) == 1 else None
        read = _reader(path, table.columns if table else ())
        found.append(Located(table or SourceTable(path.stem.lower()), read, read))
    return found


def _reader(path: Path, known: Collection[str]) -> Batches:
    def read() -> Iterator[pa.RecordBatch]:
        header = _header(path, known)
        try:
            yield from arrow_csv.open_csv(
                path,
                read_options=arrow_csv.ReadOptions(
                    column_names=header, skip_rows=1, block_size=MAX_ROW_BYTES
                ),
                parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(header, pa.string()),
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        except pa.ArrowInvalid as error:
            if "Empty CSV" not in str(error):  # a header alone is a table without rows
                fault = find_row_fault(path, len(header), "it is no CSV of UTF-8 text")
                raise fault from None  # Arrow's words quote the row

    return read


def _header(path: Path, known: Collection[str]) -> list[str]:
    """The names of the columns in lower case; findings quote them, so no value may be among them.

    A cell that is no plain name or looks like a value becomes ``column N``. Where one looks like a
    value, the line is a row of values, and all cells do that no source declares.

    Args:
        path: The file.
        known: The columns that its source declares, in lower case.

    Raises:
        InputError: There are none, or one comes twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            cells = [cell.strip() for cell in next(csv.reader(text), [])]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the file cannot be read: {error}", where=str(path)) from error
    values = any(map(patterns.is_value, cells))
    header = [
        cell.lower()
        if cell.lower() in known or (is_plain_name(cell) and not values)
        else f"column {place}"
        for place, cell in enumerate(cells, start=1)
    ]
    if not header or len(set(header)) < len(header):
        raise InputError(
            "the header names no column, or one twice", where=f"{path}:1", expected="names"
        )
    return header


def in_lake(
    lake: Lake,
    ref: str,
    declared: Mapping[str, SourceTable],
    batches: Mapping[str, Sequence[str]] | None = None,
) -> list[Located]:
    """The landed tables of a branch or release that sources declare, but for secret keys.

    Args:
        lake: The lake.
        ref: Branch or release.
        declared: The tables of the project's sources.
        batches: Which batches of which tables are to be looked at; everything if None.

    Raises:
        LakeError: The lake does not answer, or there is no such reference.
    """
    catalog = landing.open_catalog(lake, ref)
    wanted = [each for each in declared.values() if not each.has_keys()]
    if batches is not None:
        wanted = [each for each in wanted if each.name in batches or each.holds_people()]
    with landing.translated(ref):
        return [found for each in wanted if (found := _located(catalog, ref, each, batches))]


def _located(
    catalog: RestCatalog,
    ref: str,
    table: SourceTable,
    batches: Mapping[str, Sequence[str]] | None,
) -> Located | None:
    loaded = landing.load_table(catalog, table.name)
    if loaded is None:
        return None
    whole = _scanner(loaded, ref, None)
    rows = _scanner(loaded, ref, batches.get(table.name, ())) if batches is not None else whole
    return Located(table, rows, whole)


def _scanner(table: Table, ref: str, batches: Sequence[str] | None) -> Batches:
    def read() -> Iterator[pa.RecordBatch]:
        if batches is not None and not batches:
            return
        chosen = landing.among(BATCH_ID, batches) if batches else AlwaysTrue()
        with landing.translated(ref):
            scan = table.scan(row_filter=chosen)
            files = sorted(scan.plan_files(), key=lambda task: task.file.file_path)
            total = sum(task.file.record_count for task in files)
            files = files[:: -(-total // MOST_ROWS) or 1]
            reader = ArrowScan(table.metadata, table.io, scan.projection(), chosen)
            for batch in reader.to_record_batches(files):
                yield batch.rename_columns([name.lower() for name in batch.schema.names])

    return read
