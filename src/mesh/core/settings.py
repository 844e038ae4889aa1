"""How to reach the lake: from the environment for an external one, else the embedded stack.

External lake, all in the environment (``MESH_TRINO_HOST`` decides). An empty variable counts as
none. Trino is spoken to through TLS alone.

=========================  ==================================================  ===========
variable                   meaning                                             default
=========================  ==================================================  ===========
MESH_TRINO_HOST            host of the Trino coordinator                       (embedded)
MESH_TRINO_PORT            its port                                            443
MESH_TRINO_USER            user that builds                                    mesh
MESH_TRINO_PASSWORD        its secret
MESH_TRINO_CA              PEM bundle that signs Trino's certificate           system's
MESH_CATALOG               the published catalog                               lake
MESH_NESSIE_URI            base address of Nessie, without ``/api`` or
                           ``/iceberg``
MESH_NESSIE_TOKEN          token of the service account for Nessie            (none)
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
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from mesh.core.errors import StackError
from mesh.core.paths import state_dir
from mesh.core.secrets import write_private

REQUIRED = (
    "MESH_TRINO_PASSWORD",
    "MESH_NESSIE_URI",
    "MESH_S3_ENDPOINT",
    "MESH_S3_ACCESS_KEY",
    "MESH_S3_SECRET_KEY",
)
"""What has no default once ``MESH_TRINO_HOST`` is set."""

_BEARER_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
"""As RFC 6750 says; the client that refuses to send anything else would show it in its error."""


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
    nessie_token: str | None = None

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
        """The external lake that ``env`` describes; the names are in the module's docstring.

        Raises:
            StackError: A variable is missing or holds what cannot be.
        """
        missing = [name for name in REQUIRED if not env.get(name)]
        if missing:
            raise StackError(
                f"MESH_TRINO_HOST is set but {', '.join(missing)} is not",
                expected="all addresses of an external lake, or none",
                hint="see docs/guides/run-in-production.md",
            )
        scheme = env.get("MESH_TRINO_SCHEME") or "https"
        if scheme != "https":
            raise StackError(
                f"MESH_TRINO_SCHEME is {scheme!r}",
                expected="https: the password of the service account goes through TLS alone",
                hint="leave the variable out; MESH_TRINO_CA names who signs the certificate",
            )
        port = env.get("MESH_TRINO_PORT") or "443"
        if not (port.isascii() and port.isdigit() and 0 < int(port) < 2**16):
            raise StackError(f"MESH_TRINO_PORT is {port!r}", expected="a port, as 443")
        token = env.get("MESH_NESSIE_TOKEN") or None
        if token and not _BEARER_TOKEN.fullmatch(token):
            raise StackError(
                "MESH_NESSIE_TOKEN is no bearer token",
                expected="letters, digits and -._~+/= alone: no space and no end of line",
            )
        return cls(
            trino_host=env["MESH_TRINO_HOST"],
            trino_port=int(port),
            trino_scheme=scheme,
            trino_user=env.get("MESH_TRINO_USER") or "mesh",
            trino_password=env["MESH_TRINO_PASSWORD"],
            trino_ca=env.get("MESH_TRINO_CA") or None,
            catalog=env.get("MESH_CATALOG") or "lake",
            nessie_uri=env["MESH_NESSIE_URI"].rstrip("/"),
            s3_endpoint=env["MESH_S3_ENDPOINT"],
            s3_region=env.get("MESH_S3_REGION") or "us-east-1",
            s3_access_key=env["MESH_S3_ACCESS_KEY"],
            s3_secret_key=env["MESH_S3_SECRET_KEY"],
            warehouse=env.get("MESH_WAREHOUSE") or "lake",
            bucket=env.get("MESH_BUCKET") or "lake",
            embedded=False,
            nessie_token=token,
        )

    def save(self) -> None:
        """Record this lake for other processes of the checkout, mode 0600, whole at any moment."""
        write_private(lake_file(), json.dumps(asdict(self), indent=2) + "\n")


def lake_file() -> Path:
    """Where the embedded stack records its addresses while it runs."""
    return state_dir() / "lake.json"
