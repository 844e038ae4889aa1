"""How the command line ends when the machine, and not the user, is at fault."""

from __future__ import annotations

import errno

import pytest

from mesh import cli


def ends_with(monkeypatch: pytest.MonkeyPatch, error: OSError) -> int | str | None:
    def fails(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", fails)
    monkeypatch.setattr("mesh.cli.register.all_commands", lambda: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    assert ends_with(monkeypatch, OSError(number, "no room", "lake.json")) == 2
    assert capsys.readouterr().err.splitlines()[0] == "error: lake.json: the disk is full"


def test_other_faults_of_the_system_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PermissionError):
        ends_with(monkeypatch, PermissionError(errno.EACCES, "no", "lake.json"))
