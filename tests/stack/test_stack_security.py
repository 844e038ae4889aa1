"""The stack is closed: loopback only, TLS, passwords, and no rights but the service user's."""

from __future__ import annotations

import base64
import hmac
import http.client
import ipaddress
import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest
import requests
from trino.auth import BasicAuthentication
from trino.dbapi import connect
from trino.exceptions import HttpError, TrinoUserError

from mesh.core.errors import LakeError
from mesh.core.nessie_token import issue
from mesh.core.paths import ROOT, state_dir
from mesh.core.secrets import secrets
from mesh.core.settings import Lake, lake_file
from mesh.lake.nessie import Nessie
from mesh.lake.trino import connect as lake_connect
from mesh.lake.trino import query
from mesh.stack.record import load_record
from mesh.stack.services import NAMES
from tests.stack.lake_parts import release


def test_every_socket_listens_on_loopback_only(lake: Lake) -> None:
    started = load_record().services
    assert set(started) == set(NAMES)
    listening: dict[str, set[int]] = {}
    for name, service in started.items():
        parent = psutil.Process(service.running.pid)
        for process in [parent, *parent.children(recursive=True)]:
            for one in process.net_connections("all"):
                if one.status == psutil.CONN_LISTEN:
                    assert is_loopback(one.laddr.ip), f"{name} listens on {one.laddr}"
                    listening.setdefault(name, set()).add(one.laddr.port)
                elif one.type == 2 and one.laddr:  # datagrams have no state
                    assert is_loopback(one.laddr.ip), f"{name} receives on {one.laddr}"
    ports = load_record().ports
    assert listening == {
        "s3": {ports["s3"]},
        "nessie": {ports["nessie"], ports["nessie_management"]},
        "trino": {ports["trino"]},
    }


def is_loopback(address: str) -> bool:
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return found.ipv4_mapped.is_loopback
    return found.is_loopback


def test_secrets_lie_in_private_files_only(lake: Lake) -> None:
    secrets = [secret.encode() for secret in secrets_of(lake)]
    assert state_dir().stat().st_mode & 0o077 == 0
    for path in state_dir().rglob("*"):
        data = path.is_relative_to(state_dir() / "data")
        if path.is_file() and not data and any(s in path.read_bytes() for s in secrets):
            assert path.stat().st_mode & 0o077 == 0, path
            assert path.parent.name != "logs", f"{path} holds a secret"


def secrets_of(lake: Lake) -> list[str]:
    """What opens the three services."""
    found = [lake.trino_password, lake.s3_secret_key, lake.nessie_token]
    assert all(found)
    return [secret for secret in found if secret]


def test_the_token_for_nessie_lies_in_no_other_file(lake: Lake) -> None:
    """Neither in the data of a service nor in a configuration, and what signed it is nowhere."""
    token = str(lake.nessie_token).encode()
    files = [path for path in state_dir().rglob("*") if path.is_file()]
    holding = {path for path in files if token in path.read_bytes()}
    assert holding == {lake_file(), state_dir() / "secrets.json"}
    assert [path for path in files if b"BEGIN RSA PRIVATE" in path.read_bytes()] == []


def test_no_command_line_shows_a_secret(lake: Lake) -> None:
    for service in load_record().services.values():
        words = " ".join(psutil.Process(service.running.pid).cmdline())
        assert not [secret for secret in secrets_of(lake) if secret in words]


@pytest.mark.parametrize(("user", "password"), [("mesh", "wrong"), ("bob", "wrong"), ("bob", "")])
def test_trino_refuses_who_has_no_password(lake: Lake, user: str, password: str) -> None:
    with pytest.raises(HttpError, match="401"):
        select_1(lake, BasicAuthentication(user, password), user)


def test_trino_refuses_a_request_without_a_password(lake: Lake) -> None:
    with pytest.raises(HttpError, match="401"):
        select_1(lake, None, "mesh")


def test_the_service_user_cannot_act_for_others(lake: Lake) -> None:
    with pytest.raises((HttpError, TrinoUserError), match="cannot impersonate user bob"):
        select_1(lake, BasicAuthentication("mesh", str(lake.trino_password)), "bob")


def select_1(lake: Lake, auth: BasicAuthentication | None, user: str) -> object:
    session = requests.Session()
    session.trust_env = False
    session.verify = str(lake.trino_ca)
    connection = connect(  # type: ignore[no-untyped-call]
        host=lake.trino_host,
        port=lake.trino_port,
        user=user,
        http_scheme="https",
        auth=auth,
        http_session=session,
    )
    try:
        return connection.cursor().execute("select 1").fetchall()
    finally:
        session.close()


