"""The floor that the speed of landing is compared with: the same rows to bare Parquet files."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import csv, parquet

from mesh.landing.files import FILES


def write_bare(folder: Path, target: Path) -> int:
    """Read every file of an export with Arrow and write it as Parquet to a local folder.

    No checks, no content hash, no technical columns, no object store, no table: what remains is
    the work nobody can save. The compression is that of the landing tables.

    Returns:
        The number of rows.
    """
    rows = 0
    for file in FILES:
        options = csv.ConvertOptions(
            column_types=dict.fromkeys(file.header, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        )
        table = csv.read_csv(folder / file.name, convert_options=options)
        parquet.write_table(table, target / f"{file.stem}.parquet", compression="zstd")
        rows += table.num_rows
    return rows
