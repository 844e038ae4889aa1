"""Changes of columns: dropped, renamed, retyped, of another meaning, in another order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mesh.contracts.fact_changes import fact_changes
from mesh.contracts.model import Field, Table
from mesh.contracts.range_changes import range_changes
from mesh.contracts.raw_change import Raw, words
from mesh.contracts.rule_changes import rule_changes
from mesh.contracts.supply_changes import supply_changes, swapped
from mesh.contracts.trino_types import same
from mesh.contracts.type_changes import type_changes

SENSITIVITY = {
    "public": 0, "none": 0, "internal": 1, "technical": 1, "quasi": 2, "restricted": 3,
    "confidential": 3, "sensitive": 3, "free_text": 4, "secret": 5, "direct": 5,
}  # fmt: skip
"""How far up a classification stands; the usual words of others beside those of this mesh."""


def key_changes(old: Table, new: Table) -> Iterator[Raw]:
    """The key or the grain: what one row is."""
    if set(old.key) != set(new.key):
        before, after = ", ".join(old.key) or "none", ", ".join(new.key) or "none"
        kind = "risky" if not old.key else "breaking"
        yield Raw("primaryKey", "key_changed", kind, f"the key was {before}, is {after}")
    elif old.key != new.key:
        yield Raw(
            "primaryKey", "key_reordered", "risky", "the key has its columns in another order"
        )
    if words(old.grain) != words(new.grain):
        kind = "breaking" if old.grain else "safe"
        yield Raw("grain", "grain_changed", kind, f"a row was {old.grain!r}, is {new.grain!r}")


def column_changes(old: Sequence[Field], new: Sequence[Field], above: str = "") -> Iterator[Raw]:
    """The changes of the columns of a table, or of the fields of an object."""
    before = {column.name: column for column in old}
    after = {column.name: column for column in new}
    traded = swapped(old, new)
    renamed = _renamed(old, new)
    for name, column in before.items():
        if name in traded:
            said = f"what was {above}{name} is called {traded[name]} now, and {above}{name} is "
            said += "another column: who reads it by name is misled"
            yield Raw(above + name, "columns_swapped", "breaking", said, (_top(above, name),))
            yield from _changes(column, after[traded[name]], above)
        elif name in after:
            yield from _changes(column, after[name], above)
        elif name in renamed:
            yield Raw(
                above + name,
                "column_renamed",
                "breaking",
                f"{above}{name} is called {renamed[name]} now",
                (_top(above, name),),
            )
            yield from _changes(column, after[renamed[name]], above)
        else:
            yield Raw(
                above + name,
                "column_dropped",
                "breaking",
                f"{above}{name} is gone",
                (_top(above, name),),
            )
    for name, column in after.items():
        if name not in before and name not in renamed.values():
            needed = column.required and not above
            said = " and always filled" if needed else ""
            yield Raw(above + name, "column_added", "safe", f"{above}{name} is new{said}")
    yield from _order(old, new, {**renamed, **traded}, above)


def _top(above: str, name: str) -> str:
    """The column of the table that a nested field lies in."""
    return (above + name).split(".", 1)[0]


def _renamed(old: Sequence[Field], new: Sequence[Field]) -> dict[str, str]:
    """Columns that go on under another name: same type, and the same words or the same place."""
    gone = [c for c in old if all(c.name != n.name for n in new)]
    come = [c for c in new if all(c.name != o.name for o in old)]
    found: dict[str, str] = {}
    for column in gone:
        best = max(
            (c for c in come if c.name not in found.values() and _same_type(column, c)),
            key=lambda c: _likeness(column, c, old, new),
            default=None,
        )
        if best is not None and _likeness(column, best, old, new) >= 2:
            found[column.name] = best.name
    return found


def _likeness(one: Field, other: Field, old: Sequence[Field], new: Sequence[Field]) -> int:
    """How sure it is that two columns are one: 2 is enough."""
    score = 0
    if words(one.description) and words(one.description) == words(other.description):
        score += 2
    if one.business_name and one.business_name == other.business_name:
        score += 1
    if _neighbours(one, old) == _neighbours(other, new):
        score += 1 if one.description or other.description else 2
    return score


def _neighbours(column: Field, columns: Sequence[Field]) -> tuple[str, str]:
    names = ["", *(c.name for c in columns), ""]
    place = names.index(column.name, 1)
    return names[place - 1], names[place + 1]


def _same_type(one: Field, other: Field) -> bool:
    return one.logical == other.logical and same(one.physical, other.physical)


def _order(
    old: Sequence[Field], new: Sequence[Field], renamed: dict[str, str], above: str
) -> Iterator[Raw]:
    """Columns that both have, in another order: it counts for who reads them by position."""
    names = [c.name for c in new]
    kept = [renamed.get(c.name, c.name) for c in old if renamed.get(c.name, c.name) in names]
    if kept != [name for name in names if name in kept]:
        kind = "breaking" if above else "risky"
        yield Raw(
            above.rstrip(".") or "columns",
            "columns_reordered",
            kind,
            "the columns are in another order",
        )
        return
    last = max((names.index(name) for name in kept), default=-1)
    inner = [n for n in names[:last] if n not in kept]
    if inner and len(kept) == len(old) and not renamed and not above:
        yield Raw(
            "columns",
            "columns_shifted",
            "risky",
            f"{', '.join(inner)} came in between: who reads by position is off by one",
        )


def _changes(old: Field, new: Field, above: str) -> Iterator[Raw]:
    name = above + old.name
    columns = (_top(above, old.name),)
    yield from type_changes(old, new, name, columns)
    if old.required != new.required:
        kind, what = ("safe", "made_required") if new.required else ("breaking", "made_nullable")
        said = "is always filled now" if new.required else "may be NULL now"
        yield Raw(name, what, kind, f"{name} {said}", columns)
    if old.unique and not new.unique:
        yield Raw(name, "uniqueness_dropped", "breaking", f"{name} may repeat now", columns)
    elif new.unique and not old.unique:
        yield Raw(name, "uniqueness_added", "safe", f"{name} does not repeat now")
    yield from _meaning(old, new, name, columns)
    yield from _classification(old, new, name, columns)
    yield from range_changes(old, new, name, columns)
    yield from supply_changes(old, new, name, columns)
    yield from fact_changes(old, new, name, columns)
    yield from rule_changes(old.rules, new.rules, name, columns)
    if old.fields or new.fields:
        yield from column_changes(old.fields, new.fields, name + ".")


def _meaning(old: Field, new: Field, name: str, columns: tuple[str, ...]) -> Iterator[Raw]:
    if old.business_name != new.business_name:
        kind = "risky" if old.business_name else "safe"
        yield Raw(
            name,
            "meaning_changed" if old.business_name else "reworded",
            kind,
            f"{name} is called {new.business_name!r}, not {old.business_name!r}",
            columns,
            step="" if old.business_name else "patch",
        )
    if words(old.description) != words(new.description):
        yield Raw(name, "reworded", "safe", f"{name} is described in other words", step="patch")


def _classification(old: Field, new: Field, name: str, columns: tuple[str, ...]) -> Iterator[Raw]:
    before, after = old.classification.lower(), new.classification.lower()
    if before == after:
        return
    down = SENSITIVITY.get(after, 3) < SENSITIVITY.get(before, 3)
    if not before:
        yield Raw(name, "classification_set", "safe", f"{name} is classified as {after}")
    elif down or not after:
        yield Raw(
            name,
            "classification_lowered",
            "risky",
            f"{name} was {before}, is {after or 'unclassified'}: more people may see it",
            columns,
        )
    else:
        yield Raw(
            name,
            "classification_raised",
            "breaking",
            f"{name} was {before}, is {after}: some readers may lose it",
            columns,
        )
