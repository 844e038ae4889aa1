"""The secrets of one checkout: generated once, mode 0600, never in a query text or a log."""

from __future__ import annotations

import json
import os
import secrets as random
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock

from mesh.core.errors import StackError
from mesh.core.paths import state_dir

DOMAINS = ("patients", "medical", "fintech", "logistics", "analytics")
"""The domains that get a pseudonym key of their own."""

KEY_BYTES = 32
"""Length of a pseudonym key: as long as the SHA-256 block it keys."""


@dataclass(frozen=True)
class Secrets:
    """What the processes of a checkout authenticate with, and the pseudonym keys.

    ``pseudonym_keys`` maps a domain to its key as lower-case hex of ``KEY_BYTES`` bytes.
    ``nessie_public_key`` is no secret: by it Nessie knows ``nessie_token``.
    """

    s3_access_key: str
    s3_secret_key: str
    trino_password: str
    trino_shared_secret: str
    pseudonym_keys: dict[str, str]
    nessie_token: str = ""
    nessie_public_key: str = ""

    def __repr__(self) -> str:
        return "Secrets(…)"

    def pseudonym_key(self, domain: str) -> bytes:
        """The key of a domain as bytes.

        Raises:
            StackError: The domain has no key.
        """
        if domain not in self.pseudonym_keys:
            raise StackError(
                f"there is no pseudonym key for the domain {domain!r}",
                expected=", ".join(sorted(self.pseudonym_keys)),
            )
        return bytes.fromhex(self.pseudonym_keys[domain])


def secrets() -> Secrets:
    """The secrets of this checkout, generated on first use.

    ``MESH_SECRETS_FILE`` names a mounted secret whose pseudonym keys are used instead; it is only
    read, and has to be complete.

    Raises:
        StackError: A file cannot be read as secrets, or a mounted one lacks a domain.
    """
    own = _own_secrets()
    mounted = os.environ.get("MESH_SECRETS_FILE")
    return replace(own, pseudonym_keys=_mounted_keys(Path(mounted))) if mounted else own


def _own_secrets() -> Secrets:
    path = state_dir() / "secrets.json"
    if path.exists():
        known = _read(path)
        if _is_complete(known):
            return known
    with FileLock(path.with_name(path.name + ".lock")):
        known = _completed(_read(path) if path.exists() else _generate())
        write_private(path, json.dumps(asdict(known), indent=2) + "\n")
    return known


def _is_complete(known: Secrets) -> bool:
    tokens = bool(known.nessie_token and known.nessie_public_key)
    return tokens and set(DOMAINS) <= set(known.pseudonym_keys)


def _completed(known: Secrets) -> Secrets:
    """``known`` with what a newer version of the toolset keeps besides; what is there stays."""
    from mesh.core.nessie_token import issue

    missing = {d: random.token_hex(KEY_BYTES) for d in DOMAINS if d not in known.pseudonym_keys}
    known = replace(known, pseudonym_keys={**missing, **known.pseudonym_keys})
    if known.nessie_token and known.nessie_public_key:
        return known
    issued = issue()
    return replace(known, nessie_token=issued.token, nessie_public_key=issued.public_key)


def _mounted_keys(path: Path) -> dict[str, str]:
    """The pseudonym keys in a mounted ``{"pseudonym_keys": {domain: hex}}``."""
    expected = f'{{"pseudonym_keys": {{…}}}} with {2 * KEY_BYTES} hex digits for each domain'
    try:
        keys = {str(d): str(k) for d, k in json.loads(path.read_text())["pseudonym_keys"].items()}
        lengths = {domain: len(bytes.fromhex(key)) for domain, key in keys.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StackError(
            f"the mounted secrets cannot be read: {type(error).__name__}",
            where=str(path),
            expected=expected,
        ) from error
    if bad := sorted(domain for domain in DOMAINS if lengths.get(domain) != KEY_BYTES):
        raise StackError(
            f"the mounted secrets have no proper key for {', '.join(bad)}",
            where=str(path),
            expected=expected,
        )
    return keys


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    new.replace(path)


def _generate() -> Secrets:
    return Secrets(
        s3_access_key="mesh" + random.token_hex(8),
        s3_secret_key=random.token_hex(24),
        trino_password=random.token_urlsafe(24),
        trino_shared_secret=random.token_hex(32),
        pseudonym_keys={},
    )


def _read(path: Path) -> Secrets:
    try:
        return Secrets(**json.loads(path.read_text()))
    except (ValueError, TypeError) as error:
        raise StackError(
            f"the secrets cannot be read: {error}",
            where=str(path),
            hint="restore the file; without it the pseudonyms of the lake cannot be made again",
        ) from error
