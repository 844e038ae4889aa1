"""Which runs of pytest `mesh test` starts, and what it ends with."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from mesh.cli import app, register, test
from mesh.core.paths import ROOT

ALL = [
    ["-n", "auto", "tests/unit", "tests/site"],
    ["tests/stack"],
]


class Pytest:
    """Stands for the processes: ends with one code after the other, and keeps what was asked."""

    def __init__(self, *codes: int) -> None:
        self.codes = list(codes)
        self.asked: list[list[str]] = []

    def __call__(self, command: list[str], **_: object) -> int:
        assert command[1:3] == ["-m", "pytest"]
        self.asked.append(command[3:])
        return self.codes.pop(0)


def ended(monkeypatch: pytest.MonkeyPatch, stand_in: Pytest, *arguments: str) -> int:
    monkeypatch.setattr(test.subprocess, "call", stand_in)
    register.all_commands()
    return CliRunner().invoke(app, ["test", *arguments]).exit_code


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ((0, 0), 0),
        ((1, 0), 1),
        ((0, 1), 1),
        ((5, 0), 0),
        ((5, 1), 1),
        ((5, 5), 2),
        ((1, 3), 2),
        ((0, -9), 2),
    ],
)
def test_the_worst_part_decides(
    monkeypatch: pytest.MonkeyPatch, codes: tuple[int, int], code: int
) -> None:
    stand_in = Pytest(*codes)
    assert ended(monkeypatch, stand_in) == code
    assert stand_in.asked == ALL


def test_a_part_is_run_alone_with_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = Pytest(0)
    assert ended(monkeypatch, stand_in, "unit", "-k", "models") == 0
    assert (ROOT / "models").is_dir(), "a word that is also a folder of the project"
    assert stand_in.asked == [["-n", "auto", "tests/unit", "-k", "models"]]


def test_the_first_failure_ends_it_where_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = Pytest(1)
    assert ended(monkeypatch, stand_in, "-x") == 1
    assert stand_in.asked == [[*ALL[0], "-x"]]


def test_named_files_are_run_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = Pytest(0)
    assert (ROOT / "tests/unit/cli/test_test.py").is_file()
    assert ended(monkeypatch, stand_in, "tests/unit/cli/test_test.py::test_x") == 0
    assert stand_in.asked == [["tests/unit/cli/test_test.py::test_x"]]
