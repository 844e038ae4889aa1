"""Land a folder of Synthea CSV on a Nessie reference: every file or none.

Which batches a table holds stands in its properties (``mesh.batch.<id>``), written by the commit
that appends the rows. So the answer follows the branch: a batch of a branch that was never
published is unknown on main, and the next landing takes it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pyarrow as pa
from pyarrow.fs import S3FileSystem
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.table import CommitTableRequest, Table, Transaction

from mesh.core.errors import LakeError
from mesh.core.settings import Lake
from mesh.landing import erased, parquet, reader, tables
from mesh.landing.files import BATCH_ID, LOADED_AT, ROW_NUMBER, SOURCE_FILE, SourceFile
from mesh.landing.reader import Checked

BATCH_PROPERTY = "mesh.batch."
# Arrow parses and compresses in its own threads; two files at a time hide the waits for S3.
_WORKERS = 2


@dataclass(frozen=True)
class Landed:
    """What became of one file.

    Attributes:
        table: The landing table, as ``schema.table``.
        domain: Its owner.
        file: Name of the source file.
        rows: Data rows of the file.
        batch_id: Identity of the file's content.
        skipped: The table already held this batch; nothing was written.
        loaded_at: When the batch was landed, now or earlier.
    """

    table: str
    domain: str
    file: str
    rows: int
    batch_id: str
    skipped: bool
    loaded_at: datetime


@dataclass(frozen=True)
class _Sink:
    """Where batches go: the catalog, the object store, and what was written there so far."""

    catalog: RestCatalog
    store: S3FileSystem
    stop: Event
    written: list[parquet.Written]
    erased: frozenset[bytes]
    """Digests of the people whose rows are left out."""


@dataclass(frozen=True)
class _Batch:
    """One file on its way into its table."""

    checked: Checked
    table: Table | None
    loaded_at: datetime


def land(lake: Lake, ref: str, folder: Path, *, now: datetime | None = None) -> list[Landed]:
    """Append the batches of ``folder`` that the reference does not hold, in one commit.

    Args:
        lake: Where to.
        ref: A Nessie branch.
        folder: A Synthea 3.3.0 CSV export; it is not changed.
        now: The time of the landing; the clock's by default.

    Returns:
        One entry per file, in the order of ``FILES``.

    Raises:
        InputError: A file is not what it should be; nothing was landed.
        LakeError: Nessie or S3 refused, or another landing was faster; nothing was landed.
    """
    found = reader.find_files(folder)
    with ThreadPoolExecutor(_WORKERS) as pool:
        checked = list(pool.map(lambda pair: reader.check(pair[1], pair[0]), found))
        catalog = tables.open_catalog(lake, ref)
        with tables.translated(ref):
            known = tables.load_tables(catalog, [file.table for file, _ in found], pool)
        loaded_at = next_time(now or datetime.now(UTC), [t for t in known.values() if t])
        batches = [_Batch(each, known[each.file.table], loaded_at) for each in checked]
        fresh = [batch for batch in batches if not _earlier(batch)]
        if fresh:
            _append(catalog, ref, fresh, erased.listed(lake, ref), pool)
    return [_landed(batch) for batch in batches]


def next_time(now: datetime, known: list[Table]) -> datetime:
    """The time of a new landing: now, or just after the last one if the clock was put back."""
    earlier = [
        datetime.fromisoformat(record["loaded_at"])
        for table in known
        for record in batch_records(table).values()
    ]
    return max([now, *(time + timedelta(microseconds=1) for time in earlier)])


def batch_records(table: Table) -> dict[str, dict[str, str]]:
    """The batches that a table holds: per batch id its ``file``, ``rows`` and ``loaded_at``."""
    return {
        key.removeprefix(BATCH_PROPERTY): json.loads(value)
        for key, value in table.properties.items()
        if key.startswith(BATCH_PROPERTY)
    }


def _earlier(batch: _Batch) -> dict[str, str] | None:
    """The record of the landing that brought this batch, if there was one."""
    return batch_records(batch.table).get(batch.checked.batch_id) if batch.table else None


def _landed(batch: _Batch) -> Landed:
    file, earlier = batch.checked.file, _earlier(batch)
    return Landed(
        table=file.table,
        domain=file.domain,
        file=file.name,
        rows=batch.checked.rows,
        batch_id=batch.checked.batch_id,
        skipped=earlier is not None,
        loaded_at=datetime.fromisoformat(earlier["loaded_at"]) if earlier else batch.loaded_at,
    )


def _append(
    catalog: RestCatalog,
    ref: str,
    fresh: list[_Batch],
    people: frozenset[bytes],
    pool: ThreadPoolExecutor,
) -> None:
    """Write the data files of all batches, then commit them together."""
    sink = _Sink(catalog, tables.filesystem(catalog.properties), Event(), [], people)
    # Largest first, so that no long one is left for the end.
    fresh = sorted(fresh, key=lambda batch: -batch.checked.stamp[0])
    try:
        with tables.translated(ref):
            changes = list(pool.map(lambda batch: _change(sink, batch), fresh))
            tables.make_namespaces(catalog, {each.checked.file.namespace for each in fresh})
        tables.commit(catalog, ref, changes)
    except tables.UnknownOutcome:
        raise
    except BaseException:
        sink.stop.set()
        pool.shutdown(cancel_futures=True)
        parquet.remove(sink.written, sink.store)
        raise


def _change(sink: _Sink, batch: _Batch) -> CommitTableRequest:
    """Write one batch's data and prepare the change that makes its table refer to it."""
    checked = batch.checked
    transaction = _begin(sink.catalog, batch)
    written = parquet.Written()
    sink.written.append(written)
    parquet.write_batch(
        _without_erased(_with_technical_columns(batch, sink.stop), checked.file, sink.erased),
        metadata=transaction.table_metadata,
        batch_id=checked.batch_id,
        store=sink.store,
        written=written,
    )
    if written.files:
        summary = {"mesh.batch-id": checked.batch_id, "mesh.source-file": checked.file.name}
        with transaction.update_snapshot(snapshot_properties=summary).merge_append() as append:
            for data_file in written.files:
                append.append_data_file(data_file)
    record = {"file": checked.file.name, "rows": checked.rows, "loaded_at": batch.loaded_at}
    transaction.set_properties({BATCH_PROPERTY + checked.batch_id: json.dumps(record, default=str)})
    return tables.change(checked.file.table, transaction, batch.table)


