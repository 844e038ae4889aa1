"""Takes a person's rows out of the landing tables of a branch, file by file in bounded memory.

Iceberg's deletes of rows leave the old file in place beside a list of what is deleted. Here every
file that holds the person is written anew without them, and the old one becomes garbage.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet as pq
from pyarrow.fs import S3FileSystem
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.manifest import DataFile
from pyiceberg.table import CommitTableRequest, Table

from mesh.core.settings import Lake
from mesh.landing import parquet, tables
from mesh.landing.files import FILES, SourceFile

_BATCH_ROWS = 65_536


def rows_of(lake: Lake, ref: str, identifier: str) -> dict[str, int]:
    """The number of rows about a person in each landing table that has any."""
    catalog = tables.open_catalog(lake, ref)
    counts = {}
    with tables.translated(ref):
        store = tables.filesystem(catalog.properties)
        for file, table in _tables(catalog):
            found = sum(_count(store, each, file, identifier) for each in _files(table))
            if found:
                counts[file.table] = found
    return counts


def take_out(lake: Lake, ref: str, identifier: str) -> dict[str, int]:
    """Rewrite every landing table of a branch without a person, in one commit.

    Returns:
        The rows taken out, by table.
    """
    catalog = tables.open_catalog(lake, ref)
    changes, counts = [], {}
    with tables.translated(ref):
        store = tables.filesystem(catalog.properties)
        for file, table in _tables(catalog):
            held = [(each, _count(store, each, file, identifier)) for each in _files(table)]
            held = [(each, count) for each, count in held if count]
            if held:
                counts[file.table] = sum(count for _, count in held)
                changes.append(_change(store, file, table, [each for each, _ in held], identifier))
    if changes:
        tables.commit(catalog, ref, changes)
    return counts


def _tables(catalog: RestCatalog) -> Iterator[tuple[SourceFile, Table]]:
    for file in FILES:
        if file.subject_column and (table := tables.load_table(catalog, file.table)):
            yield file, table


def _files(table: Table) -> list[DataFile]:
    return [task.file for task in table.scan().plan_files()]


def _count(store: S3FileSystem, held: DataFile, file: SourceFile, identifier: str) -> int:
    with store.open_input_file(_path(held)) as stream:
        found = 0
        for batch in pq.ParquetFile(stream).iter_batches(
            _BATCH_ROWS, columns=[file.subject_column]
        ):
            found += pc.sum(pc.equal(batch.column(0), identifier)).as_py() or 0
    return found


def _change(
    store: S3FileSystem, file: SourceFile, table: Table, held: list[DataFile], identifier: str
) -> CommitTableRequest:
    transaction = table.transaction()
    written = parquet.Written()
    for each in held:
        parquet.write_batch(
            _others(store, each, file, identifier),
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
    store: S3FileSystem, held: DataFile, file: SourceFile, identifier: str
) -> Iterator[pa.RecordBatch]:
    column = file.subject_column
    with store.open_input_file(_path(held)) as stream:
        for batch in pq.ParquetFile(stream).iter_batches(_BATCH_ROWS):
            others = pc.fill_null(pc.not_equal(batch.column(column), identifier), True)
            kept = batch.filter(others)
            if kept.num_rows:
                yield kept


def _path(held: DataFile) -> str:
    return str(held.file_path).partition("://")[2]
