"""Sample queries: those that the contracts hold, and what is kept of how they were answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from mesh.contracts.model import Contract
from mesh.core.errors import MeshError

FILE = "samples.json"
"""Name of the file that holds the answers, beside the other files of a release."""


@dataclass(frozen=True)
class SampleQuery:
    """A question to a product; ``role`` is who asks it."""

    address: str
    name: str
    question: str
    role: str
    sql: str

    @property
    def key(self) -> tuple[str, str]:
        """What names it: the address of its product and its own name."""
        return self.address, self.name

    @property
    def digest(self) -> str:
        """What changes with its text or with who asks it."""
        return hashlib.sha256(f"{self.role}\0{self.sql}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Answer:
    """How a query was answered; it holds no value of a row.

    Attributes:
        digest: That of the query as it was asked.
        role: Who asked; empty for the service account.
        asked_at: When, in UTC.
        seconds: Wall time until the last row was there.
        columns: (name, type) of each column of the result.
        rows: The number of its rows in words, see :func:`row_class`.
        fault: Why there is no result, empty where there is one.
    """

    digest: str
    role: str
    asked_at: datetime
    seconds: float
    columns: tuple[tuple[str, str], ...] = ()
    rows: str = ""
    fault: str = ""


Answers = Mapping[tuple[str, str], Answer]
"""Answers by the address of the product and the name of the query."""


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


def row_class(rows: int) -> str:
    """A number of rows in words that tell the size and no figure.

    A row may be a person, so 1 to 10 are one class: the limit of CMS's cell size suppression
    policy, which publishes zero and hides 1 to 10.
    """
    if not rows:
        return "no rows"
    for limit, words in (
        (10, "1 to 10 rows"),
        (100, "11 to 100 rows"),
        (1000, "101 to 1,000 rows"),
    ):
        if rows <= limit:
            return words
    return "more than 1,000 rows"


def faults(answers: Answers) -> Iterator[str]:
    """The queries that were not answered, each as a sentence."""
    for (address, name), answer in sorted(answers.items()):
        if answer.fault:
            asked = f" as {answer.role}" if answer.role else ""
            yield f"{address}: {name}{asked}: {answer.fault}"


def answers_to_json(answers: Answers) -> str:
    """The answers as the text of :data:`FILE`."""
    entries = [
        {
            "product": address,
            "name": name,
            **asdict(answer),
            "asked_at": answer.asked_at.isoformat(),
            "columns": [{"name": column, "type": kind} for column, kind in answer.columns],
        }
        for (address, name), answer in sorted(answers.items())
    ]
    return json.dumps({"samples": entries}, indent=2) + "\n"


def answers_from_json(text: str | bytes) -> dict[tuple[str, str], Answer]:
    """The answers in such a text.

    Raises:
        MeshError: It was written by another version.
    """
    try:
        return {
            (str(entry["product"]), str(entry["name"])): Answer(
                digest=str(entry["digest"]),
                role=str(entry["role"]),
                asked_at=datetime.fromisoformat(entry["asked_at"]),
                seconds=float(entry["seconds"]),
                columns=tuple((str(c["name"]), str(c["type"])) for c in entry["columns"]),
                rows=str(entry["rows"]),
                fault=str(entry["fault"]),
            )
            for entry in json.loads(text)["samples"]
        }
    except (ValueError, KeyError, TypeError) as error:
        raise MeshError(
            f"the answers to the sample queries cannot be read: {error!r}",
            where=FILE,
            expected='{"samples": [{"product": …, "name": …, "columns": […], "rows": …}]}',
        ) from error
