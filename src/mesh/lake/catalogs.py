"""Trino's catalogs over the branches of the lake: one catalog shows one branch or tag."""

from __future__ import annotations

from mesh.core.settings import Lake
from mesh.lake.names import identifier, literal, reference
from mesh.lake.trino import query

SECRET_VARIABLES = ("MESH_S3_ACCESS_KEY", "MESH_S3_SECRET_KEY", "MESH_NESSIE_TOKEN")
"""Variables of Trino's own environment that hold the S3 key and secret and the token for Nessie, so
that none stands in query texts; a cluster that somebody else runs has to set them too."""


def create_catalog(lake: Lake, name: str, ref: str) -> None:
    """Make catalog ``name`` over branch or tag ``ref``, made anew when it is there.

    The next statement sees the new one. A statement that still runs through the old one fails
    with "No catalog"; it never writes to the new one's branch.
    """
    drop_catalog(lake, name)
    query(lake, creation(lake, name, ref))


def ensure_catalog(lake: Lake, name: str, ref: str) -> None:
    """Make catalog ``name`` unless one of that name is there."""
    query(lake, creation(lake, name, ref, unless_exists=True))


def drop_catalog(lake: Lake, name: str) -> None:
    """Drop catalog ``name`` when it is there; what it shows stays in the lake."""
    query(lake, f"drop catalog if exists {identifier(name)}")


def catalogs(lake: Lake) -> set[str]:
    """The names of all catalogs, Trino's own among them."""
    return {str(row[0]) for row in query(lake, "show catalogs")}


def creation(lake: Lake, name: str, ref: str, *, unless_exists: bool = False) -> str:
    """The statement that makes catalog ``name`` over ``ref``."""
    access, secret, token = SECRET_VARIABLES
    properties = {
        "iceberg.catalog.type": "rest",
        "iceberg.rest-catalog.uri": f"{lake.nessie_uri}/iceberg/{reference(ref)}",
        "iceberg.rest-catalog.warehouse": lake.warehouse,
        # Else a table made anew would share its folder with the one it replaces on other branches.
        "iceberg.unique-table-location": "true",
        # Else each write makes a Puffin file of sketches of every column: unkeyed hashes of values,
        # names and numbers of people among them.
        "iceberg.extended-statistics.collect-on-write": "false",
        "fs.native-s3.enabled": "true",
        "s3.endpoint": lake.s3_endpoint,
        "s3.region": lake.s3_region,
        "s3.path-style-access": "true",
        "s3.aws-access-key": f"${{ENV:{access}}}",
        "s3.aws-secret-key": f"${{ENV:{secret}}}",
    }
    if lake.nessie_token:
        properties |= {
            "iceberg.rest-catalog.security": "OAUTH2",
            "iceberg.rest-catalog.oauth2.token": f"${{ENV:{token}}}",
            # Nessie's own endpoint for tokens issues none.
            "iceberg.rest-catalog.oauth2.token-refresh-enabled": "false",
        }
    listed = ",\n  ".join(f'"{key}" = {literal(value)}' for key, value in properties.items())
    clause = "if not exists " if unless_exists else ""
    return f"create catalog {clause}{identifier(name)} using iceberg with (\n  {listed}\n)"
