"""Who is known: the identifiers of the landed patients, to look for among other values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

import pyarrow as pa
import pyarrow.compute as pc

from mesh.privacy.classes import Class
from mesh.privacy.declarations import Declaration
from mesh.privacy.values import kinds
from mesh.privacy.values.declared import SourceTable
from mesh.privacy.values.kinds import Kind

MOST_PEOPLE = 2_000_000
"""Rows of people that are known at most, the first ones; about 100 bytes each."""

SHORTEST = 6
"""Characters that an identifier needs, or it would be found by chance."""

_BIRTH = re.compile(r"birth_?date|date_of_birth|^dob$")
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
        values: Whole values by kind; a value that equals one is of that kind.
        pairs: First and last names of one person, in lower case and both orders.
        parts: Single names, in lower case.
        areas: ZIP and county codes where people live.
        people: Identifiers of the people, in the order of ``births``.
        births: Their dates of birth, YYYY-MM-DD.
    """

    values: Mapping[Kind, pa.Array] = field(default_factory=dict)
    pairs: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    parts: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    areas: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
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
    by_column = {name: table.columns.get(name, _NOTHING) for name in people.column_names}
    values: dict[Kind, list[pa.Array]] = {}
    for name, declared in by_column.items():
        kind = _KIND_OF.get(declared.identifier)
        if kind and declared.cls is Class.DIRECT:
            values.setdefault(kind, []).append(_long_enough(_flat(people[name])))
    names = {n: d for n, d in by_column.items() if d.identifier == "name" and _is_direct(d)}
    births = next((n for n in by_column if _BIRTH.search(n)), None)
    number = next(n for n, d in by_column.items() if d.identifier == "medical_record_number")
    if kinds.SSN in values:
        values[kinds.SSN] += [pc.replace_substring(each, "-", "") for each in values[kinds.SSN]]
    return Identity(
        values={kind: pa.concat_arrays(found) for kind, found in values.items()},
        pairs=_pairs(people, list(names)),
        parts=_joined([_long_enough(pc.utf8_lower(_flat(people[n])), 3) for n in names]),
        areas=_joined([_flat(people[n]) for n, d in by_column.items() if _is_area(d)], r"^\d{5}"),
        people=_flat(people[number]) if births else pa.array([], pa.string()),
        births=pc.utf8_slice_codeunits(_flat(people[births]), 0, 10)
        if births
        else pa.array([], pa.string()),
    )


_NOTHING = Declaration(None)


def _is_direct(declared: Declaration) -> bool:
    return declared.cls is Class.DIRECT


def _is_area(declared: Declaration) -> bool:
    return declared.cls is Class.QUASI and declared.identifier == "geography"


def _flat(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _long_enough(values: pa.Array, least: int = SHORTEST) -> pa.Array:
    values = pc.unique(values.drop_null())
    return values.filter(pc.greater_equal(pc.utf8_length(values), least))


def _joined(arrays: list[pa.Array], shape: str = "") -> pa.Array:
    if not arrays:
        return pa.array([], pa.string())
    found = pc.unique(pa.concat_arrays(arrays).drop_null())
    return found.filter(pc.match_substring_regex(found, shape)) if shape else found


def _pairs(people: pa.Table, names: list[str]) -> pa.Array:
    """Two names of one person beside each other, one of them the last or maiden name."""
    families = [n for n in names if re.search(r"last|sur|family|maiden", n)]
    given = [n for n in names if n not in families]
    found = []
    for one, other in product(given, families):
        first, last = (pc.utf8_lower(_flat(people[n])) for n in (one, other))
        found += [
            pc.binary_join_element_wise(first, last, " "),
            pc.binary_join_element_wise(last, first, " "),
        ]
    return _joined(found)
