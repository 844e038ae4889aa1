"""Writes contracts as YAML that people read: block style, long texts folded."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from mesh.contracts.yaml_text import folded

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
        return CommentedMap({str(name): _styled(each) for name, each in value.items()})
    if isinstance(value, list | tuple):
        made = CommentedSeq([_styled(each) for each in value])
        plain = all(not isinstance(each, Mapping | list | tuple) for each in value)
        if plain and sum(len(str(each)) + 2 for each in value) <= SHORT:
            made.fa.set_flow_style()
        return made
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    if "\n" in text.strip("\n"):
        lines = [line.rstrip() for line in text.splitlines()]
        return LiteralScalarString("\n".join(lines) + "\n")
    if text != " ".join(text.split()):
        return DoubleQuotedScalarString(text)
    return folded(text)
