"""A YAML file of a stranger is read within bounds, and every fault has a place."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from mesh.contracts import compose
from mesh.contracts.document import parse, read

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "empty": (b"", "C103", 0),
    "only a comment": (b"# nothing\n", "C103", 0),
    "not UTF-8": (b"a: 1\nb: \xff\n", "C101", 2),
    "tab": (b"a:\n\tb: 1\n", "C104", 2),
    "tab after blanks": (b"a:\n  b: 1\n \tc: 2\n", "C104", 3),
    "unclosed": (b"a: {b: 1\n", "C104", 2),
    "control character": (b"a: 1\nb: \x01\n", "C104", 2),
    "loop": (b"a: &x\n  b: [1, *x]\n", "C105", 2),
    "loop through a mapping": (b"a: &x {b: {c: *x}}\n", "C105", 1),
    "unknown alias": (b"a: *gone\n", "C104", 1),
    "bomb": (BOMB.encode(), "C106", 6),
    "many aliases": (b"a: &x 1\nb: [" + b"*x, " * 2000 + b"1]\n", "C106", 2),
    "deep": (b"[" * 100_000, "C107", 1),
    "deep in blocks": ("\n".join(" " * i + f"k{i}:" for i in range(300)).encode(), "C107", 40),
    "duplicate key": (b"a: 1\nb: 2\na: 3\n", "C108", 3),
    "constructor": (b"a: !!python/object/apply:os.system [ls]\n", "C109", 1),
    "include": (b"a: !include other.yaml\n", "C109", 1),
    "two documents": (b"a: 1\n---\nb: 2\n", "C110", 2),
    "many values": (b"a:\n" + b"  - [1, 2, 3]\n" * 80_000, "C102", 50_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_finding_with_its_place(name: str) -> None:
    content, code, line = HOSTILE[name]
    _, [found] = parse(content, "f.yaml")
    assert found.code == code
    assert found.found
    assert found.expected
    assert found.hint
    assert abs(found.line - line) <= (2 if name == "many values" else 0)
    assert bool(found.column) == bool(found.line)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(4 * 1024**3)  # sparse: takes no room, but would take that much to read
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, [found] = read(path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert found.code == "C102"
    assert grown < 64 * 1024  # KiB


def test_only_a_regular_file_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", tmp_path, Path("/dev/zero"), tmp_path / "absent.yaml"):
        _, [found] = read(path)
        assert found.code == "C101"


def test_values_are_what_they_look_like() -> None:
    read_, findings = parse(
        b"a: 1\nb: 1.5\nc: yes\nd: ~\ne: 2027-06-30\nf: 012\ng: '1'\nh: 15:30\ni: 1e3\n"
        b"j: !!str 1\n",
        "f",
    )
    assert not findings
    assert read_.data == {
        "a": 1, "b": 1.5, "c": True, "d": None, "e": "2027-06-30", "f": "012", "g": "1",
        "h": "15:30", "i": 1000.0, "j": "1",
    }  # fmt: skip


def test_merge_keys_are_merged_and_own_keys_win() -> None:
    read_, _ = parse(b"a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [*a, {z: 4}]}\n", "f")
    assert read_.data["b"] == {"x": 1, "y": 3}
    assert read_.data["c"] == {"x": 1, "y": 2, "z": 4}


def test_a_place_is_that_of_the_value_or_of_its_key() -> None:
    read_, _ = parse(b"a:\n  - name: x\n    type: y\n", "f")
    assert read_.place(("a", 0, "type")) == (3, 11)
    assert read_.place(("a", 0, "type"), key=True) == (3, 5)
    assert read_.place(("a", 0, "absent")) == (2, 5)


def test_a_bom_is_no_fault() -> None:
    read_, findings = parse("﻿a: 1\n".encode(), "f")
    assert (read_.data, findings) == ({"a": 1}, [])


def test_limits_fit_a_real_contract() -> None:
    columns = "".join(f"  - {{name: c{i}, type: varchar, description: x}}\n" for i in range(5000))
    read_, findings = parse(f"schema:\n{columns}".encode(), "f")
    assert not findings
    assert len(read_.data["schema"]) == 5000
    assert compose.MAX_DEPTH >= 20
