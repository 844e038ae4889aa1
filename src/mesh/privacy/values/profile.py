"""Counts, over the batches of a table, what the values of its columns look like.

Every distinct value of a batch passes the vectorised looks: whether it equals an identifier of a
known person, holds a known person's name, or could be of a kind of which one value is enough. What
could be, and a sample spread evenly over each batch, is then looked at value by value. Memory and
time per batch are bounded; nothing is drawn by chance, so the same rows give the same counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from mesh.privacy.values import kinds, patterns, texts
from mesh.privacy.values.identity import FORMS, Identity, names_in, tokens_in
from mesh.privacy.values.kinds import Kind

SAMPLE = 200
"""Distinct values of a column and batch that are looked at one by one."""

CANDIDATES = 200
"""Values of a column and batch that a kind's expression let through and that are checked."""

SAMPLES = 5_000
"""Values of a column that are looked at one by one in all; later batches pass the rest."""

LONGEST = 4_000
"""Characters of a value that are looked at as a whole; of a longer one, what stands out."""

_DATE = r"^\d{4}-\d\d-\d\d|^\d\d?/\d\d?/\d{4}$|^(19|20)\d{6}$"


@dataclass
class Column:
    """What was counted of one column.

    Args:
        rows: Rows with a value.
        distinct: Distinct values, each batch for itself.
        sampled: Values that were looked at one by one.
        hits: Rows that hold a value of a kind of which one is enough, by kind.
        likely: Values of the sample that look like a kind, by kind.
        areas: Values of the sample that are the ZIP or county code of a known person.
        dated: Values of the sample that are a date.
        births: Rows of known people whose value is their date of birth, of ``about``.
        born: People of whom it is.
    """

    rows: int = 0
    distinct: int = 0
    sampled: int = 0
    hits: Counter[Kind] = field(default_factory=Counter)
    likely: Counter[Kind] = field(default_factory=Counter)
    areas: int = 0
    dated: int = 0
    births: int = 0
    about: int = 0
    born: int = 0


@dataclass
class Profile:
    """What was counted of a table; ``rows`` are all that were looked at."""

    identity: Identity = field(default_factory=Identity)
    columns: dict[str, Column] = field(default_factory=dict)
    rows: int = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Count a batch; columns that are no text are passed by."""
        self.rows += batch.num_rows
        columns = {
            name.lower(): texts.plain(values.cast(pa.string()))
            for name, values in zip(batch.schema.names, batch.columns, strict=True)
            if pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
        }
        for name, values in columns.items():
            self._count(self.columns.setdefault(name, Column()), values.drop_null())
        if columns and len(self.identity.people):
            self._births(columns)

    def _count(self, column: Column, values: pa.Array) -> None:
        if not len(values):
            return
        counted = pc.value_counts(values)
        distinct, counts = counted.field("values"), counted.field("counts")
        column.rows += len(values)
        column.distinct += len(distinct)
        known = self._known(distinct)
        for kind, places in known.items():
            _hit(column, kind, counts.take(pa.array(sorted(places), pa.int64())))
        _count_candidates(column, distinct, counts, known)
        if column.sampled < SAMPLES:
            sample = _spread(distinct, SAMPLE)
            column.sampled += len(sample)
            column.dated += _true(pc.match_substring_regex(sample, _DATE))
            for value in sample.to_pylist():
                column.likely.update(set(patterns.likely(value[:LONGEST], self.identity.stems)))
                column.likely[kinds.NAME_PART] += value.strip().lower() in self.identity.parts
                column.areas += value.strip() in self.identity.areas

    def _known(self, distinct: pa.Array) -> dict[Kind, set[int]]:
        """Places of values that hold an identifier or the name of a known person, by kind."""
        values, found = self.identity.values, defaultdict[Kind, set[int]](set)
        whole = pc.utf8_lower(pc.utf8_trim_whitespace(distinct)).to_pylist()
        for place, value in enumerate(whole):
            if kind := values.get(value):
                found[kind].add(place)
        for place in _where(distinct, FORMS) if values else ():
            for kind in tokens_in(whole[place], values):
                found[kind].add(place)
        if self.identity.beside:
            several = _where(distinct, texts.SEVERAL)
            words = texts.words(distinct.take(pa.array(several, pa.int64()))).to_pylist()
            named = zip(several, words, strict=True)
            found[kinds.NAME] = {at for at, each in named if names_in(each, self.identity.beside)}
        return found

    def _births(self, columns: dict[str, pa.Array]) -> None:
        """Count the values that are the date of birth of the person whom the row is about."""
        people, births = self.identity.people, self.identity.births
        subject = max(columns, key=lambda name: self.columns[name].hits[kinds.PATIENT_ID])
        if not self.columns[subject].hits[kinds.PATIENT_ID]:
            return
        places = pc.index_in(pc.utf8_lower(pc.utf8_trim_whitespace(columns[subject])), people)
        born = births.take(places)
        month_first = pc.replace_substring_regex(born, r"^(\d+)-(\d+)-(\d+)$", r"\2/\3/\1")
        without = pc.replace_substring(born, "-", "")
        for name, values in columns.items():
            dates = pc.match_substring_regex(values, _DATE)
            if not _true(dates):
                continue
            same = pc.or_(
                pc.equal(pc.utf8_slice_codeunits(values, 0, 10), born),
                pc.or_(pc.equal(values, month_first), pc.equal(values, without)),
            )
            column = self.columns[name]
            column.about += _true(pc.and_(dates, pc.is_valid(born)))
            column.births += _true(same)
            column.born += len(pc.unique(places.filter(pc.fill_null(same, False))))


def _count_candidates(
    column: Column, distinct: pa.Array, counts: pa.Array, known: Mapping[Kind, Set[int]]
) -> None:
    """Look closely at what could be of a kind of which one value is enough, kind by kind.

    Where there is more of one kind than is looked at, what is found stands for the rest.
    """
    rare = pc.indices_nonzero(pc.match_substring_regex(distinct, patterns.RARE))
    for proof in patterns.PROOFS if len(rare) else ():
        could = pc.match_substring_regex(distinct.take(rare), proof.rare)
        places = [
            at for at in rare.filter(could).to_pylist() if at not in known.get(proof.kind, ())
        ]
        looked = _spread(pa.array(places, pa.int64()), CANDIDATES)
        values, rows = distinct.take(looked).to_pylist(), counts.take(looked).to_pylist()
        found = sum(
            count
            for value, count in zip(values, rows, strict=True)
            if any(map(proof.holds, texts.pieces(value, proof.pattern, LONGEST)))
        )
        if found:
            column.hits[proof.kind] += round(found * len(places) / len(looked))


def _hit(column: Column, kind: Kind, counts: pa.Array) -> None:
    if rows := pc.sum(counts).as_py():
        column.hits[kind] += rows


def _spread(values: pa.Array, most: int) -> pa.Array:
    """At most so many of the values, at even distances."""
    if len(values) <= most:
        return values
    return values.take(pa.array([place * len(values) // most for place in range(most)]))


def _where(values: pa.Array, pattern: str) -> list[int]:
    """The places of the values in which the expression of RE2 is found."""
    found: list[int] = pc.indices_nonzero(pc.match_substring_regex(values, pattern)).to_pylist()
    return found


def _true(mask: pa.Array) -> int:
    return pc.sum(mask).as_py() or 0
