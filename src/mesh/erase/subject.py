"""Who is to be erased: one person by the identifier of the source, and their pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property

from mesh.core.errors import LakeError
from mesh.core.secrets import DOMAINS, secrets
from mesh.core.settings import Lake
from mesh.erase import landing
from mesh.lake.names import MAIN
from mesh.landing import erased, tables

IDENTITY = "patients_identity.identity_patients__keys"


@dataclass(frozen=True)
class Subject:
    """A person; never printed.

    Args:
        identifier: The patient's identifier in the clinical system, as the landing tables hold it.
    """

    identifier: str

    def __repr__(self) -> str:
        return "Subject(…)"

    @cached_property
    def pseudonyms(self) -> dict[str, str]:
        """The person's pseudonym of each domain, as the macro ``pseudonym`` makes it."""
        return {
            domain: hmac.digest(
                secrets().pseudonym_key(domain), self.identifier.encode(), hashlib.sha256
            ).hex()
            for domain in DOMAINS
        }

    @property
    def reference(self) -> str:
        """By what evidence names the person: the digest of the list of erased people, in hex."""
        return erased.digest(self.identifier).hex()


def find(lake: Lake, name: str) -> Subject:
    """The person whom ``name``, an identifier of the source or a pseudonym, means.

    Raises:
        LakeError: Nobody is known by it and nobody of that identifier was erased.
    """
    name = name.strip()
    known = _in_the_identity_map(lake, name)
    if known:
        return Subject(known)
    if landing.rows_of(lake, MAIN, name) or erased.digest(name) in erased.listed(lake, MAIN):
        return Subject(name)
    raise LakeError(
        "nobody is known by this identifier",
        expected="a patient's identifier of the clinical system, or their pseudonym of a domain",
        hint="an erasure that was cut off goes on with the identifier, not with a pseudonym",
    )


def _in_the_identity_map(lake: Lake, name: str) -> str | None:
    """Asked through Iceberg: a query's text would stand in Trino's history with the name in it."""
    catalog = tables.open_catalog(lake, MAIN)
    with tables.translated(MAIN):
        table = tables.load_table(catalog, IDENTITY)
        if table is None:
            return None
        for column in ("patient_id", "patient_key"):
            named = tables.among(column, [name])
            rows = table.scan(row_filter=named, selected_fields=("patient_id",)).to_arrow()
            if rows.num_rows:
                return str(rows["patient_id"][0])
    return None
