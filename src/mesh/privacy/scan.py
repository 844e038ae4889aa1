"""Looks at values in files of the project: seeds and the rows of unit tests."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SSN = re.compile(r"\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b")
"""Numbers that the Social Security Administration could have given."""

MAIL = re.compile(r"\b([\w.+-]{1,64})@((?:[\w-]+\.)+[a-z]{2,})\b", re.I)
PHONE = re.compile(
    r"(?<![\d-])(?:\+?1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])([2-9]\d\d)[-. ](\d{4})(?!\d)"
)

MADE_UP = re.compile(r"(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$", re.I)
"""Domains that nobody can own, RFC 2606 and RFC 6761."""

ROLES = frozenset(
    {
        "admin", "billing", "contact", "hello", "help", "info", "mail", "no-reply", "noreply",
        "office", "orders", "press", "sales", "service", "support", "team",
        "anonymous", "dummy", "fake", "foo", "git", "masked", "na", "noemail", "nobody",
        "none", "null", "redacted", "test", "unknown", "user",
    }
)  # fmt: skip
"""Names of boxes that are nobody's own, and words that stand where there is none."""

PERSONAL_NAMES = frozenset(
    {
        "birth_date", "birthdate", "date_of_birth", "dob", "driving_licence_number", "email",
        "e_mail", "email_address", "first_name", "full_name", "given_name", "home_address",
        "last_name", "maiden_name", "medical_record_number", "middle_name", "mobile", "mrn",
        "passport", "passport_number", "patient_id", "patient_name", "phone", "phone_number",
        "social_security_number", "ssn", "street_address", "surname",
    }
)  # fmt: skip
"""Columns of which a seed has to say what they are."""

ROWS = 10_000
"""Rows of a file that are looked at."""


def kind_of(value: str) -> str:
    """What the value looks like, empty if it is nothing of a person."""
    if SSN.search(value):
        return "a social security number"
    for local, domain in MAIL.findall(value):
        if not MADE_UP.search(domain) and local.lower() not in ROLES:
            return "an e-mail address"
    for exchange, line in PHONE.findall(value):
        if not (exchange == "555" and line.startswith("01")):
            return "a telephone number"
    return ""


def rows_of(node: Mapping[str, Any], folder: Path | None) -> list[list[str]]:
    """The rows of a seed, its header first; empty when the file is not there."""
    text = str(node.get("raw_code") or "") or _text(node, folder)
    delimiter = (node.get("config") or {}).get("delimiter") or ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    return [row for row, _ in zip(reader, range(ROWS), strict=False)]


def _text(node: Mapping[str, Any], folder: Path | None) -> str:
    roots = [folder] if folder else []
    roots += [Path(str(node["root_path"]))] if node.get("root_path") else []
    for root in roots:
        path = root / str(node["original_file_path"])
        if path.is_file():
            return path.read_text(encoding="utf-8-sig", errors="replace")
    return ""


def personal_columns(rows: list[list[str]]) -> Iterator[tuple[str, int, str]]:
    """Columns with values of people, as name, line of the first one and kind."""
    header = [each.strip().lower() for each in rows[0]] if rows else []
    found: set[int] = set()
    for line, row in enumerate(rows[1:], start=2):
        for place, value in enumerate(row[: len(header)]):
            if place not in found and (kind := kind_of(value)):
                found.add(place)
                yield header[place], line, kind
