"""Ready-to-run access to a table of the lake, one text for each tool.

The Python ones are complete programs for the toolset's environment (``.venv/bin/python``). They
take address and secrets from it, so that neither stands in a text that is copied around.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A table in a catalog, and the branch or release of the lake that it is read from."""

    catalog: str
    schema: str
    table: str
    reference: str

    @property
    def relation(self) -> str:
        """The table as SQL names it."""
        return f"{self.catalog}.{self.schema}.{self.table}"


def snippets(place: Place) -> dict[str, str]:
    """The access to a table by tool."""
    return {
        "trino-sql": f"select * from {place.relation} limit 10",  # noqa: S608  # text to read
        "trino-python": _trino(place),
        "pyiceberg": _pyiceberg(place),
        "duckdb": _duckdb(place),
    }


def _trino(place: Place) -> str:
    return f"""\
from mesh.core.settings import Lake
from mesh.lake.trino import connect

with connect(Lake.current()) as connection:
    cursor = connection.cursor()
    cursor.execute("select * from {place.relation} limit 10")
    for row in cursor.fetchall():
        print(row)
"""  # noqa: S608  # text to read


def _pyiceberg(place: Place) -> str:
    return f"""\
from mesh.core.settings import Lake
from mesh.lake.iceberg import load_table

table = load_table(Lake.current(), "{place.reference}", "{place.schema}.{place.table}")
print(table.scan(limit=10).to_arrow())
"""


def _duckdb(place: Place) -> str:
    return f"""\
from mesh.core.settings import Lake
from mesh.lake.iceberg import load_table

table = load_table(Lake.current(), "{place.reference}", "{place.schema}.{place.table}")
duck = table.scan().to_duckdb("{place.table}")
print(duck.sql("select count(*) as row_count from {place.table}"))
"""  # noqa: S608  # text to read
