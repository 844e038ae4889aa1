"""The token says who it is for and how long, and only its own public key fits it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mesh.core.nessie_token import LIFETIME, SUBJECT, Issued, issue


@pytest.fixture(scope="module")
def issued() -> Issued:
    return issue()


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def content(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(decoded(part))
    return found


def verify(token: str, public_key: str) -> None:
    signed, _, signature = token.rpartition(".")
    key = load_der_public_key(base64.b64decode(public_key))
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(decoded(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())


def test_it_is_signed_by_the_key_whose_public_half_is_given(issued: Issued) -> None:
    verify(issued.token, issued.public_key)
    with pytest.raises(InvalidSignature):
        verify(issued.token, issue().public_key)


def test_it_names_the_service_account_and_its_end(issued: Issued) -> None:
    header, claims, _ = issued.token.split(".")
    assert content(header) == {"alg": "RS256", "typ": "JWT"}
    found = content(claims)
    assert found["sub"] == SUBJECT
    assert found["exp"] - found["iat"] == LIFETIME.total_seconds()
    assert abs(found["iat"] - datetime.now(UTC).timestamp()) < 60


def test_it_does_not_print(issued: Issued) -> None:
    assert issued.token not in f"{issued!r} {issued}"
