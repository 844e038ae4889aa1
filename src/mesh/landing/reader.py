"""From CSV files to Arrow record batches: strict, fast and in bounded memory.

A file is read twice. ``check`` looks at its bytes in large pieces: it computes the content hash
and finds what is wrong while nothing has been written yet. ``read`` lets Arrow parse it. Files
without quotes and carriage returns, as Synthea writes them, are checked by counting bytes; others
are walked through row by row, which costs about a second per 200 MB.

Every cell is text. An empty cell, quoted or not, is NULL: CSV has no other way to say that a value
is absent, and Synthea writes absent values so.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from mesh.core.errors import InputError
from mesh.landing import faults
from mesh.landing.files import BY_NAME, FILES, SourceFile

_PIECE_BYTES = 1 << 20
BATCH_ID_LENGTH = 32


@dataclass(frozen=True)
class Checked:
    """A file that was looked at and found whole.

    Attributes:
        file: What the file is.
        path: Where it lies.
        batch_id: The first 32 hex digits of the SHA-256 of its bytes.
        rows: Data rows.
        plain: It holds neither quotes nor carriage returns.
        stamp: Size in bytes and time of change in nanoseconds when it was looked at.
    """

    file: SourceFile
    path: Path
    batch_id: str
    rows: int
    plain: bool
    stamp: tuple[int, int]


def find_files(folder: Path) -> list[tuple[SourceFile, Path]]:
    """The files of an export in ``folder``, in the order of ``FILES``.

    Files that are not CSV are no concern of ours. A CSV file of another name is refused: it may
    be a second copy of a table, or a table that nobody would miss until it is needed.

    Raises:
        InputError: The folder or one of its files is missing, or there is an unexpected CSV file.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", where=str(folder))
    present = {path.name for path in folder.iterdir() if path.name.lower().endswith(".csv")}
    missing = [file.name for file in FILES if file.name not in present]
    unknown = sorted(present - BY_NAME.keys())
    if missing:
        raise InputError(
            _counted("the file", missing, "missing"),
            where=str(folder),
            expected=f"the {len(FILES)} files of a Synthea 3.3.0 CSV export",
            hint="a file without new rows holds only its header",
        )
    if unknown:
        raise InputError(
            _counted("the CSV file", unknown, "not part of a Synthea 3.3.0 export"),
            where=str(folder),
            hint="move it away; each table has exactly one file per landing",
        )
    return [(file, folder / file.name) for file in FILES]


def _counted(what: str, names: list[str], state: str) -> str:
    if len(names) == 1:
        return f"{what} {names[0]} is {state}"
    return f"{what}s {', '.join(names)} are {state}"


def check(path: Path, file: SourceFile) -> Checked:
    """Look at all bytes of one file.

    Raises:
        InputError: It is not what ``file`` promises; the error names the line.
    """
    try:
        stamp = _stamp(path)
        faults.check_header(path, file)
        tally = _tally(path)
    except OSError as error:
        raise _not_readable(path, error) from error
    if tally.bad_bytes:
        raise faults.find_fault(path, file, "it is not text")
    if tally.last != b"\n":
        _check_rows(path, file, tally)
        raise faults.cut_off(path, tally.lines + 1)
    rows = _check_rows(path, file, tally)
    batch_id = tally.digest[:BATCH_ID_LENGTH]
    return Checked(file, path, batch_id, rows, tally.plain, stamp)


def _check_rows(path: Path, file: SourceFile, tally: _Tally) -> int:
    """Count the data rows; the commas of a plain file say whether it has a ragged row.

    Two ragged rows can make up for each other in that sum; Arrow finds those when it parses.
    """
    if not tally.plain:
        return faults.count_rows(path, file)
    unended = tally.last != b"\n"
    commas = (tally.lines + unended) * (len(file.header) - 1)
    if tally.commas != commas or tally.blank_line:
        raise faults.find_fault(path, file, "its rows have different numbers of fields")
    return tally.lines - 1


@dataclass
class _Tally:
    digest: str = ""
    lines: int = 0
    commas: int = 0
    plain: bool = True
    blank_line: bool = False
    bad_bytes: bool = False
    last: bytes = b""


def _tally(path: Path) -> _Tally:
    """Hash and count the bytes of a file, in pieces."""
    tally = _Tally()
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb", buffering=0) as raw:
        while piece := raw.read(_PIECE_BYTES):
            digest.update(piece)
            _count(tally, piece)
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                tally.bad_bytes = True
                return tally
    tally.bad_bytes |= bool(decoder.getstate()[0])
    tally.digest = digest.hexdigest()
    return tally


def _count(tally: _Tally, piece: bytes) -> None:
    tally.lines += piece.count(b"\n")
    tally.commas += piece.count(b",")
    tally.plain = tally.plain and b'"' not in piece and b"\r" not in piece
    tally.blank_line |= b"\n\n" in piece or (tally.last == b"\n" and piece[:1] == b"\n")
    tally.bad_bytes |= b"\0" in piece
    tally.last = piece[-1:]


def read(checked: Checked) -> Iterator[pa.RecordBatch]:
    """Parse a checked file into batches of strings, named as the landing table's columns.

    Raises:
        InputError: A row is ragged, or the file was changed since it was checked.
    """
    rows = 0
    if checked.rows:
        try:
            for batch in _open(checked):
                rows += batch.num_rows
                yield batch
        except (pa.ArrowInvalid, OSError) as error:
            _check_unchanged(checked)
            reason = (str(error).splitlines() or ["no reason given"])[0]
            raise faults.find_fault(checked.path, checked.file, reason) from error
    _check_unchanged(checked)
    if rows != checked.rows:
        raise faults.find_fault(checked.path, checked.file, f"it has {rows} rows at second look")


def _open(checked: Checked) -> csv.CSVStreamingReader:
    columns = list(checked.file.columns)
    return csv.open_csv(
        checked.path,
        read_options=csv.ReadOptions(
            column_names=columns, skip_rows=1, block_size=faults.MAX_ROW_BYTES
        ),
        parse_options=csv.ParseOptions(
            newlines_in_values=not checked.plain, ignore_empty_lines=False
        ),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _check_unchanged(checked: Checked) -> None:
    if _stamp(checked.path) != checked.stamp:
        raise InputError(
            "the file was changed while it was read",
            where=str(checked.path),
            hint="land it when its writer has finished",
        )


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise _not_readable(path, error) from error
    return status.st_size, status.st_mtime_ns


def _not_readable(path: Path, error: OSError) -> InputError:
    return InputError(f"the file cannot be read: {error.strerror or error}", where=str(path))
