"""No control characters in a contract: they would steer the terminal of who prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mesh.core.printable import CONTROL, printable

if TYPE_CHECKING:
    from mesh.contracts.document import Key
    from mesh.contracts.lint import Look

ONE_LINE = frozenset(
    (
        "id", "name", "version", "status", "domain", "dataProduct", "tenant", "physicalName",
        "businessName", "logicalType", "physicalType", "encryptedName", "classification", "role",
        "access", "server", "type", "environment", "catalog", "schema", "property", "element",
        "unit", "metric", "channel", "username",
    )
)  # fmt: skip
"""Fields that name something: a line break or a tab in one is out of place too."""


def texts_are_printable(look: Look) -> None:
    """No text has control characters, and no name has a line break or a tab."""
    if _is_clean(look.document.data):
        return
    known: dict[tuple[str, bool], str] = {}  # a text may stand in a thousand places, by aliases
    for path, text, key in _texts(look.document.data, ()):
        if look.full:
            return
        kind = (text, key or path[-1] in ONE_LINE)
        unseen = known[kind] if kind in known else known.setdefault(kind, _unseen(*kind))
        if unseen:
            where = f"the field name {printable(text[:60])!r}" if key else "the text"
            look.tell(
                "C315",
                path,
                f"{where} has the control character U+{ord(unseen):04X}",
                "text that can be printed",
                "remove the character",
                key=key,
            )


def _unseen(text: str, one_line: bool) -> str:
    """The first character of a text that is not printed as it is; empty where there is none."""
    found = CONTROL.search(text.replace("\r\n", "\n"))
    if found is None and one_line:
        found = re.search(r"[\n\t\r]", text.rstrip())
    return found[0] if found else ""


def _is_clean(data: Any) -> bool:
    """Whether there is nothing to tell: a quick look, without places, at the usual contract."""
    texts: set[str] = set()
    names: set[str] = set()
    _gather(data, texts, names)
    line = " ".join(names)
    joined = "\n".join(texts).replace("\r\n", "\n")
    return not (CONTROL.search(joined) or CONTROL.search(line) or "\n" in line or "\t" in line)


def _gather(data: Any, texts: set[str], names: set[str]) -> None:
    """Put every text of a value into one of two sets: each once, however many aliases it has."""
    if isinstance(data, dict):
        names.update(data)
        for name, value in data.items():
            if isinstance(value, str):
                (names if name in ONE_LINE else texts).add(value)
            elif value.__class__ in (dict, list):
                _gather(value, texts, names)
    elif isinstance(data, list):
        for value in data:
            if isinstance(value, str):
                texts.add(value)
            elif value.__class__ in (dict, list):
                _gather(value, texts, names)


def _texts(data: Any, path: tuple[Key, ...]) -> Iterator[tuple[tuple[Key, ...], str, bool]]:
    """Every text with its path, and whether it is the name of a field."""
    if isinstance(data, str):
        yield path, data, False
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield (*path, name), name, True
            yield from _texts(value, (*path, name))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _texts(value, (*path, index))
