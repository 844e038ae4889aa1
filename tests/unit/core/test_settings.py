"""An external lake is named whole, and its password never goes over an open line."""

from __future__ import annotations

import pytest

from mesh.core.errors import StackError
from mesh.core.settings import REQUIRED, Lake

ENVIRONMENT = {
    "MESH_TRINO_HOST": "trino.example",
    "MESH_TRINO_PASSWORD": "word",
    "MESH_NESSIE_URI": "https://nessie.example/",
    "MESH_S3_ENDPOINT": "https://s3.example",
    "MESH_S3_ACCESS_KEY": "key",
    "MESH_S3_SECRET_KEY": "word",
}


def test_what_is_left_out_has_its_default_and_so_has_what_is_empty() -> None:
    """A continuous integration sets the variables that nobody gave it to nothing."""
    optional = ("SCHEME", "PORT", "USER", "CA")
    empty = {f"MESH_TRINO_{name}": "" for name in optional}
    empty["MESH_NESSIE_TOKEN"] = ""
    empty |= dict.fromkeys(("MESH_CATALOG", "MESH_S3_REGION", "MESH_WAREHOUSE", "MESH_BUCKET"), "")
    lake = Lake.from_environment(ENVIRONMENT)
    assert Lake.from_environment({**ENVIRONMENT, **empty}) == lake
    assert (lake.trino_scheme, lake.trino_port, lake.trino_user) == ("https", 443, "mesh")
    assert (lake.trino_ca, lake.nessie_token, lake.embedded) == (None, None, False)
    assert (lake.catalog, lake.warehouse, lake.bucket) == ("lake", "lake", "lake")
    assert (lake.nessie_uri, lake.s3_region) == ("https://nessie.example", "us-east-1")


def test_a_token_for_nessie_is_taken_and_never_shown() -> None:
    lake = Lake.from_environment({**ENVIRONMENT, "MESH_NESSIE_TOKEN": "the-token"})
    assert lake.nessie_token == "the-token"
    assert "the-token" not in repr(lake)


@pytest.mark.parametrize("token", ["the-token\n", "the token", "Bearer the-token", "töken"])
def test_what_is_no_token_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(StackError, match="MESH_NESSIE_TOKEN is no bearer token") as caught:
        Lake.from_environment({**ENVIRONMENT, "MESH_NESSIE_TOKEN": token})
    assert token not in str(caught.value)


@pytest.mark.parametrize("scheme", ["http", "HTTP", "ftp"])
def test_a_line_that_is_not_encrypted_is_refused(scheme: str) -> None:
    with pytest.raises(StackError, match=f"MESH_TRINO_SCHEME is '{scheme}'") as caught:
        Lake.from_environment({**ENVIRONMENT, "MESH_TRINO_SCHEME": scheme})
    assert (caught.value.expected or "").startswith("https")


@pytest.mark.parametrize("port", ["https", "0", "65536", "-1", "8443.0"])
def test_a_port_that_cannot_be_is_named(port: str) -> None:
    with pytest.raises(StackError, match=f"MESH_TRINO_PORT is '{port}'"):
        Lake.from_environment({**ENVIRONMENT, "MESH_TRINO_PORT": port})


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(StackError, match=f"but {name} is not"):
        Lake.from_environment({**ENVIRONMENT, name: ""})
