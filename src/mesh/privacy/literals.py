"""Finds values of people that are written down in SQL and YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mesh.privacy.scan import SSN, kind_of
from mesh.privacy.settings import hooks_of

RARE = re.compile(r"@|\d[-. ]\d{4}(?!\d)")
"""Stands in every value that is looked for, and in few texts besides."""

COMMENTS = re.compile(r"\{#.*?#\}|/\*.*?\*/|--[^\n]*", re.S)
LITERALS = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")

NOBODY = re.compile(
    r"123-45-6789|078-05-1120|219-09-9999|(\d)\1\1-\1\1-\1{4}|\(?(\d)\2\2[-. )]+\2{3}[-. ]\2{4}"
)
"""Numbers that stand for none: filled in by hand, and told apart by those who clean data."""


def in_sql(text: str) -> str:
    """What the literals of a query hold of a person, empty if nothing."""
    if not RARE.search(text):
        return ""
    found = (_kind(each) for each in LITERALS.findall(COMMENTS.sub(" ", text)))
    return next((kind for kind in found if kind), "")


def _kind(text: str) -> str:
    return kind_of(NOBODY.sub("", text)) if RARE.search(text) else ""


def of_node(node: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Places in a node that hold a value: the column if any, the place in words, the kind."""
    config = node.get("config") or {}
    if kind := in_sql(str(node.get("raw_code") or "")):
        yield "", "its SQL", kind
    settings = [*hooks_of(config), str(config.get("where") or "")]
    if kind := next((kind for each in settings if (kind := in_sql(each))), ""):
        yield "", "a setting", kind
    given = (node.get("test_metadata") or {}).get("kwargs")
    if given and (kind := _kind(str(given))):
        yield "", "an argument", kind
    # Whom to ask about a table is no value of it.
    if SSN.search(NOBODY.sub("", str(node.get("description") or ""))):
        yield "", "its description", "a social security number"
    for name, column in (node.get("columns") or {}).items():
        for place in ("description", "meta"):
            if (said := column.get(place)) and (kind := _kind(str(said))):
                yield str(name).lower(), f"the {place} of the column", kind
