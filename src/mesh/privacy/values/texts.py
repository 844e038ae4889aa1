"""Brings texts into a form in which values can be looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

_AROUND = 200
"""Characters on both sides of what could be a value that are looked at in a long text."""


# RE2 takes milliseconds to make what matches all letters, more than to look through a batch. After
# ``plain`` whatever is not ASCII is a letter.
_LETTER = r"A-Za-z\x{80}-\x{10FFFF}"
_OTHER = rf"[^0-9{_LETTER}]*[^0-9{_LETTER}'-][^0-9{_LETTER}]*"
_BETWEEN = rf"(?:'s)?{_OTHER}"
"""What is between two words: anything but letters, digits, apostrophe and hyphen."""

SEVERAL = rf"[0-9{_LETTER}]{_OTHER}[{_LETTER}]"
"""Lets through, in RE2, two words of which the second begins with a letter."""

_EDGES = " \t\r\n'\"-.,;:|/_(){}[]"


def plain(texts: pa.Array) -> pa.Array:
    """Texts of ASCII and letters: other digits, hyphens, apostrophes and signs are those of ASCII.

    Unicode's NFKC does most of it; what is no letter and has nothing alike becomes a blank.
    """
    if pc.all(pc.string_is_ascii(texts)).as_py() is not False:
        return texts
    texts = pc.utf8_normalize(texts, "NFKC")
    for pattern, better in (
        (r"[\x{00AD}\x{200B}-\x{200D}\x{2060}\x{FEFF}]", ""),
        (r"[\x{2010}-\x{2015}\x{2212}]", "-"),
        (r"[\x{2018}\x{2019}\x{02BC}]", "'"),
        (r"[^\pL\pM\pN\x{00}-\x{7F}]", " "),
    ):
        texts = pc.replace_substring_regex(texts, pattern, better)
    return texts


def pieces(value: str, rare: re.Pattern[str], longest: int) -> Iterator[str]:
    """The value, or where it is longer what lies around each place that the expression matches."""
    if len(value) <= longest:
        yield value
        return
    end = 0
    for match in rare.finditer(value):
        if match.end() + _AROUND // 2 > end:
            end = match.end() + _AROUND
            yield value[max(0, match.start() - _AROUND) : end]


def words(texts: pa.Array) -> pa.Array:
    """The words of each text in lower case, as lists."""
    return pc.split_pattern_regex(pc.utf8_trim(pc.utf8_lower(texts), _EDGES), _BETWEEN)
