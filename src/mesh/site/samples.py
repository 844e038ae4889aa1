"""Sample queries: those that the contracts hold, and the shape of what they give."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mesh.contracts.model import Contract
from mesh.core.errors import MeshError

FILE = "samples.json"
"""Name of the file that holds the shapes of the results, beside the other files of a release."""


@dataclass(frozen=True)
class SampleQuery:
    """A question to a product; ``role`` is who asks it."""

    address: str
    name: str
    question: str
    role: str
    sql: str


@dataclass(frozen=True)
class Shape:
    """What a query gives: (name, type) of its columns, and its number of rows in words."""

    columns: tuple[tuple[str, str], ...]
    rows: str


def sample_queries(contracts: Iterable[Contract]) -> Iterator[SampleQuery]:
    """The sample queries of all products, each to be run as its role."""
    for contract in contracts:
        for raw in contract.sample_queries:
            yield SampleQuery(
                contract.address,
                str(raw.get("name") or ""),
                str(raw.get("question") or ""),
                str(raw.get("role") or ""),
                str(raw.get("sql") or "").strip(),
            )


def shape_of(description: Sequence[Sequence[object]], rows: int) -> Shape:
    """The shape of a result: (name, type, …) of each column as a cursor describes it, and rows."""
    return Shape(tuple((str(each[0]), str(each[1])) for each in description), row_class(rows))


def row_class(rows: int) -> str:
    """A number of rows in words that tell the size and no figure."""
    for limit, words in ((0, "no rows"), (1, "one row"), (10, "2 to 10 rows")):
        if rows <= limit:
            return words
    for limit, words in ((100, "11 to 100 rows"), (1000, "101 to 1,000 rows")):
        if rows <= limit:
            return words
    return "more than 1,000 rows"


def shapes_to_json(shapes: Mapping[tuple[str, str], Shape]) -> str:
    """The shapes as the text of :data:`FILE`."""
    entries = [
        {
            "product": address,
            "name": name,
            "columns": [{"name": column, "type": kind} for column, kind in shape.columns],
            "rows": shape.rows,
        }
        for (address, name), shape in sorted(shapes.items())
    ]
    return json.dumps({"samples": entries}, indent=2) + "\n"


def shapes_from_json(text: str | bytes) -> dict[tuple[str, str], Shape]:
    """The shapes in such a text.

    Raises:
        MeshError: It was written by another version.
    """
    try:
        return {
            (str(entry["product"]), str(entry["name"])): Shape(
                tuple((str(c["name"]), str(c["type"])) for c in entry["columns"]),
                str(entry["rows"]),
            )
            for entry in json.loads(text)["samples"]
        }
    except (ValueError, KeyError, TypeError) as error:
        raise MeshError(
            f"the shapes of the sample queries cannot be read: {error!r}",
            where=FILE,
            expected='{"samples": [{"product": …, "name": …, "columns": […], "rows": …}]}',
        ) from error
