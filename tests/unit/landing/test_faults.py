"""Every kind of bad file is refused with its line, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from mesh.core.errors import InputError
from mesh.landing import faults, reader
from tests.unit.landing.exports import SUPPLIES, header_of

HEADER = header_of(SUPPLIES).encode()
GOOD = b"2020-01-01,p1,e1,1,Gauze,2\n"


@dataclass(frozen=True)
class Bad:
    name: str
    content: bytes
    line: int
    message: str


def swapped(old: str, new: str) -> bytes:
    return HEADER.replace(old.encode(), new.encode()) + GOOD


BAD = [
    Bad("empty file", b"", 1, "the file is empty"),
    Bad("only a byte order mark", b"\xef\xbb\xbf", 1, "line break"),
    Bad("header cut off", HEADER[:-1], 1, "no line break"),
    Bad("no header", GOOD + GOOD, 1, "seems to have no header line: line 1 has 0 of 6 names"),
    Bad("blank first line", b"\n" + HEADER + GOOD, 1, "seems to have no header line"),
    Bad("missing column", swapped("CODE,", ""), 1, "the header lacks CODE"),
    Bad("extra column", swapped("CODE,", "CODE,UDI,"), 1, "has unknown UDI (column 5)"),
    Bad("misnamed column", swapped("CODE", "Code"), 1, "lacks CODE; has unknown Code (column 4)"),
    Bad("column twice", swapped("CODE,", "CODE,CODE,"), 1, "repeats CODE"),
    Bad("reordered columns", swapped("CODE,DESCRIPTION", "DESCRIPTION,CODE"), 1, "column 4 is"),
    Bad("carriage returns alone", (HEADER + GOOD).replace(b"\n", b"\r"), 1, "carriage return"),
    Bad("many of them", (HEADER + GOOD * 4000).replace(b"\n", b"\r"), 1, "carriage return"),
    Bad("carriage return in the header", swapped(",CODE", "\r,CODE"), 1, "carriage return"),
    Bad("semicolons", HEADER.replace(b",", b";") + GOOD, 1, "seems to have no header line"),
    Bad("too few fields", HEADER + GOOD + b"1,2,3\n" + GOOD, 3, "the row has 3 fields"),
    Bad("one field", HEADER + GOOD + b"1\n", 3, "the row has 1 field"),
    Bad("too many fields", HEADER + GOOD + GOOD[:-1] + b",x\n", 3, "the row has 7 fields"),
    Bad("fields that even out", HEADER + b"1,2,3,4,5\n1,2,3,4,5,6,7\n", 2, "has 5 fields"),
    Bad("blank line", HEADER + GOOD + b"\n" + GOOD, 3, "the row is empty"),
    Bad("blank line at the end", HEADER + GOOD + b"\n", 3, "the row is empty"),
    Bad("blank line in a quoted file", HEADER + b'"1",2,3,4,5,6\n\n', 3, "the row is empty"),
    Bad("line of spaces", HEADER + GOOD + b"   \n", 3, "the row has 1 field"),
    Bad("cut off in a row", HEADER + GOOD + GOOD[:12], 3, "the row has 2 fields"),
    Bad("cut off in the last field", HEADER + GOOD + GOOD[:-1], 3, "may be cut off"),
    Bad("cut off in quotes", HEADER + GOOD + b'1,2,3,4,"Gau', 3, "never closed"),
    Bad("open quote", HEADER + GOOD + b'1,2,3,4,"Gauze,6\n' + GOOD, 3, "never closed"),
    Bad("after a closing quote", HEADER + b'1,2,3,4,"Gau"ze,6\n', 2, "after its closing quote"),
    Bad("ragged after quoted lines", HEADER + b'1,2,3,4,"a\nb\nc",6\n1,2\n', 5, "has 2 fields"),
    Bad("cut off after quotes", HEADER + b'1,2,3,4,"a\nb",6', 3, "may be cut off"),
    Bad("Latin-1", HEADER + GOOD + "1,2,3,4,Verbände,6\n".encode("latin-1"), 3, "0xe4"),
    Bad("UTF-8 cut off", HEADER + GOOD + "1,2,3,4,5,é".encode()[:-1], 3, "not UTF-8"),
    Bad("surrogate", HEADER + b"1,2,3,4,\xed\xa0\x80,6\n", 2, "not UTF-8"),
    Bad("UTF-16", (HEADER + GOOD).decode().encode("utf-16"), 1, "seems to have no header"),
    Bad("NUL byte", HEADER + GOOD + GOOD + b"1,2,3,\x00,5,6\n", 4, "a NUL byte"),
    Bad("zeros at the end", HEADER + GOOD + b"\x00" * 100, 3, "a NUL byte"),
    Bad("bare carriage return", HEADER + GOOD + b"1,2,3,4\r,5,6\n", 3, "the row has 4 fields"),
    Bad(
        "field beyond all bounds", HEADER + b"1,2,3,4,5," + b"x" * (9 << 20) + b"\n", 2, "too long"
    ),
    Bad("row beyond all bounds", HEADER + b",".join([b"x" * (1 << 19)] * 6) + b"\n", 2, "too long"),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, bad: Bad) -> None:
    path = tmp_path / SUPPLIES.name
    path.write_bytes(bad.content)
    with pytest.raises(InputError) as caught:
        for _ in reader.read(reader.check(path, SUPPLIES)):
            pass
    assert caught.value.where == f"{path}:{bad.line}"
    assert bad.message in caught.value.message
    assert "\n" not in caught.value.message


SOMEONE = ("1962-06-27", "45aa1f0c-77d1-4f0e-8a6b-3c2d1e0f9a8b", "999-12-5114", "Ann", "Orde", "7")


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (SOMEONE, "the file seems to have no header line: line 1 has 0 of 6 names"),
        (("DATE", "PATIENT", *SOMEONE[2:]), "has unknown column 3, column 4, column 5, column 6"),
        ((*SUPPLIES.header, "999-12-5114"), "the header has unknown column 7"),
        ((*SUPPLIES.header, "1 Mill Lane"), "the header has unknown column 7"),
        ((*SUPPLIES.header, "UNIT PRICE"), "the header has unknown UNIT PRICE (column 7)"),
        (tuple(n.lower() for n in SUPPLIES.header), "has unknown date (column 1)"),
    ],
)
def test_a_wrong_header_is_told_without_a_value(found: tuple[str, ...], message: str) -> None:
    fault = faults.header_fault(found, SUPPLIES.header) or ""
    assert message in fault
    assert not [value for value in SOMEONE[:-1] if value in fault]


@pytest.mark.parametrize("place", range(1, len(HEADER + GOOD + GOOD)))
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, place: int) -> None:
    whole = HEADER + GOOD + GOOD
    if whole[place - 1 : place] == b"\n":
        return  # a cut after a whole row cannot be told from a shorter file
    path = tmp_path / SUPPLIES.name
    path.write_bytes(whole[:place])
    with pytest.raises(InputError) as caught:
        reader.check(path, SUPPLIES)
    assert caught.value.where == f"{path}:{whole[:place].count(10) + 1}"


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / SUPPLIES.name
    path.mkdir()
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        reader.check(path, SUPPLIES)


def test_bad_bytes_are_found_in_the_line_of_a_later_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "_PIECE_BYTES", 64)
    path = tmp_path / SUPPLIES.name
    path.write_bytes(HEADER + GOOD * 40 + b"1,2,3,4,\xff,6\n" + GOOD * 40)
    with pytest.raises(InputError) as caught:
        faults.find_bad_bytes(path)
    assert caught.value.where == f"{path}:42"


def test_a_cell_is_not_shown_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / SUPPLIES.name
    path.write_bytes(HEADER + b"123-45-6789\n")
    with pytest.raises(InputError) as caught:
        reader.check(path, SUPPLIES)
    assert "123-45-6789" not in str(caught.value)
