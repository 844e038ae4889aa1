"""What the YAML of a project says about how personal its columns are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mesh.privacy.classes import DECLARABLE, Class
from mesh.privacy.columns.parts import KEY, PERSON, PLAIN

SECRET_NAMES = frozenset(
    {"key", "secret", "secret_key", "hmac_key", "key_value", "pseudonym_key_value", "pepper"}
)


BIRTH = "birth_date"
"""Identifier of a date of birth, declared so or plainly named."""
BIRTH_NAMES = re.compile(r"birth_?(date|day|dt|year)|date_?of_?birth|(^|_)dob(_|$)|born")


@dataclass(frozen=True)
class Declaration:
    """What is declared of one column.

    Args:
        cls: None where no class is declared, or one that does not exist.
        word: The class as it is written.
    """

    cls: Class | None
    word: str = ""
    identifier: str = ""
    subject: str = ""

    @property
    def secret(self) -> bool:
        """Whether it declares the key of a keyed hash."""
        return self.cls is not None and self.identifier in {"secret", "secret_key", "key"}


UNDECLARED = Declaration(None)


def of_column(column: Mapping[str, Any]) -> Declaration:
    """The declaration in a column of the manifest: ``config.meta.privacy`` or ``meta.privacy``."""
    for place in ((column.get("config") or {}).get("meta"), column.get("meta")):
        privacy = place.get("privacy") if isinstance(place, Mapping) else None
        if isinstance(privacy, str):
            privacy = {"class": privacy}
        if isinstance(privacy, Mapping) and privacy.get("class") is not None:
            word = str(privacy["class"]).strip()
            return Declaration(
                DECLARABLE.get(word.lower()),
                word,
                str(privacy.get("identifier") or "").lower(),
                str(privacy.get("subject") or "").lower(),
            )
    return UNDECLARED


SEVERAL = frozenset(
    {"telephone", "fax", "url", "ip_address", "device_identifier", "vehicle", "photo", "date",
     BIRTH, "geography", "account_number", "other_identifier", "record_number", "secret"}
)  # fmt: skip
"""Identifiers of which one person can have several."""


def marks_of(name: str, declared: Declaration, kind: str) -> frozenset[str]:
    """What a declaration tells of a column: whether it counts people, is as it came, or a key."""
    marks = {PLAIN} if kind in {"source", "seed"} else set()
    named = declared.cls is Class.TECHNICAL and declared.subject
    if (declared.cls is Class.DIRECT or named) and declared.identifier not in SEVERAL:
        marks.add(PERSON)
    if kind == "source" and holds_key(name, declared):
        marks.add(KEY)
    return frozenset(marks)


def of_node(node: Mapping[str, Any]) -> dict[str, Declaration]:
    """The declarations of a node or source, by column in lower case."""
    return {name.lower(): of_column(column) for name, column in columns_of(node)}


def columns_of(node: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The columns that the YAML of a node names."""
    for name, column in (node.get("columns") or {}).items():
        yield str(column.get("name") or name), column


def kind_of(name: str, declared: Declaration) -> str:
    """The identifier of a column, a date of birth being one of its own."""
    is_date = declared.identifier in {"", "date"}
    return BIRTH if is_date and BIRTH_NAMES.search(name) else declared.identifier


def holds_key(name: str, declared: Declaration) -> bool:
    """Whether a column of a source is a secret key, by what it declares or is plainly named."""
    if declared.secret:
        return True
    return (
        name in SECRET_NAMES
        and not declared.subject
        and declared.cls in {Class.DIRECT, Class.TECHNICAL, Class.SENSITIVE}
    )
