"""What became of the type of a column: the one in the engine, and what the standard calls it."""

from __future__ import annotations

from collections.abc import Iterator

from mesh.contracts.model import Field
from mesh.contracts.raw_change import Raw
from mesh.contracts.trino_types import UnknownType, change, parse_type, same


def type_changes(old: Field, new: Field, name: str, columns: tuple[str, ...]) -> Iterator[Raw]:
    """The change of the type of one column; of the logical one where there was no other."""
    if old.physical and not same(old.physical, new.physical):
        kind, what = _class(old.physical, new.physical)
        said = f"{name} was {old.physical}, is {new.physical or 'untyped'}"
        yield Raw(name, what, kind, said, columns)
    elif old.logical and not _keeps_logical(old, new):
        is_now = new.logical or "value of any type"
        is_now += "" if old.physical or not new.physical else f" as {new.physical}"
        said = f"{name} was a {old.logical}, is a {is_now}"
        yield Raw(name, "column_retyped", "breaking", said, columns)
    elif not old.physical and new.physical:
        yield Raw(name, "column_typed", "safe", f"{name} was untyped, is {new.physical}", columns)


def _class(old: str, new: str) -> tuple[str, str]:
    try:
        found = change(parse_type(old), parse_type(new))
    except UnknownType:
        found = "retyped"
    return {
        "same": ("safe", "column_respelled"),
        "widened": ("risky", "column_widened"),
        "narrowed": ("breaking", "column_narrowed"),
    }.get(found, ("breaking", "column_retyped"))


def _keeps_logical(old: Field, new: Field) -> bool:
    """Whether a column is what it was called; one that is called nothing now, by its first type.

    That the two names of a contract's type agree is looked at before (C304).
    """
    if new.logical or old.physical or not new.physical:
        return old.logical == new.logical
    try:
        return parse_type(new.physical).fits(old.logical)
    except UnknownType:
        return True
