"""The local authority that signs Trino's certificate, and the bundle that trusts it too."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from mesh.core.secrets import write_private

LIFETIME = timedelta(days=820)
RENEW = timedelta(days=30)
"""Made anew when less than this is left."""


@dataclass(frozen=True)
class Tls:
    """The files: ``server`` holds chain and key, ``ca`` the authority, ``bundle`` all trusted."""

    server: Path
    ca: Path
    bundle: Path


def ensure_tls(folder: Path) -> Tls:
    """The certificate of this checkout, made when there is none or it is about to run out."""
    folder.mkdir(mode=0o700, exist_ok=True)
    files = Tls(folder / "server.pem", folder / "ca.pem", folder / "bundle.pem")
    if not (files.ca.exists() and files.server.exists() and _lasts(files.ca)):
        _issue(files)
    return files


def write_bundle(files: Tls, environment_bundle: str | None) -> None:
    """Write a bundle of certifi's authorities, those the environment names, and the local one.

    An environment that sets ``REQUESTS_CA_BUNDLE`` overrides what a Python client is told to
    trust, so what the tools are pointed at has to hold everything.
    """
    import certifi

    sources = [Path(certifi.where()), files.ca]
    if environment_bundle and environment_bundle != str(files.bundle):
        sources.append(Path(environment_bundle))
    text = "\n".join(path.read_text().strip() for path in sources if path.is_file()) + "\n"
    if not files.bundle.exists() or files.bundle.read_text() != text:
        write_private(files.bundle, text)


def _lasts(path: Path) -> bool:
    from cryptography import x509

    end = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    return end - datetime.now(UTC) > RENEW


def _issue(files: Tls) -> None:
    """Make authority and certificate together; the authority's key is never written."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = name(f"mesh local authority {os.urandom(4).hex()}")

    def builder(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + LIFETIME)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()),
                critical=False,
            )
        )

    usage = {
        "content_commitment": False,
        "key_encipherment": False,
        "data_encipherment": False,
        "key_agreement": False,
        "encipher_only": False,
        "decipher_only": False,
    }
    ca = (
        builder(ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=False, key_cert_sign=True, crl_sign=True, **usage),
            critical=True,
        )
        .sign(ca_key, hashes.SHA256())
    )
    hosts = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    server = (
        builder(name("localhost"), key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=False, crl_sign=False, **usage),
            critical=True,
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = server.public_bytes(pem) + ca.public_bytes(pem)
    write_private(files.server, (chain + private).decode())
    write_private(files.ca, ca.public_bytes(pem).decode())
