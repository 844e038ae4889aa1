from pathlib import Path

import pytest

from mesh.checks import text


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        (b"a\nb", 2, "newline"),
        (b"a \nb\n", 1, "blanks"),
        (b"a\r\n", 1, "blanks"),
        (b"a\n\n\n", 3, "empty lines"),
        (b"a\n\xff\n", 2, "UTF-8"),
        (b"<<<<<<< mine\n", 1, "conflict"),
        (b"=======\n", 1, "conflict"),
    ],
)
def test_names_the_line(content: bytes, line: int, word: str) -> None:
    assert [(number, word in sentence) for number, sentence in text.faults(content)] == [
        (line, True)
    ]


@pytest.mark.parametrize("content", [b"", b"a\n", b"a\n\nb\n", "ä\n".encode(), b"========\n"])
def test_good_files_pass(content: bytes) -> None:
    assert list(text.faults(content)) == []
    assert text.mended(content) == content


def test_mending_leaves_nothing_to_find() -> None:
    assert text.mended(b"a \r\n\n b\t\n\n\n") == b"a\n\n b\n"
    assert text.mended(b"\n \n") == b""


def test_command_reports_and_mends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.sql"
    path.write_bytes(b"select 1 ")
    assert text.main([str(path)]) == 1
    assert f"{path}:1: ends with blanks" in capsys.readouterr().out
    assert text.main(["--fix", str(path)]) == 0
    assert path.read_bytes() == b"select 1\n"
    assert text.main([str(path)]) == 0
