"""The forms in which a value can lie in a file: itself, turned, encoded, hashed without a key."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

SHORTEST = 5
"""Characters a value needs, or its forms would be found by chance."""

_HASHES = ("md5", "sha1", "sha256")


def forms(value: str) -> dict[str, bytes]:
    """Each form of ``value`` by name, as bytes; a form equal to an earlier one is left out.

    Hashes are of the value as it is, in lower and in upper case, as hexadecimal digits of both
    cases, as bytes and in base64.

    Raises:
        ValueError: The value is shorter than ``SHORTEST`` characters.
    """
    if len(value) < SHORTEST:
        raise ValueError(f"a value of {len(value)} characters is found by chance everywhere")
    found: dict[str, bytes] = {}
    for name, form in _forms(value):
        if len(form) >= SHORTEST and form not in found.values():
            found[name] = form
    return found


def _forms(value: str) -> Iterator[tuple[str, bytes]]:
    for case, text in (
        ("", value),
        (" in lower case", value.lower()),
        (" in upper case", value.upper()),
    ):
        raw = text.encode()
        yield f"clear{case}", raw
        yield f"reversed{case}", text[::-1].encode()
        yield f"hexadecimal{case}", raw.hex().encode()
        yield f"hexadecimal in capitals{case}", raw.hex().upper().encode()
        yield f"URL-encoded{case}", quote(text, safe="").encode()
        yield f"URL-encoded as a form{case}", quote_plus(text).encode()
        yield f"UTF-16{case}", text.encode("utf-16-le")
        for offset in range(3):
            yield f"base64 at offset {offset}{case}", _inside_base64(raw, offset)
        for name in _HASHES:
            digest = hashlib.new(name, raw, usedforsecurity=False).digest()
            yield f"{name}{case}", digest.hex().encode()
            yield f"{name} in capitals{case}", digest.hex().upper().encode()
            yield f"{name} as bytes{case}", digest
            yield f"{name} in base64{case}", _inside_base64(digest, 0)


def _inside_base64(raw: bytes, offset: int) -> bytes:
    """The characters of base64 that are the same whatever stands before and after ``raw``."""
    coded = base64.b64encode(b"\0" * offset + raw)
    first = (offset * 8 + 5) // 6
    last = (offset + len(raw)) * 8 // 6
    return coded[first:last]
