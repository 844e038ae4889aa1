"""Who is known: the identifiers of the landed patients, to look for among other values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import product

import pyarrow as pa
import pyarrow.compute as pc

from mesh.privacy.classes import Class
from mesh.privacy.declarations import Declaration
from mesh.privacy.values import kinds, texts
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
TOKENS = (kinds.PATIENT_ID, kinds.SSN)
"""Kinds of which values are looked for inside of others, by the form of a UUID or an SSN."""

_SEPARATOR = re.compile(r"[-. ]")
FORMS = r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}|\d{3}[-. ]?\d{2}[-. ]?\d{4}"
"""Lets through, in RE2, what could hold one."""

_TOKEN = re.compile(rf"(?<![^\W_])(?:{FORMS})(?![^\W_])")


@dataclass(frozen=True)
class Identity:
    """What is known of the people.

    Args:
        values: Whole values in lower case, each with the kind that one equal to it is of; numbers
            of patients and social security numbers also without hyphens.
        beside: Which names go with a name, words in lower case: first with last, and last with
            first.
        parts: Single names, in lower case.
        stems: The same without digits at their end.
        areas: ZIP and county codes where people live.
        people: Identifiers of the people in lower case, in the order of ``births``.
        births: Their dates of birth, YYYY-MM-DD.
    """

    values: Mapping[str, Kind] = field(default_factory=dict)
    beside: Mapping[str, Set[str]] = field(default_factory=dict)
    parts: Set[str] = frozenset()
    stems: Set[str] = frozenset()
    areas: Set[str] = frozenset()
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
    people = pa.table({name: texts.plain(_flat(people, name)) for name in people.column_names})
    for column, each in declared.items():
        found = [value.strip() for value in pc.unique(people[column]).to_pylist() if value]
        if each.cls is Class.DIRECT and each.identifier == "name":
            names.append(column)
            parts |= {value.lower() for value in found if len(value) >= SHORTEST_NAME}
        elif each.cls is Class.DIRECT and (kind := _KIND_OF.get(each.identifier)):
            values |= {value.lower(): kind for value in found if len(value) >= SHORTEST}
            if kind in TOKENS:
                values |= {compact(value): kind for value in found if len(value) >= SHORTEST}
        elif _is_area(each):
            areas |= {value for value in found if _CODE.fullmatch(value)}
        if each.identifier == "medical_record_number":
            number = column
        if _BIRTH.search(column):
            births = column
    known = Identity(values, _beside(people, names), parts, {_cut(one) for one in parts}, areas)
    if not births:
        return known
    numbers = pc.utf8_lower(_flat(people, number))
    return replace(known, people=numbers, births=_flat(people, births))


def compact(value: str) -> str:
    """An identifier in lower case without what separates its groups."""
    return _SEPARATOR.sub("", value.lower())


def _cut(word: str) -> str:
    return word.rstrip("0123456789")


def _is_area(declared: Declaration) -> bool:
    return declared.cls is Class.QUASI and declared.identifier == "geography"


def _flat(people: pa.Table, column: str) -> pa.Array:
    found = people[column]
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _beside(people: pa.Table, names: list[str]) -> dict[str, set[str]]:
    """Which words stand beside each other in the name of one person, one of the family's."""
    families = [name for name in names if _FAMILY.search(name)]
    split = {name: texts.words(_flat(people, name)).to_pylist() for name in names}
    found: dict[str, set[str]] = {}
    for one, other in product([name for name in names if name not in families], families):
        for first, last in zip(split[one], split[other], strict=True):
            for a, b in product(filter(None, first or ()), filter(None, last or ())):
                found.setdefault(a, set()).add(b)
                found.setdefault(b, set()).add(a)
    return found


def names_in(words: Sequence[str], beside: Mapping[str, Set[str]]) -> bool:
    """Whether a first and a last name of one person follow each other, or one word is between.

    Args:
        words: The words of a text in lower case; digits at the end of one may be no part of it.
        beside: Which names go with a name.
    """
    for place, word in enumerate(words):
        goes = beside.get(word) or beside.get(_cut(word))
        if goes and any(w in goes or _cut(w) in goes for w in words[place + 1 : place + 3]):
            return True
    return False


def tokens_in(value: str, known: Mapping[str, Kind]) -> Iterator[Kind]:
    """The kinds of the known identifiers that stand in a text, by their form."""
    for token in _TOKEN.finditer(value):
        if kind := known.get(compact(token[0])):
            yield kind
