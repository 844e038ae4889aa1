"""Writes contracts as YAML that people read: block style, long texts folded."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from mesh.contracts.yaml_text import folded, quoted

SHORT = 60
"""Characters up to which a list of plain values stands in one line."""


def as_yaml(value: Mapping[str, Any]) -> str:
    """A mapping as YAML; what is text stays text when it is read again."""
    writer = YAML()
    writer.width = 100_000
    writer.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    writer.dump(_styled(value), stream)
    return stream.getvalue()


def _styled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return CommentedMap({quoted(str(name)): _styled(each) for name, each in value.items()})
    if isinstance(value, list | tuple):
        made = CommentedSeq([_styled(each) for each in value])
        plain = all(not isinstance(each, Mapping | list | tuple) for each in value)
        if plain and sum(len(str(each)) + 2 for each in value) <= SHORT:
            made.fa.set_flow_style()
        return made
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    if "\n" in text.strip("\n"):
        return LiteralScalarString(text) if _is_block(text) else DoubleQuotedScalarString(text)
    if text != " ".join(text.split()):
        return DoubleQuotedScalarString(text)
    return folded(text)


def _is_block(text: str) -> bool:
    """Whether a text of several lines is read back as it is from a block, and seen to be it."""
    lines = text.removesuffix("\n").split("\n")
    plain = all(line == line.rstrip() and not line.lstrip(" ").startswith("\t") for line in lines)
    return plain and bool(lines[-1]) and lines == text.splitlines()
