"""The secret keys in the lake: a table that makes the identity map of patients, and keys of rows.

Keys in a table, and not in SQL text, stay out of compiled models, query logs and plans.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.types import BinaryType, NestedField, StringType

from mesh.core.errors import LakeError
from mesh.core.settings import Lake
from mesh.lake.names import VAULT
from mesh.landing import tables

TABLE = f"{VAULT}.pseudonym_keys"
_SCHEMA = Schema(
    NestedField(1, "domain", StringType(), required=True, doc="Domain whose pseudonyms it makes"),
    NestedField(2, "key", BinaryType(), required=True, doc="Key of the HMAC, 32 bytes"),
)


def ensure_keys(lake: Lake, ref: str, keys: Mapping[str, bytes]) -> bool:
    """Have the keys in the vault table of a reference.

    Args:
        lake: Where to.
        ref: A Nessie branch.
        keys: Each domain's key.

    Returns:
        Whether something had to be written.

    Raises:
        LakeError: The table holds another key for a domain. It is never overwritten, because
            every pseudonym of that domain would change.
    """
    catalog = tables.open_catalog(lake, ref)
    with tables.translated(ref):
        table = tables.load_table(catalog, TABLE)
        present = _present(table) if table else {}
    changed = sorted(name for name in keys if present.get(name, keys[name]) != keys[name])
    if changed:
        raise LakeError(
            f"{TABLE} on {ref} holds other keys than this checkout's secrets for "
            f"{', '.join(changed)}",
            expected="the keys that made the pseudonyms in this lake",
            hint="restore the secrets file that belongs to this lake, or use a new lake",
        )
    missing = {name: key for name, key in keys.items() if name not in present}
    if missing:
        _write(catalog, ref, missing)
    return bool(missing)


def _present(table: Table) -> dict[str, bytes]:
    return {row["domain"]: row["key"] for row in table.scan().to_arrow().to_pylist()}


def _write(catalog: RestCatalog, ref: str, keys: Mapping[str, bytes]) -> None:
    rows = pa.table(
        {"domain": list(keys), "key": list(keys.values())},
        schema=pa.schema(
            [
                pa.field("domain", pa.string(), nullable=False),
                pa.field("key", pa.binary(), nullable=False),
            ]
        ),
    )
    comment = "Keys of the patients' pseudonyms; read by the identity map alone"
    tables.append_rows(catalog, ref, TABLE, _SCHEMA, comment, rows)
