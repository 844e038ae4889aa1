"""The token by which the embedded Nessie knows the service account."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SUBJECT = "mesh"
LIFETIME = timedelta(days=3650)
"""As long as a checkout is used: nobody but the stack of that checkout takes the token."""

_KEY_BITS = 2048


@dataclass(frozen=True)
class Issued:
    """A signed token, and the key that tells it from a forged one as base64 of its DER form."""

    token: str
    public_key: str

    def __repr__(self) -> str:
        return "Issued(…)"


def issue() -> Issued:
    """A JSON Web Token (RS256) of the service account, signed by a key that is kept nowhere."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    now = datetime.now(UTC)
    claims = {
        "sub": SUBJECT,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
    }
    signed = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Issued(f"{signed}.{_base64url(signature)}", base64.b64encode(public).decode())


def _part(content: dict[str, object]) -> str:
    return _base64url(json.dumps(content).encode())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
