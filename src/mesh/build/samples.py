"""Asks the sample queries of the contracts on the lake and keeps the shape of what they give.

After a publish each is asked as the account of its role, so under the access rules of a consumer.
Rows are counted and thrown away. What the engine says of a fault is kept only where it cannot
quote a value (:mod:`mesh.build.discreet`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.build.context import run_folder
from mesh.contracts.model import Contract
from mesh.contracts.project import read_contracts
from mesh.core.errors import InputError
from mesh.core.paths import ROOT
from mesh.core.settings import Lake
from mesh.site.samples import (
    FILE,
    Answer,
    Answers,
    SampleQuery,
    answers_from_json,
    answers_to_json,
    row_class,
    sample_queries,
)

if TYPE_CHECKING:
    from trino.dbapi import Cursor
    from trino.exceptions import TrinoQueryError

THREADS = 4
LONGEST = "60s"
"""What a query may take: an example that takes longer is none."""
BATCH = 1000
"""Rows that are held at a time while they are counted."""


def ask_as_roles(lake: Lake, contracts: Iterable[Contract]) -> Answers:
    """Ask each query of the published tables, as the role that it names.

    Raises:
        StackError: The lake is external, so the accounts of the roles are not known.
    """
    from mesh.access.accounts import as_role

    return _ask(contracts, lake.catalog, lambda role: (as_role(lake, role), role))


def ask_as_service(lake: Lake, contracts: Iterable[Contract], catalog: str) -> Answers:
    """Ask each query of the tables of a branch, which no role may read."""
    return _ask(contracts, catalog, lambda role: (lake, ""))


def keep(lake: Lake, release: str, root: Path = ROOT) -> Answers:
    """Ask each query as its role, and store the answers with the live release.

    Raises:
        MeshError: The accounts of the roles are not known, or the release takes no file.
    """
    from mesh.lake.files import put_files
    from mesh.lake.releases import find_release

    answers = ask_as_roles(lake, read_contracts(root)[0])
    run_id = find_release(lake, release).run_id
    path = run_folder(run_id) / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(answers_to_json(answers), encoding="utf-8")
    put_files(lake, run_id, {FILE: path})
    return answers


def kept(lake: Lake, release: str) -> Answers:
    """The answers that are stored with a release; none where there is no such file.

    Raises:
        MeshError: They were written by another version, or the lake does not answer.
    """
    from mesh.lake.files import find_file
    from mesh.lake.releases import find_release

    text = find_file(lake, find_release(lake, release).run_id, FILE)
    return {} if text is None else answers_from_json(text)


def _ask(
    contracts: Iterable[Contract], catalog: str, account: Callable[[str], tuple[Lake, str]]
) -> Answers:
    queries = list(sample_queries(contracts))
    with ThreadPoolExecutor(THREADS) as pool:
        answers = pool.map(lambda query: _answer(query, catalog, account), queries)
        return {query.key: answer for query, answer in zip(queries, answers, strict=True)}


def _answer(query: SampleQuery, catalog: str, account: Callable[[str], tuple[Lake, str]]) -> Answer:
    from trino.exceptions import TrinoQueryError

    from mesh.lake.trino import NO_ANSWER, connect

    asked_at, began = datetime.now(UTC).replace(microsecond=0), time.monotonic()
    columns: tuple[tuple[str, str], ...] = ()
    rows = fault = role = ""
    try:
        lake, role = account(query.role)
        limits = {"query_max_run_time": LONGEST}
        with connect(lake, catalog, source="mesh samples", properties=limits) as connection:
            cursor = connection.cursor()
            cursor.execute(query.sql)
            rows = row_class(_count(cursor))
            columns = tuple((str(each[0]), str(each[1])) for each in cursor.description or ())
    except InputError as error:
        role, fault = query.role, error.message
    except TrinoQueryError as error:
        fault = _told(error)
    except NO_ANSWER as error:
        fault = f"Trino did not answer: {type(error).__name__}"
    seconds = round(time.monotonic() - began, 3)
    return Answer(query.digest, role, asked_at, seconds, columns, rows, fault)


def _count(cursor: Cursor) -> int:
    """The number of rows of a result, read to its end: its last row may be one that fails.

    A ``count(*)`` around the query would not do, for the engine leaves out columns that nobody
    reads, and with them their faults. :data:`LONGEST` bounds the reading too.
    """
    number = 0
    while rows := len(cursor.fetchmany(BATCH)):
        number += rows
    return number


def _told(error: TrinoQueryError) -> str:
    from mesh.build.discreet import OF_THE_STATEMENT

    name = error.error_name
    if name in OF_THE_STATEMENT:
        return f"{name}: {error.message}"
    return f"{name}: its text may quote a value and is held back"
