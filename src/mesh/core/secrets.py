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
    """

    s3_access_key: str
    s3_secret_key: str
    trino_password: str
    trino_shared_secret: str
    pseudonym_keys: dict[str, str]

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


def secrets_file() -> Path:
    """Where they lie; ``MESH_SECRETS_FILE`` names another place, say a mounted secret."""
    return Path(os.environ.get("MESH_SECRETS_FILE") or state_dir() / "secrets.json")


def secrets() -> Secrets:
    """The secrets of this checkout, generated on first use.

    Raises:
        StackError: The file cannot be read as secrets.
    """
    path = secrets_file()
    if path.exists():
        known = _read(path)
        if set(DOMAINS) <= set(known.pseudonym_keys):
            return known
    with FileLock(path.with_name(path.name + ".lock")):
        known = _read(path) if path.exists() else _generate()
        missing = {d: random.token_hex(KEY_BYTES) for d in DOMAINS if d not in known.pseudonym_keys}
        known = replace(known, pseudonym_keys={**missing, **known.pseudonym_keys})
        write_private(path, json.dumps(asdict(known), indent=2) + "\n")
    return known


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