def test_trino_does_not_speak_without_tls(lake: Lake) -> None:
    plain = http.client.HTTPConnection(lake.trino_host, lake.trino_port, timeout=10)
    try:
        with pytest.raises((http.client.HTTPException, OSError)):
            plain.request("GET", "/v1/info")
            plain.getresponse()
    finally:
        plain.close()


def test_trinos_certificate_is_signed_by_the_local_authority_alone(lake: Lake) -> None:
    for trust, works in ((ssl.create_default_context(cafile=lake.trino_ca), True), (None, False)):
        context = trust or ssl.create_default_context()
        secure = http.client.HTTPSConnection(
            lake.trino_host, lake.trino_port, timeout=10, context=context
        )
        try:
            if works:
                secure.request("GET", "/v1/info")
                assert json.loads(secure.getresponse().read())["starting"] is False
            else:
                with pytest.raises(ssl.SSLCertVerificationError):
                    secure.connect()
        finally:
            secure.close()


def test_s3_refuses_what_is_not_signed(lake: Lake) -> None:
    """S3Proxy shows everybody what the file system lets others read; the mask closes that."""
    query(lake, "create schema if not exists dev.security")
    query(lake, "create or replace table dev.security.signed as select 'secret' as word")
    root = state_dir() / "data" / "s3"
    files = [path for path in root.rglob("*") if path.is_file()]
    assert any(path.suffix == ".parquet" for path in files)
    paths = ["/", "/lake", "/lake?list-type=2"]
    paths += [f"/{path.relative_to(root)}" for path in files]
    port = int(lake.s3_endpoint.rpartition(":")[2])
    answers = {path: unsigned(port, "GET", path) for path in paths}
    assert set(answers.values()) == {403}, answers
    assert unsigned(port, "PUT", "/lake/new") == 403
    query(lake, "drop table dev.security.signed")
    query(lake, "drop schema dev.security")


