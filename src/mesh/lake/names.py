"""The names things have in the lake, and the check that a name is safe to put into SQL or a URL."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime

from mesh.core.errors import LakeError

MAIN = "main"
"""The branch that is published; it moves by releases and rollbacks only."""
DEV = "dev"
"""The branch, and its catalog, where an engineer's plain ``dbt build`` writes."""
EVIDENCE = "elementary"
"""The branch of quality evidence, outlasting failed builds and rollbacks."""
EVIDENCE_CATALOG = "observability"
BUILD_CATALOG = "build"
"""The catalog every publishing build writes through; monitors are keyed by it."""

VAULT = "patients_vault"
"""The schema of the secrets: the keys of pseudonyms, and who was erased."""

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,127}")
_REFERENCE = re.compile(r"[A-Za-z](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?")
_RELEASE = re.compile(r"release-(\d{4,})")
_RUN_TIME = re.compile(r"\d{8}t\d{6}")


def identifier(name: str) -> str:
    """``name`` quoted for SQL.

    Raises:
        LakeError: It is not a plain lower-case identifier.
    """
    if not _IDENTIFIER.fullmatch(name):
        raise LakeError(
            f"`{name}` is no name for a catalog or schema",
            expected="a lower-case letter, then lower-case letters, digits and underscores",
        )
    return f'"{name}"'


def literal(text: str) -> str:
    """``text`` as a string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def reference(name: str) -> str:
    """``name`` unchanged, when it is safe as a Nessie reference and in a URL.

    Raises:
        LakeError: It is not.
    """
    if ".." in name or not _REFERENCE.fullmatch(name):
        raise LakeError(
            f"`{name}` is no name for a branch or release",
            expected="a letter, then letters, digits, `.`, `_` and `-`",
        )
    return name


def release_tag(number: int) -> str:
    """The tag of the release with this number: ``release-0001`` for 1."""
    return f"release-{number:04d}"


def release_number(tag: str) -> int | None:
    """The number in a release's tag, None when ``tag`` is not one."""
    match = _RELEASE.fullmatch(tag)
    return int(match[1]) if match else None


def new_run_id() -> str:
    """A fresh run id: UTC start and four random digits, as ``20260102t030405-a1b2``."""
    return f"{datetime.now(UTC):%Y%m%dt%H%M%S}-{secrets.token_hex(2)}"


def run_started_at(name: str) -> datetime | None:
    """The UTC time in a run id or in the name of a run's branch, None when there is none."""
    match = _RUN_TIME.search(name)
    if not match:
        return None
    try:
        return datetime.strptime(match[0], "%Y%m%dt%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
