"""Totals straight from the CSV files, with Arrow: an account that shares no code with dbt."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv


class Files:
    """A folder of Synthea CSV, every column as text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> pa.Table:
        """The rows of ``name``.csv; an empty cell is NULL."""
        path = self.folder / f"{name}.csv"
        with path.open(encoding="utf-8") as file:
            header = file.readline().strip().split(",")
        options = csv.ConvertOptions(
            column_types={column: pa.string() for column in header},
            strings_can_be_null=True,
            null_values=[""],
        )
        parsing = csv.ParseOptions(newlines_in_values=True)
        return csv.read_csv(path, convert_options=options, parse_options=parsing)

    def rows(self, name: str) -> int:
        """Number of data rows."""
        return int(self.read(name).num_rows)

    def distinct(self, name: str, column: str) -> int:
        """Number of different values of a column."""
        return int(pc.count_distinct(self.read(name)[column]).as_py())

    def total(self, name: str, column: str, **where: str) -> Decimal:
        """Exact sum of a column of decimals over the rows that agree with ``where``."""
        table = self.read(name)
        for key, value in where.items():
            table = table.filter(pc.equal(table[key], value))
        amounts = pc.cast(table[column].drop_null(), pa.decimal128(18, 2))
        found = pc.sum(pc.cast(amounts, pa.decimal128(38, 2))).as_py()
        return Decimal(found or 0)

    def seconds(self, name: str, start: str, stop: str) -> int:
        """Sum over all rows of the seconds from ``start`` to ``stop``."""
        table = self.read(name)
        kind = pa.timestamp("s", tz="UTC")
        began = pc.cast(pc.cast(table[start], kind), pa.int64())
        ended = pc.cast(pc.cast(table[stop], kind), pa.int64())
        return int(pc.sum(pc.subtract(ended, began)).as_py())
