"""Tables: aligned, no blanks at the ends of lines, folded on a terminal only."""

from __future__ import annotations

import pytest

from mesh.core import console
from mesh.core.console import PlainConsole, print_table

LONG = "What the column means, told at a length that no terminal has room for. " * 4


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_columns_are_aligned_without_blanks_at_the_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table(("name", "n", "note"), [("a", 1, None), ("longer", 20, "two\nlines")])
    assert lines(capsys) == [
        "name    n   note",
        "a       1",
        "longer  20  two",
        "            lines",
    ]


def test_a_pipe_gets_each_row_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("name", "meaning"), [("a", LONG)])
    assert lines(capsys) == ["name  meaning", f"a     {LONG}".rstrip()]


@pytest.mark.parametrize(("terminal", "most"), [(60, 100), (140, 140)])
def test_a_terminal_gets_the_last_column_folded(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    terminal: int,
    most: int,
) -> None:
    monkeypatch.setattr(console, "out", PlainConsole(width=terminal, soft_wrap=True))
    print_table(("name", "meaning"), [("a", LONG)])
    found = lines(capsys)
    assert most - 20 < max(map(len, found)) <= most
    assert all(line.startswith(" " * 6) for line in found[2:])
    assert " ".join(" ".join(found[1:]).split()) == f"a {LONG}".strip()


def test_other_columns_are_folded_where_the_last_is_not_enough(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "out", PlainConsole(width=80, soft_wrap=True))
    print_table(("key", "value"), [("x" * 300, "z" * 300)])
    found = lines(capsys)
    assert max(map(len, found)) == 100
    assert (sum(line.count("x") for line in found), sum(line.count("z") for line in found)) == (
        300,
        300,
    )


def test_a_value_is_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("value",), [("[bold]a[/bold] :smile:",)])
    assert lines(capsys)[1] == "[bold]a[/bold] :smile:"
