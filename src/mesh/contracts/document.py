"""Reads a YAML file of a stranger: bounded, without constructors, with the place of each value.

Only a regular file is opened, and nothing that it names; what its text may hold is limited by
:mod:`mesh.contracts.compose`.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mesh.contracts.compose import Composer, Node, Unreadable, stop
from mesh.contracts.finding import Finding

MAX_BYTES = 2 * 1024 * 1024
"""A contract of 5,000 columns is smaller."""
Key = str | int


@dataclass(frozen=True)
class Document:
    """A file that was read: its data, and the places of it."""

    file: str
    data: Any
    root: Node | None = field(repr=False, default=None)

    def place(self, path: tuple[Key, ...], *, key: bool = False) -> tuple[int, int]:
        """Line and column of what ``path`` leads to, or of the nearest thing above it.

        Args:
            path: Keys and indexes from the root.
            key: The place of the last key rather than of its value.
        """
        node = self.root
        if node is None:
            return 0, 0
        found = (node.line, node.column)
        for step in path:
            entry = _child(node, step)
            if entry is None:
                break
            at, node = entry
            found = at if key or node.kind != "scalar" else (node.line, node.column)
        return found

    def text(self, path: tuple[Key, ...]) -> str | None:
        """The plain value that ``path`` leads to, as it was written; None where there is none."""
        node = self.root
        for step in path:
            entry = _child(node, step) if node is not None else None
            node = entry[1] if entry else None
        return node.text if node is not None and node.kind == "scalar" else None


def _child(node: Node, step: Key) -> tuple[tuple[int, int], Node] | None:
    if node.kind == "mapping":
        return next(((at, value) for name, at, value in node.value if name == step), None)
    if node.kind == "sequence" and isinstance(step, int) and step < len(node.value):
        child: Node = node.value[step]
        return (child.line, child.column), child
    return None


def read(path: Path, shown: str | None = None) -> tuple[Document, list[Finding]]:
    """Read a file.

    Args:
        path: The file.
        shown: How findings name it; the path as given by default.

    Returns:
        The document, its data None if it could not be read, and what was found on the way.
    """
    name = shown or str(path)
    try:
        return parse(_content(path, name), name)
    except Unreadable as error:
        return Document(name, None), [error.finding]


def parse(content: bytes, file: str) -> tuple[Document, list[Finding]]:
    """Read the bytes of a file, as :func:`read` does."""
    try:
        composer = Composer(file, _text(content, file))
        root = composer.compose()
    except Unreadable as error:
        return Document(file, None), [error.finding]
    return Document(file, data(root), root), composer.findings


def data(node: Node) -> Any:
    """The plain value of a node; what several aliases name is one object."""
    return _data(node, {})


def _data(node: Node, made: dict[int, Any]) -> Any:
    if node.kind == "scalar":
        return node.value
    if id(node) not in made:
        if node.kind == "mapping":
            made[id(node)] = {name: _data(value, made) for name, _, value in node.value}
        else:
            made[id(node)] = [_data(value, made) for value in node.value]
    return made[id(node)]


def _content(path: Path, name: str) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise stop(name, "C101", "this is no regular file", "a YAML file", "name the file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        hint = "look at the path and its permissions"
        found = f"the file cannot be read: {error.strerror or error}"
        raise stop(name, "C101", found, "a YAML file", hint) from error
    if len(content) > MAX_BYTES:
        found = f"the file is larger than {MAX_BYTES:,} bytes"
        hint = "a contract describes one product; split the file"
        raise stop(name, "C102", found, f"at most {MAX_BYTES:,} bytes", hint)
    return content


def _text(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        found = f"byte 0x{content[error.start]:02x} is not UTF-8"
        hint = "save the file as UTF-8"
        raise stop(name, "C101", found, "UTF-8 text", hint, line, column) from error
    if not text.strip():
        hint = "start with apiVersion, kind, id, version and status"
        raise stop(name, "C103", "the file is empty", "a data contract", hint)
    return text
