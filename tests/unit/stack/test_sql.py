"""Statements are cut where they end, and places are counted in the whole input."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from mesh.core.errors import InputError
from mesh.stack.logs import read_on
from mesh.stack.sql import Statement, read_statements, split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select 1", ["select 1"]),
        ("select 1; select 2;", ["select 1", "select 2"]),
        ("select ';' as \"a;b\"; select 2", ["select ';' as \"a;b\"", "select 2"]),
        ("select 'it''s; fine'", ["select 'it''s; fine'"]),
        ("-- a; b\nselect 1 /* ; */ + 1", ["select 1 /* ; */ + 1"]),
        (";;  -- nothing\n ;/* at all */", []),
        ("select 'open; select 2", ["select 'open; select 2"]),
        ("select 1 -- last", ["select 1 -- last"]),
    ],
)
def test_statements_end_at_semicolons_outside_of_quotes(text: str, expected: list[str]) -> None:
    assert [one.text for one in split(text, "x")] == expected


def test_places_are_counted_in_the_whole_input() -> None:
    first, second = split("select 1;\n\n  select\n   oops", "q.sql")
    assert first.place(1, 8) == "q.sql:1:8"
    assert second.place(1, 1) == "q.sql:3:3"
    assert second.place(2, 4) == "q.sql:4:4"


def test_statements_come_from_argument_file_or_stdin(tmp_path: Path) -> None:
    path = tmp_path / "q.sql"
    path.write_text("select 2")
    assert read_statements("select 1", None, None) == [Statement("select 1", "statement", 1, 1)]
    assert read_statements(None, path, None) == [Statement("select 2", str(path), 1, 1)]
    assert read_statements(None, None, StringIO("select 3"))[0].source == "stdin"
    assert read_statements("-", None, StringIO("select 4"))[0].text == "select 4"


def test_nothing_to_run_is_said() -> None:
    with pytest.raises(InputError, match="no statement to run"):
        read_statements(None, None, None)
    with pytest.raises(InputError, match="no statement to run"):
        read_statements("-- only this", None, None)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_statements(None, tmp_path / "none.sql", None)
    assert caught.value.where == str(tmp_path / "none.sql")


def test_a_followed_log_gives_whole_lines_and_survives_rotation(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("one\ntw")
    text, end = read_on(log, 0)
    assert text == "one\n"
    log.write_text("one\ntwo\n")
    text, end = read_on(log, end)
    assert text == "two\n"
    assert read_on(log, end) == ("", end)
    log.write_text("new\n")
    assert read_on(log, end)[0] == "new\n"
