"""Trino's refusals, the statement that makes a catalog, and whose certificates count."""

from __future__ import annotations

from dataclasses import replace

import pytest
from trino.exceptions import TrinoUserError

from mesh.core.errors import LakeError
from mesh.core.settings import Lake
from mesh.lake.catalogs import creation
from mesh.lake.trino import as_lake_error, connect, query

LAKE = Lake(
    trino_host="127.0.0.1",
    trino_port=1,
    trino_scheme="https",
    trino_user="mesh",
    trino_password="word",
    trino_ca="/own/ca.pem",
    catalog="lake",
    nessie_uri="http://127.0.0.1:2",
    s3_endpoint="http://127.0.0.1:3",
    s3_region="us-east-1",
    s3_access_key="the-key",
    s3_secret_key="the-secret",
)


def refused(message: str) -> TrinoUserError:
    return TrinoUserError({"message": message, "errorName": "SYNTAX_ERROR"}, "20260101_1")


def test_the_place_in_a_statement_is_taken_out_of_the_message() -> None:
    error = as_lake_error(refused("line 3:14: mismatched input"))
    assert (error.where, error.message) == ("statement:3:14", "mismatched input")
    assert "20260101_1" in str(error)


def test_a_refusal_without_a_place_has_none() -> None:
    error = as_lake_error(refused("Query was canceled"))
    assert (error.where, error.message) == (None, "Query was canceled")


def test_an_engine_that_is_down_is_named_with_its_address() -> None:
    with pytest.raises(LakeError, match=r"Trino at 127\.0\.0\.1:1 did not answer"):
        query(replace(LAKE, trino_scheme="http", trino_password=None), "select 1")


@pytest.mark.parametrize("embedded", [True, False])
def test_the_lakes_own_authority_wins_over_the_environments(
    monkeypatch: pytest.MonkeyPatch, embedded: bool
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/other/bundle.pem")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.org:3128")
    session = connect(replace(LAKE, embedded=embedded))._http_session
    used = session.merge_environment_settings("https://trino.example.org", {}, None, None, None)
    assert used["verify"] == "/own/ca.pem"
    assert ("https" in used["proxies"]) is not embedded


def test_without_an_authority_of_its_own_certificates_are_still_checked() -> None:
    assert connect(replace(LAKE, trino_ca=None))._http_session.verify is True


def test_a_catalog_statement_holds_no_secret_and_quotes_what_it_is_given() -> None:
    sql = creation(replace(LAKE, warehouse="la'ke"), "build", "build-1")
    assert "the-key" not in sql
    assert "the-secret" not in sql
    assert "'${ENV:MESH_S3_SECRET_KEY}'" in sql
    assert "'http://127.0.0.1:2/iceberg/build-1'" in sql
    assert "'la''ke'" in sql
    assert sql.startswith('create catalog "build" using iceberg')


def test_a_catalog_names_the_variable_of_the_token_where_nessie_asks_for_one() -> None:
    sql = creation(replace(LAKE, nessie_token="the-token"), "build", "build-1")
    assert "the-token" not in sql
    assert "'${ENV:MESH_NESSIE_TOKEN}'" in sql
    assert "token" not in creation(LAKE, "build", "build-1")


@pytest.mark.parametrize("ref", ["a/b", "main'", "main@1", ""])
def test_a_catalog_over_no_reference_is_refused(ref: str) -> None:
    with pytest.raises(LakeError):
        creation(LAKE, "build", ref)
