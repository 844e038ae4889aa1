"""Write a stream of record batches as the Parquet files of an Iceberg table, in bounded memory.

PyIceberg writes a stream only to unpartitioned tables and collects a whole data file in memory
first; here a file grows row group by row group.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from pyarrow import parquet
from pyarrow.fs import S3FileSystem
from pyiceberg.io.pyarrow import (
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
    schema_to_pyarrow,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.schema import Schema
from pyiceberg.table.locations import load_location_provider
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.typedef import Record

from mesh.landing.files import BATCH_ID, MEASURED

ROW_GROUP_BYTES = 32 << 20
FILE_BYTES = 128 << 20


@dataclass
class Written:
    """The data files of one batch; filled while they are written, to know what to remove."""

    paths: list[str] = field(default_factory=list)
    files: list[DataFile] = field(default_factory=list)


def write_batch(
    batches: Iterable[pa.RecordBatch],
    *,
    metadata: TableMetadata,
    batch_id: str,
    store: S3FileSystem,
    written: Written,
) -> None:
    """Write batches to as many files of about ``FILE_BYTES`` bytes as they need.

    Args:
        batches: Rows with the table's columns in order.
        metadata: The table, partitioned by the batch.
        batch_id: The partition's value.
        store: Where to write.
        written: Where to note the files; on an error it names those that are left behind.
    """
    arrow_schema = _arrow_schema(metadata.schema())
    places = load_location_provider(metadata.location, metadata.properties)
    groups = _row_groups(batches, arrow_schema)
    group = next(groups, None)
    while group is not None:
        name = f"{BATCH_ID}={batch_id}/{uuid.uuid4()}.parquet"
        path = places.new_data_location(name)
        written.paths.append(path)
        with store.open_output_stream(_key(path)) as sink:
            with parquet.ParquetWriter(
                sink, arrow_schema, compression="zstd", write_statistics=list(MEASURED)
            ) as writer:
                while group is not None and sink.tell() < FILE_BYTES:
                    writer.write_table(group)
                    group = next(groups, None)
            footer = writer.writer.metadata
            size = sink.tell()
        written.files.append(
            DataFile.from_args(
                content=DataFileContent.DATA,
                file_path=path,
                file_format=FileFormat.PARQUET,
                partition=Record(batch_id),
                file_size_in_bytes=size,
                spec_id=metadata.default_spec_id,
                sort_order_id=None,
                equality_ids=None,
                key_metadata=None,
                **_statistics(footer, metadata),
            )
        )


def remove(written: Iterable[Written], store: S3FileSystem) -> None:
    """Remove files that no table will refer to; what cannot be removed is left to the collector."""
    for each in written:
        for path in each.paths:
            try:
                store.delete_file(_key(path))
            except OSError:
                continue


def _key(path: str) -> str:
    return path.removeprefix("s3://")


def _arrow_schema(schema: Schema) -> pa.Schema:
    """The table's schema with the field ids that Iceberg wants in Parquet.

    PyIceberg asks for strings of 64-bit offsets; what the reader gives has 32-bit ones, and
    a row group never needs more.
    """
    fields = schema_to_pyarrow(schema)
    return pa.schema(
        field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field
        for field in fields
    )


def _row_groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Collect batches until they make a row group."""
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
        size += batch.nbytes
        if size >= ROW_GROUP_BYTES:
            yield pa.Table.from_batches(held)
            held, size = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _statistics(footer: parquet.FileMetaData, metadata: TableMetadata) -> dict[str, Any]:
    schema = metadata.schema()
    return data_file_statistics_from_parquet_metadata(
        parquet_metadata=footer,
        stats_columns=compute_statistics_plan(schema, metadata.properties),
        parquet_column_mapping=parquet_path_to_id_mapping(schema),
    ).to_serialized_dict()
