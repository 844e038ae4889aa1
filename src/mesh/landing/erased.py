"""The list of erased people, by which a later landing knows their rows and leaves them out.

It lies in the vault and holds no identifier: only a keyed digest, made with a key that is derived
from the patients' pseudonym key for this use alone, so that it equals no pseudonym that was ever
published.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.schema import Schema
from pyiceberg.types import BinaryType, NestedField, TimestamptzType

from mesh.core.secrets import secrets
from mesh.core.settings import Lake
from mesh.lake.names import VAULT
from mesh.landing import tables
from mesh.landing.files import SourceFile

TABLE = f"{VAULT}.erased_subjects"
_SCHEMA = Schema(
    NestedField(1, "subject", BinaryType(), required=True, doc="Keyed digest of the identifier"),
    NestedField(2, "erased_at", TimestamptzType(), required=True, doc="When it was asked for"),
)
_USE = b"mesh: list of erased subjects"
_NAME = "surname: "


def digest(identifier: str) -> bytes:
    """The keyed digest by which the list knows a person, 32 bytes."""
    return hmac.digest(_key(), identifier.encode(), hashlib.sha256)


@cache
def _key() -> bytes:
    return hmac.digest(secrets().pseudonym_key("patients"), _USE, hashlib.sha256)


def listed(lake: Lake, ref: str) -> frozenset[bytes]:
    """The digests of all erased people on a reference."""
    catalog = tables.open_catalog(lake, ref)
    with tables.translated(ref):
        table = tables.load_table(catalog, TABLE)
        found = table.scan().to_arrow()["subject"].to_pylist() if table else []
    return frozenset(found)


def add(lake: Lake, ref: str, identifier: str, surnames: Iterable[str] = ()) -> bool:
    """Put a person on the list of a branch; whether they were not on it.

    Args:
        lake: The lake.
        ref: The branch.
        identifier: The patient's identifier in the clinical system.
        surnames: Names by which rows about others may name the person.
    """
    wanted = {digest(identifier), *(digest(_NAME + each) for each in surnames)}
    missing = sorted(wanted - listed(lake, ref))
    if not missing:
        return False
    catalog = tables.open_catalog(lake, ref)
    types = [("subject", pa.binary()), ("erased_at", pa.timestamp("us", tz="UTC"))]
    rows = pa.table(
        {"subject": missing, "erased_at": [datetime.now(UTC)] * len(missing)},
        schema=pa.schema([pa.field(name, kind, nullable=False) for name, kind in types]),
    )
    comment = "Keyed digests of erased people, so that no landing brings them back"
    tables.append_rows(catalog, ref, TABLE, _SCHEMA, comment, rows)
    return True


def without(batch: pa.RecordBatch, file: SourceFile, known: frozenset[bytes]) -> pa.RecordBatch:
    """The rows of a landing batch that are about nobody on the list, and that name nobody on it."""
    if not known or file.subject_column is None:
        return batch
    about_them = about(batch.column(file.subject_column), known)
    kept = batch if about_them is None else batch.filter(pc.invert(about_them))
    if file.naming_column is None:
        return kept
    place = kept.schema.get_field_index(file.naming_column)
    names = kept.column(place)
    naming_them = naming(names, known)
    if naming_them is None:
        return kept
    blanked = pc.if_else(naming_them, pa.scalar(None, names.type), names)
    return kept.set_column(place, kept.schema.field(place), blanked)


def about(subjects: pa.Array, known: frozenset[bytes]) -> pa.Array | None:
    """Which of the identifiers are of people on the list; None where none is."""
    return _those(subjects, lambda each: digest(each) in known)


def naming(names: pa.Array, known: frozenset[bytes]) -> pa.Array | None:
    """Which of the names have a surname of somebody on the list in them; None where none has."""
    return _those(names, lambda each: any(digest(_NAME + word) in known for word in each.split()))


def _those(values: pa.Array, is_listed: Callable[[str], bool]) -> pa.Array | None:
    """A mask of the values that are listed, NULL counting as not; None where none is."""
    found = [each for each in pc.unique(values).to_pylist() if each and is_listed(each)]
    if not found:
        return None
    return pc.fill_null(pc.is_in(values, pa.array(found, values.type)), False)
