"""No control characters in a contract: they would steer the terminal of who prints it."""

from __future__ import annotations

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
    for path, text, key in _texts(look.document.data, ()):
        found = CONTROL.search(text.replace("\r\n", "\n"))
        unseen = found[0] if found else ""
        if not unseen and (key or path[-1] in ONE_LINE):
            unseen = next((each for each in text.rstrip() if each in "\n\t\r"), "")
        if unseen:
            where = f"the field name {printable(text)[:60]!r}" if key else "the text"
            look.tell(
                "C315",
                path,
                f"{where} has the control character U+{ord(unseen):04X}",
                "text that can be printed",
                "remove the character",
                key=key,
            )


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
