"""The classes of personal data, and what an expression can make of them."""

from __future__ import annotations

from enum import IntEnum


class Class(IntEnum):
    """How personal a value is.

    The first six can be declared. The others only come up on the way: ``GENERALISED`` is what a
    band, a year or a partial mask leaves; ``*_SUM`` is a figure about a group whose size nobody
    looked at, ``*_KEY`` what such a group was formed by; ``UNKNOWN`` is what nobody declared.
    """

    NONE = 0
    TECHNICAL = 1
    SENSITIVE = 2
    QUASI = 3
    FREE_TEXT = 4
    DIRECT = 5
    GENERALISED = 6
    SENSITIVE_SUM = 7
    QUASI_SUM = 8
    SENSITIVE_KEY = 9
    QUASI_KEY = 10
    GENERALISED_KEY = 11
    UNKNOWN = 12

    @property
    def word(self) -> str:
        """The class as a finding and a policy name it."""
        return _WORDS.get(self, self.name.lower())


DECLARABLE = {each.name.lower(): each for each in Class if each <= Class.DIRECT}
"""The words that a declaration may use."""

_WORDS = {
    Class.SENSITIVE_SUM: "sensitive",
    Class.SENSITIVE_KEY: "sensitive",
    Class.QUASI_SUM: "quasi",
    Class.QUASI_KEY: "quasi",
    Class.GENERALISED_KEY: "generalised",
}

HARMLESS = frozenset({Class.NONE, Class.TECHNICAL})
ANYWHERE = HARMLESS | {Class.GENERALISED, Class.GENERALISED_KEY}
"""Classes that may be in every place."""

Change = tuple[Class, ...]
"""What becomes of each class, by its number."""

SAME: Change = tuple(Class)


def change(**changes: Class) -> Change:
    """A change of the named classes; all others stay as they are."""
    table = list(SAME)
    for name, target in changes.items():
        table[Class[name.upper()]] = target
    return tuple(table)


def after(first: Change, second: Change) -> Change:
    """The change that ``second`` makes of the outcome of ``first``."""
    if first is SAME:
        return second
    if second is SAME:
        return first
    return tuple(second[each] for each in first)


SUMMED = change(sensitive=Class.SENSITIVE_SUM, quasi=Class.QUASI_SUM)
"""A sum or mean over a group: not the value of one person, if the group is large enough."""

GROUPED = change(
    sensitive=Class.SENSITIVE_KEY,
    quasi=Class.QUASI_KEY,
    generalised=Class.GENERALISED_KEY,
)
"""What a group is formed by: not the value of one person, if the group is large enough."""

PICKED = change(
    sensitive_sum=Class.SENSITIVE,
    quasi_sum=Class.QUASI,
    sensitive_key=Class.SENSITIVE,
    quasi_key=Class.QUASI,
    generalised_key=Class.GENERALISED,
)
"""One of several figures or groups: that of the largest or last, however few it is about."""

GUARDED = change(
    sensitive_sum=Class.NONE,
    quasi_sum=Class.NONE,
    sensitive_key=Class.NONE,
    quasi_key=Class.NONE,
    generalised_key=Class.NONE,
)
"""Only groups of enough distinct people are shown."""
