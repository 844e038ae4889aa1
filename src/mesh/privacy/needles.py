"""The forms in which a value can lie in a file: itself, turned, encoded, hashed without a key."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

SHORTEST = 5
"""Characters a value needs, or its forms would be found by chance."""

_SEPARATORS = (" ", ":", "-", ",", ", ", "_", ".", "|", "\n", "\\x", "0x", ", 0x", " 0x")
_GROUPS = (1, 2, 4, 8, 16)
_FOR_URLS = bytes.maketrans(b"+/", b"-_")

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


def key_forms(value: str) -> dict[str, bytes]:
    """Each form in which a secret key can lie in a file, by name.

    Besides those of its hexadecimal digits as text: its bytes, turned, encoded, written as numbers,
    and its digits spaced out; each of them also backwards.

    Args:
        value: The key as hexadecimal digits.
    """
    key = bytes.fromhex(value)
    found = {**forms(value), "bytes backwards in hexadecimal": key[::-1].hex().encode()}
    for name, form in _key_forms(key):
        for kind, pattern in ((name, form), (f"{name}, backwards", form[::-1])):
            if pattern not in found.values():
                found[kind] = pattern
    return found


def _key_forms(key: bytes) -> Iterator[tuple[str, bytes]]:
    yield "bytes", key
    yield "base32", base64.b32encode(key).rstrip(b"=")
    yield "base85", base64.b85encode(key)
    yield "URL-encoded bytes", "".join(f"%{each:02X}" for each in key).encode()
    yield "URL-encoded bytes in small letters", "".join(f"%{each:02x}" for each in key).encode()
    yield "bytes with URL-encoding where it is needed", quote(key, safe="").encode()
    for offset in range(3):
        coded = _inside_base64(key, offset)
        yield f"bytes in base64 at offset {offset}", coded
        yield f"bytes in base64 for URLs at offset {offset}", coded.translate(_FOR_URLS)
    for separator in _SEPARATORS:
        for name, numbers in (("", key), ("signed ", [n - 256 * (n > 127) for n in key])):
            yield f"{name}numbers with {separator!r}", separator.join(map(str, numbers)).encode()
        for size in _GROUPS:
            for case, digits in (("", key.hex()), (" in capitals", key.hex().upper())):
                parts = [digits[at : at + size] for at in range(0, len(digits), size)]
                name = f"{size} digits each{case} with {separator!r}"
                yield name, separator.join(parts).encode()


def _inside_base64(raw: bytes, offset: int) -> bytes:
    """The characters of base64 that are the same whatever stands before and after ``raw``."""
    coded = base64.b64encode(b"\0" * offset + raw)
    first = (offset * 8 + 5) // 6
    last = (offset + len(raw)) * 8 // 6
    return coded[first:last]
