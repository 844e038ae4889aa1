"""Takes a person's rows out of the landing tables of a branch, file by file in bounded memory.

Iceberg's deletes of rows leave the old file in place beside a list of what is deleted. Here every
file that holds the person is written anew without them, and the old one becomes garbage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial, reduce

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet as pq
from pyarrow.fs import S3FileSystem
from pyiceberg.manifest import DataFile
from pyiceberg.table import CommitTableRequest, Table

from mesh.core.settings import Lake
from mesh.landing import erased, parquet, tables
from mesh.landing.files import FILES, SourceFile

_BATCH_ROWS = 65_536


def rows_of(lake: Lake, ref: str, identifier: str) -> dict[str, int]:
    """The number of rows about a person in each landing table that has any."""
    known = frozenset({erased.digest(identifier)})
    return {name: count for name, count, _ in _held(lake, ref, known, rows_only=True)}


def surnames_of(lake: Lake, ref: str, identifier: str) -> set[str]:
    """The family names of a person, by which rows about others may name them."""
    table = tables.load_table(tables.open_catalog(lake, ref), "patients_landing.synthea_patients")
    if table is None:
        return set()
    scan = table.scan(
        row_filter=tables.among("id", [identifier]), selected_fields=("last", "maiden")
    )
    rows = scan.to_arrow().to_pylist()
    return {name for row in rows for name in row.values() if name}


def take_out(lake: Lake, ref: str) -> dict[str, int]:
    """Rewrite every landing table of a branch without the people on its list, in one commit.

    Returns:
        The rows taken out or changed, by table.
    """
    catalog = tables.open_catalog(lake, ref)
    known = erased.listed(lake, ref)
    counts, changes = {}, []
    for name, count, change in _held(lake, ref, known, rows_only=False):
        counts[name] = count
        changes.append(change)
    if changes:
        tables.commit(catalog, ref, [change() for change in changes])
    return counts


def _held(
    lake: Lake, ref: str, known: frozenset[bytes], *, rows_only: bool
) -> Iterator[tuple[str, int, Callable[[], CommitTableRequest]]]:
    """Tables with people on the list: name, rows about or naming them, and how to rewrite it."""
    catalog = tables.open_catalog(lake, ref)
    with tables.translated(ref):
        store = tables.filesystem(catalog.properties)
        for file in FILES:
            table = tables.load_table(catalog, file.table) if file.subject_column else None
            if table is None:
                continue
            counted = [
                (each, _count(store, each, file, known, rows_only)) for each in _files(table)
            ]
            held = [each for each, count in counted if count]
            if held:
                change = partial(_change, store, file, table, held, known)
                yield file.table, sum(count for _, count in counted), change


def _files(table: Table) -> list[DataFile]:
    return [task.file for task in table.scan().plan_files()]


def _count(
    store: S3FileSystem, held: DataFile, file: SourceFile, known: frozenset[bytes], rows_only: bool
) -> int:
    """The rows of a data file about people on the list, or else also those that name one."""
    naming = None if rows_only else file.naming_column
    columns = [name for name in (file.subject_column, naming) if name]
    found = 0
    with store.open_input_file(_path(held)) as stream:
        for batch in pq.ParquetFile(stream).iter_batches(_BATCH_ROWS, columns=columns):
            masks = [erased.about(batch.column(0), known)]
            masks += [erased.naming(column, known) for column in batch.columns[1:]]
            listed = [mask for mask in masks if mask is not None]
            if listed:
                found += int(pc.sum(reduce(pc.or_, listed)).as_py() or 0)
    return found


def _change(
    store: S3FileSystem,
    file: SourceFile,
    table: Table,
    held: list[DataFile],
    known: frozenset[bytes],
) -> CommitTableRequest:
    transaction = table.transaction()
    written = parquet.Written()
    for each in held:
        parquet.write_batch(
            _others(store, each, file, known),
            metadata=transaction.table_metadata,
            batch_id=str(each.partition[0]),
            store=store,
            written=written,
        )
    with transaction.update_snapshot().overwrite() as overwrite:
        for each in held:
            overwrite.delete_data_file(each)
        for new in written.files:
            overwrite.append_data_file(new)
    return tables.change(file.table, transaction, table)


def _others(
    store: S3FileSystem, held: DataFile, file: SourceFile, known: frozenset[bytes]
) -> Iterator[pa.RecordBatch]:
    with store.open_input_file(_path(held)) as stream:
        for batch in pq.ParquetFile(stream).iter_batches(_BATCH_ROWS):
            kept = erased.without(batch, file, known)
            if kept.num_rows:
                yield kept


def _path(held: DataFile) -> str:
    return str(held.file_path).partition("://")[2]
