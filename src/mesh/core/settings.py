"""How to reach the lake: from the environment for an external one, else the embedded stack.

External lake, all in the environment (``MESH_TRINO_HOST`` decides):

=========================  ==================================================  ===========
variable                   meaning                                             default
=========================  ==================================================  ===========
MESH_TRINO_HOST            host of the Trino coordinator                       (embedded)
MESH_TRINO_PORT            its port                                            443
MESH_TRINO_SCHEME          https or http                                       https
MESH_TRINO_USER            user that builds                                    mesh
MESH_TRINO_PASSWORD        its secret
MESH_TRINO_CA              PEM bundle that signs Trino's certificate           system's
MESH_CATALOG               the published catalog                               lake
MESH_NESSIE_URI            base address of Nessie, without ``/api`` or
                           ``/iceberg``
MESH_S3_ENDPOINT           address of the S3 service
MESH_S3_REGION             its region                                          us-east-1
MESH_S3_ACCESS_KEY         key of the service account
MESH_S3_SECRET_KEY         its secret
MESH_WAREHOUSE             Nessie warehouse                                    lake
MESH_BUCKET                bucket of that warehouse                            lake
=========================  ==================================================  ===========
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from mesh.core.errors import StackError
from mesh.core.paths import state_dir
from mesh.core.secrets import write_private


@dataclass(frozen=True)
class Lake:
    """Addresses and secrets of one lake. Never print it: it holds secrets."""

    trino_host: str
    trino_port: int
    trino_scheme: str
    trino_user: str
    trino_password: str | None
    trino_ca: str | None
    catalog: str
    nessie_uri: str
    s3_endpoint: str
    s3_region: str
    s3_access_key: str
    s3_secret_key: str
    warehouse: str = "lake"
    bucket: str = "lake"
    embedded: bool = True

    def __repr__(self) -> str:
        return f"Lake({self.trino_scheme}://{self.trino_host}:{self.trino_port}/{self.catalog})"

    @classmethod
    def current(cls) -> Lake:
        """The lake of this process.

        Raises:
            StackError: Neither the environment names one nor is the embedded stack recorded.
        """
        if os.environ.get("MESH_TRINO_HOST"):
            return cls.from_environment(os.environ)
        path = lake_file()
        if not path.exists():
            raise StackError("the stack is not running", hint="start it with `./mesh up`")
        return cls(**json.loads(path.read_text()))

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Lake:
        """The external lake that ``env`` describes; the names are in the module's docstring."""
        required = ["MESH_NESSIE_URI", "MESH_S3_ENDPOINT", "MESH_S3_ACCESS_KEY"]
        missing = [n for n in [*required, "MESH_S3_SECRET_KEY"] if not env.get(n)]
        if missing:
            raise StackError(
                f"MESH_TRINO_HOST is set but {', '.join(missing)} is not",
                expected="all addresses of an external lake, or none",
                hint="see docs/guides/run-in-production.md",
            )
        return cls(
            trino_host=env["MESH_TRINO_HOST"],
            trino_port=int(env.get("MESH_TRINO_PORT", "443")),
            trino_scheme=env.get("MESH_TRINO_SCHEME", "https"),
            trino_user=env.get("MESH_TRINO_USER", "mesh"),
            trino_password=env.get("MESH_TRINO_PASSWORD"),
            trino_ca=env.get("MESH_TRINO_CA"),
            catalog=env.get("MESH_CATALOG", "lake"),
            nessie_uri=env["MESH_NESSIE_URI"].rstrip("/"),
            s3_endpoint=env["MESH_S3_ENDPOINT"],
            s3_region=env.get("MESH_S3_REGION", "us-east-1"),
            s3_access_key=env["MESH_S3_ACCESS_KEY"],
            s3_secret_key=env["MESH_S3_SECRET_KEY"],
            warehouse=env.get("MESH_WAREHOUSE", "lake"),
            bucket=env.get("MESH_BUCKET", "lake"),
            embedded=False,
        )

    def save(self) -> None:
        """Record this lake for other processes of the checkout, mode 0600, whole at any moment."""
        write_private(lake_file(), json.dumps(asdict(self), indent=2) + "\n")


def lake_file() -> Path:
    """Where the embedded stack records its addresses while it runs."""
    return state_dir() / "lake.json"
