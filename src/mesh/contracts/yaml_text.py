"""Text for YAML that every reader takes for text."""

from __future__ import annotations

import textwrap

import yaml
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
)

WIDTH = 90
"""Characters of a line of a long text."""

_RESOLVER = yaml.resolver.Resolver()
_TEXT = "tag:yaml.org,2002:str"


def quoted(text: str) -> str:
    """The text, in quotes where YAML 1.1 takes it for something else, as `no` or `12:30`.

    dbt reads YAML 1.1; the writer knows 1.2 and would leave the quotes out.
    """
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    if tag != _TEXT:
        return DoubleQuotedScalarString(text)
    return text


def block(text: str) -> str:
    """The text line by line as it is, or quoted as :func:`quoted` where it is one line."""
    return LiteralScalarString(text) if "\n" in text else quoted(text)


def folded(text: str) -> str:
    """A text in one line, or folded over several when it is long."""
    words = " ".join(text.split())
    lines = textwrap.wrap(words, WIDTH, break_long_words=False, break_on_hyphens=False)
    if len(words) <= WIDTH or len(lines) < 2:
        return quoted(words)
    made = FoldedScalarString(words + "\n")
    places, at = [], 0
    for line in lines[:-1]:
        at += len(line)
        places.append(at)
        at += 1
    made.fold_pos = places  # type: ignore[attr-defined]  # where ruamel breaks the line
    return made
