"""A generated account for each role, in private files only."""

from __future__ import annotations

from pathlib import Path

import bcrypt
import pytest

from mesh.access.accounts import accounts_file, as_role, ensure_accounts, write_password_file
from mesh.core.errors import InputError, StackError
from mesh.core.settings import Lake


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESH_HOME", str(tmp_path))


def lake(*, embedded: bool = True) -> Lake:
    return Lake(
        "127.0.0.1", 1, "https", "mesh", "secret", None, "lake", "http://n", "http://s", "r",
        "key", "secret", embedded=embedded,
    )  # fmt: skip


def test_passwords_stay_and_those_of_former_roles_go() -> None:
    first = ensure_accounts(["analyst", "auditor"])
    second = ensure_accounts(["analyst", "clinician"])
    assert first["analyst"] == second["analyst"]
    assert set(second) == {"analyst", "clinician"}
    assert len({*first.values(), *second.values()}) == 3
    assert min(map(len, second.values())) >= 32
    assert accounts_file().stat().st_mode & 0o777 == 0o600


def test_the_password_file_is_what_the_engine_takes(tmp_path: Path) -> None:
    path = tmp_path / "password.db"
    passwords = {"mesh": "one", "analyst": "two"}
    write_password_file(path, passwords)
    lines = dict(line.split(":", 1) for line in path.read_text().splitlines())
    assert set(lines) == set(passwords)
    for user, hashed in lines.items():
        assert hashed.startswith("$2y$08$")
        assert bcrypt.checkpw(passwords[user].encode(), hashed.replace("$2y$", "$2b$").encode())
    assert path.stat().st_mode & 0o777 == 0o600
    assert "one" not in "".join(p.read_text() for p in tmp_path.iterdir() if p.is_file())


def test_the_password_file_is_written_only_when_something_changed(tmp_path: Path) -> None:
    path = tmp_path / "password.db"
    write_password_file(path, {"mesh": "one"})
    before = path.read_text()
    write_password_file(path, {"mesh": "one"})
    assert path.read_text() == before
    write_password_file(path, {"mesh": "other"})
    assert path.read_text() != before


def test_as_a_role_means_with_its_own_account() -> None:
    passwords = ensure_accounts(["analyst"])
    found = as_role(lake(), "analyst")
    assert (found.trino_user, found.trino_password) == ("analyst", passwords["analyst"])


def test_a_role_that_has_no_account_is_an_error() -> None:
    ensure_accounts(["analyst"])
    with pytest.raises(InputError, match="no role 'eve'"):
        as_role(lake(), "eve")
    with pytest.raises(StackError, match="external lake"):
        as_role(lake(embedded=False), "analyst")


def test_broken_accounts_are_named() -> None:
    accounts_file().write_text("[")
    with pytest.raises(StackError, match="accounts cannot be read"):
        ensure_accounts(["analyst"])
