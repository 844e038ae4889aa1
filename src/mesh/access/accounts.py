"""The accounts of the embedded stack: the service user, and one for each role."""

from __future__ import annotations

import hashlib
import json
import secrets as random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from mesh.core.errors import InputError, StackError
from mesh.core.paths import state_dir
from mesh.core.secrets import write_private
from mesh.core.settings import Lake

COST = 8
"""The least that Trino takes; the passwords are random and long."""


def accounts_file() -> Path:
    """Where the passwords of the roles lie, mode 0600."""
    return state_dir() / "accounts.json"


def ensure_accounts(roles: Sequence[str]) -> dict[str, str]:
    """A password for each role, generated when it has none; those of former roles are dropped."""
    path = accounts_file()
    with FileLock(path.with_name(path.name + ".lock")):
        known = _read(path)
        wanted = {role: known.get(role) or random.token_urlsafe(24) for role in roles}
        if wanted != known:
            write_private(path, json.dumps(wanted, indent=2) + "\n")
    return wanted


def as_role(lake: Lake, role: str) -> Lake:
    """The lake as the account of a role sees it.

    Raises:
        InputError: There is no such role.
        StackError: The lake is external, so its accounts are not ours.
    """
    if not lake.embedded:
        raise StackError(
            "the accounts of an external lake are not known here",
            hint="set MESH_TRINO_USER and MESH_TRINO_PASSWORD to the account itself",
        )
    known = _read(accounts_file())
    if role not in known:
        raise InputError(
            f"there is no role {role!r}",
            expected=", ".join(known) or "a stack that was started with access rules",
            hint="`./mesh up` makes the accounts of access/roles.yml",
        )
    return replace(lake, trino_user=role, trino_password=known[role])


def write_password_file(path: Path, passwords: Mapping[str, str]) -> None:
    """Write Trino's password file, unless it was made from these passwords already.

    Trino takes bcrypt of the ``$2y$`` kind only.
    """
    import bcrypt

    made_from = path.with_name(path.name + ".made-from")
    wanted = hashlib.sha256(json.dumps(passwords, sort_keys=True).encode()).hexdigest()
    if path.exists() and made_from.exists() and made_from.read_text() == wanted:
        return
    lines = []
    for user, password in passwords.items():
        hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(COST)).decode()
        lines.append(f"{user}:{hashed.replace('$2b$', '$2y$', 1)}\n")
    write_private(path, "".join(lines))
    write_private(made_from, wanted)


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text())
        return {str(role): str(password) for role, password in found.items()}
    except (ValueError, AttributeError) as error:
        raise StackError(
            f"the accounts cannot be read: {type(error).__name__}",
            where=str(path),
            hint="remove the file; `./mesh up` makes new passwords",
        ) from error
