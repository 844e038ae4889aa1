"""Text that a terminal shows as it is, whoever wrote it."""

from __future__ import annotations

import re

_UNSEEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
_LONE = "\ud800-\udfff"
CONTROL = re.compile(f"[{_UNSEEN}{_LONE}]")
"""What steers a terminal or turns the direction of a line, but for line breaks and tabs."""


def printable(text: str) -> str:
    """A text with its control characters spelled out by their numbers; CR LF is a line break."""
    return CONTROL.sub(lambda match: _spelled(match[0]), text.replace("\r\n", "\n"))


def shortened(text: str, longest: int = 60) -> str:
    """A text of at most so many characters: its start, where it is longer."""
    return text if len(text) <= longest else text[: longest - 3] + "..."


def _spelled(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
