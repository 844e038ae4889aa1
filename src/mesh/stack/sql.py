"""The SQL prompt without a prompt: statements in, tables, JSON or CSV out."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from mesh.core.console import info, print_json, print_table
from mesh.core.errors import InputError, LakeError
from mesh.core.settings import Lake

FORMATS = ("table", "json", "csv")

# What a semicolon may stand in without ending a statement; an unclosed one reaches to the end.
_TOKEN = re.compile(
    r"""
      '(?:[^']|'')*(?:'|\Z)
    | "(?:[^"]|"")*(?:"|\Z)
    | --[^\n]*
    | /\*.*?(?:\*/|\Z)
    | ;
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"\s+|--[^\n]*(?:\n|\Z)|/\*.*?(?:\*/|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """One statement and where it begins: ``source``, 1-based ``line`` and ``column``."""

    text: str
    source: str
    line: int
    column: int

    def place(self, line: int, column: int) -> str:
        """A place inside the statement as ``source:line:column`` of the whole input."""
        shift = self.column - 1 if line == 1 else 0
        return f"{self.source}:{self.line + line - 1}:{column + shift}"


def split(text: str, source: str) -> Iterator[Statement]:
    """Cut at semicolons outside of quotes and comments; leave out what is only comment."""
    begin = 0
    ends = [match.start() for match in _TOKEN.finditer(text) if match[0] == ";"]
    for end in [*ends, len(text)]:
        start = begin
        while match := _COMMENT.match(text, start, end):
            start = match.end()
        if start < end:
            before = text[:start]
            column = start - (before.rfind("\n") + 1) + 1
            yield Statement(text[start:end].rstrip(), source, before.count("\n") + 1, column)
        begin = end + 1


def read_statements(
    argument: str | None, file: Path | None, stdin: TextIO | None
) -> list[Statement]:
    """The statements of the argument, else of the file, else of stdin.

    Raises:
        InputError: There are none, or the file cannot be read.
    """
    if argument is not None and argument != "-":
        text, source = argument, "statement"
    elif file is not None:
        try:
            text, source = file.read_text(), str(file)
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"the file cannot be read: {error}", where=str(file)) from error
    elif stdin is not None and (argument == "-" or not stdin.isatty()):
        text, source = stdin.read(), "stdin"
    else:
        text, source = "", "stdin"
    statements = list(split(text, source))
    if not statements:
        raise InputError(
            "there is no statement to run", hint="./mesh sql 'select 1', or -f FILE, or on stdin"
        )
    return statements


def run(
    lake: Lake, statements: list[Statement], catalog: str | None, schema: str | None, format: str
) -> None:
    """Run them one after the other, up to the first that fails, and write their rows to stdout.

    Raises:
        LakeError: Trino refused one; ``where`` is the place in the input.
        InputError: The format is not known.
    """
    from mesh.lake.trino import connect

    if format not in FORMATS:
        raise InputError(f"there is no format {format!r}", expected=", ".join(FORMATS))
    with connect(lake, catalog or lake.catalog, schema, source="mesh sql") as connection:
        for statement in statements:
            cursor = connection.cursor()
            _execute(lake, cursor, statement, format)


def _execute(lake: Lake, cursor: Any, statement: Statement, format: str) -> None:
    from trino.exceptions import TrinoQueryError

    from mesh.lake.trino import NO_ANSWER, unanswered

    try:
        cursor.execute(statement.text)
        _write(cursor, format)
    except TrinoQueryError as error:
        raise located(error, statement) from error
    except NO_ANSWER as error:
        raise unanswered(lake, error) from error
    except KeyboardInterrupt:
        cursor.cancel()
        raise


def located(error: Any, statement: Statement) -> LakeError:
    """Trino's refusal with the place counted in the whole input."""
    from mesh.lake.trino import as_lake_error

    found = as_lake_error(error)
    if found.where:
        _, line, column = found.where.rsplit(":", 2)
        found.where = statement.place(int(line), int(column))
    else:
        found.where = statement.place(1, 1)
    return found


def _write(cursor: Any, format: str) -> None:
    columns = [column[0] for column in cursor.description or []]
    if cursor.update_type is not None and not (columns and cursor.rowcount == -1):
        rows = cursor.fetchall()
        count = cursor.rowcount if cursor.rowcount >= 0 else None
        info(cursor.update_type + (f": {count} rows" if count is not None else ""))
        if count is not None or not rows:
            return
    if format == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(iter(cursor.fetchone, None))
        return
    rows = cursor.fetchall()
    if format == "json":
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)
        info(f"({len(rows)} row{'' if len(rows) == 1 else 's'})")
