"""What is wrong with a CSV file, in one sentence with its line.

The rules are RFC 4180's as Python's ``csv`` reads them in strict mode, with every row as wide as
the header. Rows may end in LF or CRLF, and a byte order mark is tolerated.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from mesh.core.errors import InputError
from mesh.landing.files import SourceFile

# The longest row in bytes: Arrow reads blocks of this size, and a row may not span three of them.
# Blocks that fit into a core's cache are parsed half as fast again as blocks of 4 MiB.
MAX_ROW_BYTES = 1 << 20
_PIECE_BYTES = 4 << 20

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_ ]{0,40}")
_HARDLY = 4
"""A first line of which less than one cell in so many is a known name is no header."""

# The module's own limit of 128 KiB is lower than a legal row of ours. Set once, at import, because
# files are read in several threads and the limit belongs to the process.
csv.field_size_limit(MAX_ROW_BYTES)


def check_header(path: Path, file: SourceFile) -> None:
    """Compare the first line with the header that the file must have.

    Raises:
        InputError: The file is empty, or columns are missing, unknown, twice or out of order.
    """
    with path.open("rb") as raw:
        line = raw.readline(1 << 16)
    where = f"{path}:1"
    expected = ",".join(file.header)
    if not line:
        raise InputError("the file is empty", where=where, expected=f"the header {expected}")
    if b"\r" in line.removesuffix(b"\n").removesuffix(b"\r"):
        raise InputError(
            "a carriage return without a line feed ends the header or stands in it",
            where=where,
            expected="lines that end in LF or CRLF",
            hint="if all lines of the file end so, convert it, for example with tr '\\r' '\\n'",
        )
    if not line.endswith((b"\n", b"\r")):
        raise InputError("the header has no line break after it", where=where, expected=expected)
    text = line.decode("utf-8-sig", errors="replace")
    found = tuple(next(csv.reader([text]), []))
    fault = header_fault(found, file.header)
    if fault:
        raise InputError(fault, where=where, expected=f"the header {expected}")


def header_fault(found: tuple[str, ...], header: tuple[str, ...]) -> str | None:
    """Say how ``found`` differs from ``header``, or nothing if it does not.

    A file without its header has a row of values in its place. So a cell is quoted only where it
    can be a name and most of the others are known ones; every other is named by its place.
    """
    if found == header:
        return None
    wanted = {name.lower() for name in header}
    known = sum(name.strip().lower() in wanted for name in found)
    if known * _HARDLY < len(found) or not found:
        return f"the file seems to have no header line: line 1 has {known} of {len(header)} names"
    mostly = known * 2 > len(found)
    missing = [name for name in header if name not in found]
    extra = [
        f"{name} (column {place})" if mostly and is_plain_name(name) else f"column {place}"
        for place, name in enumerate(found, start=1)
        if name not in header
    ]
    twice = [name for name in header if found.count(name) > 1]
    parts = [
        f"{what} {', '.join(names)}"
        for what, names in (("lacks", missing), ("has unknown", extra), ("repeats", twice))
        if names
    ]
    if parts:
        return f"the header {'; '.join(parts)}"
    place = next(i for i, (a, b) in enumerate(zip(found, header, strict=True)) if a != b)
    return f"the header's column {place + 1} is {found[place]} where {header[place]} belongs"


def is_plain_name(cell: str) -> bool:
    """Whether the cell of a header has the form of a column's name, and so may be quoted."""
    return bool(_PLAIN_NAME.fullmatch(cell))


def count_rows(path: Path, file: SourceFile) -> int:
    """Walk through all rows and count them, the header not included.

    Raises:
        InputError: A row is ragged, a quote is wrong, or a field exceeds ``MAX_ROW_BYTES``.
    """
    count = 0
    for _line, _row in _rows(path, len(file.header)):
        count += 1
    return count


def _rows(path: Path, width: int) -> Iterator[tuple[int, list[str]]]:
    """Every data row with the line on which it starts."""
    line = 0
    # surrogateescape: whether the bytes are UTF-8 is not this function's question.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        rows = csv.reader(text, strict=True)
        try:
            for row in rows:
                if len(row) != width:
                    raise _ragged(path, line + 1, row, width)
                if line:
                    yield line + 1, row
                line = rows.line_num
        except csv.Error as error:
            raise _unreadable(path, line + 1, str(error)) from error


