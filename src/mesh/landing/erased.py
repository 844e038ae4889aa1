"""The list of erased people, by which a later landing knows their rows and leaves them out.

It lies in the vault and holds no identifier: only a keyed digest, made with a key that is derived
from the patients' pseudonym key for this use alone, so that it equals no pseudonym that was ever
published.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.schema import Schema
from pyiceberg.types import BinaryType, NestedField, TimestamptzType

from mesh.core.secrets import secrets
from mesh.core.settings import Lake
from mesh.landing import tables
from mesh.landing.files import SourceFile
from mesh.landing.keys import NAMESPACE

TABLE = f"{NAMESPACE}.erased_subjects"
_SCHEMA = Schema(
    NestedField(1, "subject", BinaryType(), required=True, doc="Keyed digest of the identifier"),
    NestedField(2, "erased_at", TimestamptzType(), required=True, doc="When it was asked for"),
)
_USE = b"mesh: list of erased subjects"


def digest(identifier: str) -> bytes:
    """The keyed digest by which the list knows a person, 32 bytes."""
    key = hmac.digest(secrets().pseudonym_key("patients"), _USE, hashlib.sha256)
    return hmac.digest(key, identifier.encode(), hashlib.sha256)


def listed(lake: Lake, ref: str) -> frozenset[bytes]:
    """The digests of all erased people on a reference."""
    catalog = tables.open_catalog(lake, ref)
    with tables.translated(ref):
        table = tables.load_table(catalog, TABLE)
        found = table.scan().to_arrow()["subject"].to_pylist() if table else []
    return frozenset(found)


def add(lake: Lake, ref: str, identifier: str) -> bool:
    """Put a person on the list of a branch; whether they were not on it."""
    if digest(identifier) in listed(lake, ref):
        return False
    catalog = tables.open_catalog(lake, ref)
    types = [("subject", pa.binary()), ("erased_at", pa.timestamp("us", tz="UTC"))]
    rows = pa.table(
        {"subject": [digest(identifier)], "erased_at": [datetime.now(UTC)]},
        schema=pa.schema([pa.field(name, kind, nullable=False) for name, kind in types]),
    )
    with tables.translated(ref):
        tables.make_namespaces(catalog, {NAMESPACE})
        table = tables.load_table(catalog, TABLE)
        if table is None:
            comment = "Keyed digests of erased people, so that no landing brings them back"
            staged = tables.stage(catalog, TABLE, _SCHEMA, tables.UNPARTITIONED, comment)
        else:
            staged = table.transaction()
        staged.append(rows)
    tables.commit(catalog, ref, [tables.change(TABLE, staged, table)])
    return True


def without(batch: pa.RecordBatch, file: SourceFile, known: frozenset[bytes]) -> pa.RecordBatch:
    """The rows of a landing batch that are about nobody on the list."""
    column = file.subject_column
    if not known or column is None:
        return batch
    values = batch.column(column)
    listed = [each for each in pc.unique(values).to_pylist() if each and digest(each) in known]
    if not listed:
        return batch
    about_them = pc.fill_null(pc.is_in(values, pa.array(listed, values.type)), False)
    return batch.filter(pc.invert(about_them))
