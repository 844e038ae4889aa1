"""Tries to get people back from published text: identifiers of which there are few are all tried.

An identifier of nine digits or a day can be hashed for every value there is in minutes, so that a
hash without a secret key hides nothing. The attack hashes what an attacker would and looks the
digests up in every text of a table: whole or cut to at least 8 digits, in hexadecimal or base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import pyarrow as pa
import xxhash

Digest = Callable[[bytes], bytes]

DIGESTS: dict[str, Digest] = {
    "md5": lambda raw: hashlib.md5(raw, usedforsecurity=False).digest(),
    "sha1": lambda raw: hashlib.sha1(raw, usedforsecurity=False).digest(),
    "sha256": lambda raw: hashlib.sha256(raw).digest(),
    "sha512": lambda raw: hashlib.sha512(raw).digest(),
    "crc32": lambda raw: zlib.crc32(raw).to_bytes(4, "big"),
    "xxhash64": xxhash.xxh64_digest,
}
"""The functions of Trino that make a digest of a text without a key."""

SHORTEST = 8
"""Hexadecimal digits that a digest has to keep to be looked up."""

_HEX = re.compile(rf"[0-9a-f]{{{SHORTEST},}}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")
_FIRST = SHORTEST // 2
_AT_ONCE = 10_000_000


@dataclass(frozen=True, order=True)
class Recovered:
    """A candidate that a column gave away, and how it was written there."""

    column: str
    candidate: str
    how: str


def social_security_numbers(area: str = "999") -> Iterator[str]:
    """All numbers of an area, in the three ways they are written; Synthea issues area 999."""
    for rest in range(1_000_000):
        group, serial = divmod(rest, 10_000)
        yield f"{area}-{group:02}-{serial:04}"
        yield f"{area}{group:02}{serial:04}"
        yield f"{area} {group:02} {serial:04}"


def telephone_numbers(areas: Iterable[str], exchange: str = "555") -> Iterator[str]:
    """All numbers of an exchange in these area codes, in the four ways they are written."""
    for area in areas:
        for line in range(10_000):
            yield f"{area}-{exchange}-{line:04}"
            yield f"({area}) {exchange}-{line:04}"
            yield f"{area}{exchange}{line:04}"
            yield f"+1{area}{exchange}{line:04}"


def days(first: date, last: date) -> Iterator[str]:
    """All days of a span, in the four ways they are written."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield day.isoformat()
        yield day.strftime("%Y%m%d")
        yield day.strftime("%m/%d/%Y")
        yield day.strftime("%d.%m.%Y")


class Attack:
    """The published texts, prepared so that a candidate is tried in microseconds."""

    def __init__(self, columns: Mapping[str, Iterable[str]]) -> None:
        """Take the different texts of each column, by its name."""
        self._words: dict[str, set[str]] = {}
        self._starts: dict[bytes, set[tuple[str, str, str]]] = {}
        for column, texts in columns.items():
            for text in texts:
                for word in {text, *re.split(r"[|;,]+", text)}:
                    self._words.setdefault(word.strip(), set()).add(column)
                for digits in _HEX.findall(text.lower()):
                    start = bytes.fromhex(digits[:SHORTEST])
                    self._starts.setdefault(start, set()).add((column, "hexadecimal", digits))
                for coded in _BASE64.findall(text):
                    start = _decoded(coded)[:_FIRST]
                    self._starts.setdefault(start, set()).add((column, "base64", coded))

    def on(self, candidates: Iterable[str]) -> Iterator[Recovered]:
        """The candidates that some column gives away, plain or as a digest."""
        starts, words, functions = self._starts, self._words, tuple(DIGESTS.items())
        for candidate in candidates:
            for column in words.get(candidate, ()):
                yield Recovered(column, candidate, "plain")
            raw = candidate.encode()
            for name, function in functions:
                digest = function(raw)
                if digest[:_FIRST] in starts:
                    yield from self._checked(candidate, name, digest)

    def _checked(self, candidate: str, name: str, digest: bytes) -> Iterator[Recovered]:
        for column, coding, found in sorted(self._starts[digest[:_FIRST]]):
            whole = digest.hex() if coding == "hexadecimal" else base64.b64encode(digest).decode()
            text = found.replace("-", "+").replace("_", "/") if coding == "base64" else found
            whole = whole.rstrip("=")
            longer = len(digest) > _FIRST and text.startswith(whole)
            if whole.startswith(text) or longer:
                yield Recovered(column, candidate, f"{name} in {coding}")

    def on_every_number(self, digest: str, numbers: int = 10**9) -> Iterator[Recovered]:
        """As ``on``, with one of DuckDB's digests of every social security number with dashes.

        Args:
            digest: ``md5``, ``sha1`` or ``sha256``.
            numbers: How many of the billion to try, from 000-00-0000 on.
        """
        known = pa.table({"start": [start.hex() for start in self._starts]})
        with duckdb.connect() as engine:
            engine.register("known", known)
            for first in range(0, numbers, _AT_ONCE):
                found = engine.execute(
                    f"""
                    with numbers as (
                        select format('{{:09d}}', n) as digits
                        from range({first}, {min(first + _AT_ONCE, numbers)}) as t (n)
                    ),
                    written as (
                        select substr(digits, 1, 3) || '-' || substr(digits, 4, 2) || '-'
                            || substr(digits, 6) as candidate
                        from numbers
                    )
                    select candidate from written
                    where substr({digest}(candidate), 1, {SHORTEST}) in (select start from known)
                    """
                ).fetchall()
                for (candidate,) in found:
                    whole = DIGESTS[digest](candidate.encode())
                    yield from self._checked(candidate, digest, whole)


def _decoded(coded: str) -> bytes:
    """The bytes of the first eight characters of base64, of both alphabets."""
    return binascii.a2b_base64(coded[:8].replace("-", "+").replace("_", "/"))