def _without_erased(
    batches: Iterator[pa.RecordBatch], file: SourceFile, people: frozenset[bytes]
) -> Iterator[pa.RecordBatch]:
    """The batches without the rows of people who were erased; row numbers stay the file's."""
    for batch in batches:
        kept = erased.without(batch, file, people)
        if kept.num_rows:
            yield kept


def _begin(catalog: RestCatalog, batch: _Batch) -> Transaction:
    """A transaction on the batch's table, which it makes if it is not there."""
    file = batch.checked.file
    schema = tables.landing_schema(file)
    if batch.table is None:
        comment = f"{file.name} of Synthea as text, as it came; owner: {file.domain}"
        return tables.stage(catalog, file.table, schema, tables.batch_partitions(schema), comment)
    present = batch.table.schema()
    if present.column_names != schema.column_names:
        raise LakeError(
            f"{file.table} has other columns than {file.name}",
            expected=", ".join(schema.column_names),
            hint="it was made by another version: drop the table, or land on another branch",
        )
    return batch.table.transaction()


def _with_technical_columns(batch: _Batch, stop: Event) -> Iterator[pa.RecordBatch]:
    """The rows of a file with where and when they came from."""
    checked = batch.checked
    batch_id = pa.scalar(checked.batch_id)
    source = pa.scalar(checked.file.name)
    loaded_at = pa.scalar(batch.loaded_at, pa.timestamp("us", tz="UTC"))
    first = 1
    for rows in reader.read(checked):
        if stop.is_set():
            return
        count = rows.num_rows
        technical = {
            BATCH_ID: pa.repeat(batch_id, count),
            SOURCE_FILE: pa.repeat(source, count),
            ROW_NUMBER: pa.arange(first, first + count),
            LOADED_AT: pa.repeat(loaded_at, count),
        }
        yield pa.RecordBatch.from_arrays(
            [*rows.columns, *technical.values()], names=[*rows.schema.names, *technical]
        )
        first += count