def unsigned(port: int, method: str, path: str, headers: Mapping[str, str] | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        return connection.getresponse().status
    finally:
        connection.close()


NESSIE_PATHS = (
    "/",
    "/api/v1/trees",
    "/api/v2/config",
    "/api/v2/trees",
    "//api/v2/trees",
    "/tree/../api/v2/trees",
    "/tree/main",
    "/nessie-openapi/openapi.yaml",
    "/favicon.ico",
    "/iceberg/main/v1/config",
    "/iceberg/v1/main/namespaces",
    "/iceberg/v1/oauth/tokens",
    "/iceberg-ext/v1/client-template/trino?format=static",
    "/q/health",
    "/q/metrics",
)
"""What Nessie answers: both versions of its API, the Iceberg endpoint, and as shipped its pages."""


def forged(lake: Lake) -> dict[str, str]:
    """What somebody may send who has not the token, by what is wrong with it."""
    header, claims, signature = str(lake.nessie_token).split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    hmac_header = base64.urlsafe_b64encode(b'{"alg":"HS256"}').decode().rstrip("=")
    public = base64.b64decode(secrets().nessie_public_key)
    by_hmac = hmac.digest(public, f"{hmac_header}.{claims}".encode(), "sha256")
    by_public_key = base64.urlsafe_b64encode(by_hmac).decode().rstrip("=")
    return {
        "no token": "Bearer x",
        "of another key": f"Bearer {issue().token}",
        "without signature": f"Bearer {header}.{claims}.",
        "signed by nothing": f"Bearer {none}.{claims}.",
        "signed with the public key": f"Bearer {hmac_header}.{claims}.{by_public_key}",
        "other claims": f"Bearer {header}.{none}.{signature}",
        "a password": "Basic bWVzaDptZXNo",
    }


def test_nessie_refuses_who_has_not_its_token(lake: Lake) -> None:
    """Who could write to it would move what is published past every rule of Trino."""
    port = int(lake.nessie_uri.rpartition(":")[2])
    signed = {"Authorization": f"Bearer {lake.nessie_token}"}
    assert unsigned(port, "GET", "/api/v2/trees", signed) == 200
    assert unsigned(port, "GET", "/iceberg/main/v1/config", signed) == 200
    asked = {("GET", path): unsigned(port, "GET", path) for path in NESSIE_PATHS}
    asked |= {
        (method, path): unsigned(port, method, path)
        for method, path in (
            ("POST", "/api/v2/trees?name=stranger&type=BRANCH"),
            ("PUT", "/api/v2/trees/main"),
            ("DELETE", "/api/v2/trees/main"),
            ("POST", "/api/v2/trees/main/history/commit"),
            ("POST", "/iceberg/v1/main/namespaces"),
            ("DELETE", "/iceberg/v1/main/namespaces/platform"),
            ("POST", "/iceberg/v1/oauth/tokens"),
        )
    }
    assert {key: code for key, code in asked.items() if code != 401} == {}
    for what, header in forged(lake).items():
        for path in ("/api/v2/trees", "/iceberg/main/v1/config"):
            assert unsigned(port, "GET", path, {"Authorization": header}) == 401, (what, path)
    query_token = f"/api/v2/trees?access_token={lake.nessie_token}"
    assert unsigned(port, "GET", query_token) == 401


def test_nessies_management_port_tells_nothing_of_the_lake(lake: Lake) -> None:
    """It takes no token; it has health and counts, and none of the interfaces to the data."""
    port = load_record().ports["nessie_management"]
    closed = [path for path in NESSIE_PATHS if not path.startswith("/q/")]
    assert {unsigned(port, "GET", path) for path in closed} == {404}
    with Nessie.of(lake) as nessie:
        main = nessie.get("main")
        mark = nessie.create("lake-test-not-counted", "BRANCH", main.hash)
        list(nessie.log(mark.name, 1))
        nessie.delete(mark)
    for path in ("/q/metrics", "/q/health"):
        text = requests.get(f"http://127.0.0.1:{port}{path}", timeout=10).text
        assert text
        assert mark.name not in text
        assert not [secret for secret in secrets_of(lake) if secret in text]


def test_the_rules_of_access_are_read_again_while_trino_runs(lake: Lake) -> None:
    rules = state_dir() / "etc" / "trino" / "rules.json"
    before = rules.read_text()
    assert _allowed(lake)
    closed = json.loads(before)
    closed["tables"] = []
    try:
        rules.write_text(json.dumps(closed))
        assert eventually_denied(lake)
    finally:
        rules.write_text(before)
    assert eventually_allowed(lake)


def eventually_denied(lake: Lake) -> bool:
    return _within(20, lambda: not _allowed(lake))


def eventually_allowed(lake: Lake) -> bool:
    return _within(20, lambda: _allowed(lake))


def _allowed(lake: Lake) -> bool:
    try:
        query(lake, "select count(*) from system.runtime.nodes")
    except LakeError as error:
        assert "Access Denied" in error.message
        return False
    return True


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.5)
    return False


def test_keys_stand_in_no_query_text(lake: Lake) -> None:
    with lake_connect(lake) as connection:
        cursor = connection.cursor()
        cursor.execute("select query from system.runtime.queries")
        texts = [row[0] for row in cursor.fetchall()]
    assert any("create catalog" in text.lower() for text in texts)
    assert not [text for text in texts for secret in secrets_of(lake) if secret in text]


def test_plain_dbt_finds_the_stack(lake: Lake) -> None:
    """dbt started by hand is given the address, password and authority of the running stack."""
    dbt = Path(sys.executable).with_name("dbt")
    kept = ("PATH", "HOME", "MESH_HOME", "REQUESTS_CA_BUNDLE", "LANG")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env.pop("REQUESTS_CA_BUNDLE", None)
    found = subprocess.run(
        [dbt, "debug", "--connection", "--log-path", state_dir() / "logs" / "dbt"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Connection test: [" in found.stdout, found.stdout
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "create schema lake.somewhere",
        "create table lake.lake_test_closed.made as select 1 as x",
        "drop table lake.lake_test_closed.t",
        "insert into lake.lake_test_closed.t values 2",
        "delete from lake.lake_test_closed.t",
        "update lake.lake_test_closed.t set x = 2",
        "drop schema lake.lake_test_closed cascade",
    ],
)
def test_nobody_writes_to_what_is_published_by_a_statement(lake: Lake, statement: str) -> None:
    """Not even the service account: only a publish and a rollback move main."""
    if not query(lake, "show schemas from lake like 'lake_test_closed'"):
        release(lake, "lake_test_closed", ["create table t as select 1 as x"])
    with pytest.raises(LakeError, match="Access Denied"):
        query(lake, statement)
    assert query(lake, "select x from lake.lake_test_closed.t") == [(1,)]
