"""Who is known: the identifiers of the landed patients, to look for among other values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

import pyarrow as pa
import pyarrow.compute as pc

from mesh.privacy.classes import Class
from mesh.privacy.declarations import Declaration
from mesh.privacy.values import kinds
from mesh.privacy.values.declared import SourceTable
from mesh.privacy.values.kinds import Kind

MOST_PEOPLE = 100_000
"""Rows of people that are known at most, the first ones; about 2 kB each."""

SHORTEST = 6
"""Characters that an identifier needs, or it would be found by chance."""

SHORTEST_NAME = 3

_BIRTH = re.compile(r"birth_?date|date_of_birth|^dob$")
_FAMILY = re.compile(r"last|sur|family|maiden")
_CODE = re.compile(r"\d{5}(-?\d{4})?")
_KIND_OF = {
    "medical_record_number": kinds.PATIENT_ID,
    "ssn": kinds.SSN,
    "licence_number": kinds.LICENCE,
    "other_identifier": kinds.PASSPORT,
    "address": kinds.PATIENT_ADDRESS,
}


@dataclass(frozen=True)
class Identity:
    """What is known of the people.

    Args:
        values: Whole values, each with the kind that one equal to it is of.
        pairs: First and last names of one person, in lower case and both orders.
        parts: Single names, in lower case.
        areas: ZIP and county codes where people live.
        people: Identifiers of the people, in the order of ``births``.
        births: Their dates of birth, YYYY-MM-DD.
    """

    values: Mapping[str, Kind] = field(default_factory=dict)
    pairs: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    people: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    births: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))


def is_wanted(column: str, declared: Declaration) -> bool:
    """Whether a column of the table of people tells who somebody is."""
    direct = declared.cls is Class.DIRECT and declared.identifier in {*_KIND_OF, "name"}
    return direct or _is_area(declared) or bool(_BIRTH.search(column))


def identity_of(table: SourceTable, batches: Iterable[pa.RecordBatch]) -> Identity:
    """The people in the rows of a table of people.

    Args:
        table: Its declarations.
        batches: Its rows, with at least the columns that ``is_wanted``, in lower case.
    """
    kept: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        wanted = [n for n in batch.schema.names if is_wanted(n, table.columns.get(n, _NOTHING))]
        kept.append(batch.select(wanted).slice(0, MOST_PEOPLE - rows))
        rows += batch.num_rows
        if rows >= MOST_PEOPLE:
            break
    if not rows:
        return Identity()
    people = pa.Table.from_batches(kept).combine_chunks()
    return _identity(people, {n: table.columns.get(n, _NOTHING) for n in people.column_names})


_NOTHING = Declaration(None)


def _identity(people: pa.Table, declared: Mapping[str, Declaration]) -> Identity:
    """What the columns of the people say, by what they are declared as."""
    values: dict[str, Kind] = {}
    names, parts, areas = [], set[str](), set[str]()
    number, births = "", ""
    for column, each in declared.items():
        found = [value for value in pc.unique(people[column]).to_pylist() if value]
        if each.cls is Class.DIRECT and each.identifier == "name":
            names.append(column)
            parts |= {value.lower() for value in found if len(value) >= SHORTEST_NAME}
        elif each.cls is Class.DIRECT and (kind := _KIND_OF.get(each.identifier)):
            values |= {value: kind for value in found if len(value) >= SHORTEST}
            if kind is kinds.SSN:
                values |= {value.replace("-", ""): kind for value in found}
        elif _is_area(each):
            areas |= {value for value in found if _CODE.fullmatch(value)}
        if each.identifier == "medical_record_number":
            number = column
        if _BIRTH.search(column):
            births = column
    dated = {"people": _flat(people, number), "births": _flat(people, births)} if births else {}
    pairs = frozenset(_pairs(people, names))
    return Identity(values, pairs, frozenset(parts), frozenset(areas), **dated)


def _is_area(declared: Declaration) -> bool:
    return declared.cls is Class.QUASI and declared.identifier == "geography"


def _flat(people: pa.Table, column: str) -> pa.Array:
    found = people[column]
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _pairs(people: pa.Table, names: list[str]) -> Iterator[str]:
    """Two names of one person beside each other, one of them the last or maiden name."""
    families = [name for name in names if _FAMILY.search(name)]
    for one, other in product([name for name in names if name not in families], families):
        rows = zip(people[one].to_pylist(), people[other].to_pylist(), strict=True)
        for first, last in rows:
            if first and last:
                yield f"{first} {last}".lower()
                yield f"{last} {first}".lower()