def _ragged(path: Path, line: int, row: list[str], width: int) -> InputError:
    if not row:
        return InputError("the row is empty", where=f"{path}:{line}", expected=f"{width} fields")
    fields = "1 field" if len(row) == 1 else f"{len(row)} fields"
    return InputError(
        f"the row has {fields}",
        where=f"{path}:{line}",
        expected=f"{width} fields, as the header has",
        hint="a field that holds a comma, a quote or a line break must be quoted",
    )


def _unreadable(path: Path, line: int, reason: str) -> InputError:
    where = f"{path}:{line}"
    if "unexpected end of data" in reason:
        return InputError(
            "a quote that is opened in this row is never closed",
            where=where,
            hint="the file may be cut off: fetch it again",
        )
    if "expected after" in reason:
        return InputError(
            "a quoted field in this row goes on after its closing quote",
            where=where,
            expected="a comma or the end of the row after a closing quote",
            hint='inside a quoted field a quote is written twice: ""',
        )
    if "field limit" in reason:
        return _too_long(where)
    return InputError(f"the row cannot be read: {reason}", where=where)


def _too_long(where: str) -> InputError:
    return InputError(
        "the row is too long",
        where=where,
        expected=f"at most {MAX_ROW_BYTES >> 20} MiB",
        hint="a quote may be open by mistake",
    )


def cut_off(path: Path, lines: int) -> InputError:
    """The fault of a last row that no line break ends; ``lines`` is its line."""
    return InputError(
        "the last row has no line break after it, so it may be cut off",
        where=f"{path}:{lines}",
        hint="fetch the file again; if the row is whole, add the line break",
    )


def find_fault(path: Path, file: SourceFile, reason: str) -> InputError:
    """Find what made a reader stumble; called when one did, so it may take its time.

    Args:
        path: The file.
        file: What it should be.
        reason: What the reader said, for the case that nothing else is found.
    """
    try:
        check_header(path, file)
    except InputError as fault:
        return fault
    return find_row_fault(path, len(file.header), reason)


def find_row_fault(path: Path, width: int, reason: str) -> InputError:
    """Find what made a reader stumble in a file whose header names ``width`` columns.

    ``reason`` is what is said where nothing else is found.
    """
    try:
        find_bad_bytes(path)
        for line, row in _rows(path, width):
            if sum(map(len, row)) > MAX_ROW_BYTES // 4:
                _check_length(path, line, row)
    except InputError as fault:
        return fault
    return InputError(f"the file cannot be read: {reason}", where=str(path))


def _check_length(path: Path, line: int, row: list[str]) -> None:
    size = sum(len(cell.encode(errors="surrogateescape")) + 3 for cell in row)
    if size > MAX_ROW_BYTES:
        raise _too_long(f"{path}:{line}")


def find_bad_bytes(path: Path) -> None:
    """Look for bytes that are no UTF-8 text.

    Raises:
        InputError: One is found; the error names its line and its value.
    """
    lines = 1
    for piece in _whole_lines(path):
        nul = piece.find(b"\0")
        try:
            piece.decode()
            bad = -1
        except UnicodeDecodeError as error:
            bad = error.start
        at = min((i for i in (nul, bad) if i >= 0), default=None)
        if at is not None:
            what = "a NUL byte" if at == nul else f"the byte 0x{piece[at]:02x}, not UTF-8"
            raise InputError(
                f"the line holds {what}",
                where=f"{path}:{lines + piece.count(10, 0, at)}",
                expected="text in UTF-8",
                hint="convert the file, for example with iconv",
            )
        lines += piece.count(10)


def _whole_lines(path: Path) -> Iterator[bytes]:
    """Pieces that end with a line, so that no character is split; the last may not."""
    with path.open("rb") as raw:
        while piece := raw.read(_PIECE_BYTES):
            yield piece + raw.readline()
