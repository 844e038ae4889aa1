"""Searches every byte under some folders for values, also inside Parquet, Avro, gzip and zip.

What a file holds compressed is read as well: columns of Parquet value by value, records of Avro
(Iceberg's manifests with their bounds), members of archives. The raw bytes are searched always,
so that statistics, footers and what is of no known kind are covered too.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ahocorasick_rs
import fastavro
import pyarrow as pa
from pyarrow import parquet

from mesh.privacy.needles import forms

_CHUNK = 16 << 20
_DEEPEST = 3
_PACKED = _PARQUET, _AVRO, _GZIP, _ZIP = b"PAR1", b"Obj\x01", b"\x1f\x8b", b"PK\x03\x04"
"""How files begin that are read a second time, unpacked."""
_MAGIC = max(map(len, _PACKED))


@dataclass(frozen=True, order=True)
class Hit:
    """A value that was found: where, under which name it was searched for, and in which form.

    The value itself is not in it, so that a report of hits leaks nothing.
    """

    path: str
    inside: str
    name: str
    form: str


class Searcher:
    """Searches for a set of values at once; the time does not depend on how many they are."""

    def __init__(
        self, values: Mapping[str, str], forms_of: Callable[[str], dict[str, bytes]] = forms
    ) -> None:
        """Take values by name, which reports show; ``forms_of`` gives what to look for."""
        self._labels: list[tuple[str, str]] = []
        patterns: list[bytes] = []
        for name, value in values.items():
            for form, pattern in forms_of(value).items():
                self._labels.append((name, form))
                patterns.append(pattern)
        self._longest = max(map(len, patterns), default=1)
        self._automaton = ahocorasick_rs.BytesAhoCorasick(patterns)

    def folders(
        self, roots: Iterable[Path], skip: Callable[[Path], bool] = lambda _: False
    ) -> Iterator[Hit]:
        """What is found in the files under ``roots`` that ``skip`` does not name, sorted by path.

        A file that goes away meanwhile is skipped; links are not followed.
        """
        for root in roots:
            for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
                if path.is_file() and not path.is_symlink() and not skip(path):
                    with suppress(FileNotFoundError):
                        yield from self.file(path)

    def file(self, path: Path) -> list[Hit]:
        """What is found in a file and in its name."""
        found = {Hit(str(path), "the name", *label) for label in self._in(str(path.name).encode())}
        with path.open("rb") as stream:
            packed = stream.read(_MAGIC).startswith(_PACKED)
            stream.seek(0)
            found |= {Hit(str(path), "", *label) for label in self._stream(stream)}
        for inside, data in _unpacked(path.read_bytes(), 0) if packed else ():
            found |= {Hit(str(path), inside, *label) for label in self._in(data)}
        return sorted(found)

    def _stream(self, stream: io.BufferedReader) -> set[tuple[str, str]]:
        found, rest = set(), b""
        while chunk := stream.read(_CHUNK):
            data = rest + chunk
            found |= self._in(data)
            rest = data[-(self._longest - 1) :] if self._longest > 1 else b""
        return found

    def _in(self, data: bytes) -> set[tuple[str, str]]:
        matches = self._automaton.find_matches_as_indexes(data, overlapping=True)
        return {self._labels[index] for index, _, _ in matches}


def _unpacked(data: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    """What a file holds packed, each with a word for where it was."""
    if data.startswith(_PARQUET):
        yield from _parquet(data)
    elif data.startswith(_AVRO):
        yield from _avro(data)
    elif data.startswith(_GZIP):
        with suppress(OSError, EOFError, zlib.error):
            yield from _nested(gzip.decompress(data), "gzip", depth)
    elif data.startswith(_ZIP):
        with suppress(zipfile.BadZipFile, RuntimeError), zipfile.ZipFile(io.BytesIO(data)) as pack:
            for member in pack.namelist():
                yield from _nested(pack.read(member), member, depth)


def _nested(data: bytes, inside: str, depth: int) -> Iterator[tuple[str, bytes]]:
    yield inside, data
    if depth < _DEEPEST:
        for deeper, unpacked in _unpacked(data, depth + 1):
            yield f"{inside}: {deeper}", unpacked


def _parquet(data: bytes) -> Iterator[tuple[str, bytes]]:
    with suppress(pa.ArrowInvalid):
        file = parquet.ParquetFile(io.BytesIO(data))
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            for column, values in zip(table.column_names, table.columns, strict=True):
                for chunk in values.chunks:
                    yield f"column {column}", b"\0".join(_values(chunk))


def _values(array: pa.Array) -> Iterator[bytes]:
    """The text and bytes of an array, whatever it is nested in; other kinds as their text."""
    kind = array.type
    if pa.types.is_struct(kind):
        for field in array.flatten():
            yield from _values(field)
    elif pa.types.is_map(kind):
        yield from _values(array.keys)
        yield from _values(array.items)
    elif pa.types.is_nested(kind):
        yield from _values(array.flatten())
    else:
        for value in array.to_pylist():
            if value is not None:
                yield value if isinstance(value, bytes) else str(value).encode()


def _avro(data: bytes) -> Iterator[tuple[str, bytes]]:
    with suppress(ValueError, EOFError, StopIteration):
        for record in fastavro.reader(io.BytesIO(data)):
            yield "record", b"\0".join(_leaves(record))


def _leaves(value: Any) -> Iterator[bytes]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(key)
            yield from _leaves(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, bytes):
        yield value
    elif value is not None:
        yield str(value).encode()
