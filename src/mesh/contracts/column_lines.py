"""The columns in the text of a model's YAML, brought line by line into the order of a contract.

A column keeps its lines as they are, and so does the comment that stands above it: it moves with
the column and goes with it. What follows the last column is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from mesh.contracts.model_yaml import load, plain
from mesh.contracts.yaml_text import WIDTH


@dataclass(frozen=True)
class Columns:
    """The columns that a list of a model's YAML has to have.

    Args:
        path: Where the list stands in the file.
        wanted: The names, in order.
        mark: What a change of the list is told with, as `v1: `.
    """

    path: tuple[str | int, ...]
    wanted: tuple[str, ...]
    mark: str = ""


def in_order(
    text: str, data: CommentedMap, lists: Sequence[Columns], file: str
) -> tuple[str, CommentedMap, list[str]]:
    """The file with the wanted columns in their order, new ones by name alone, and what changed.

    A list stays as it was where it is not written as one column below the other.

    Args:
        text: The file.
        data: What it says.
        lists: Its lists of columns.
        file: The file, for messages.
    """
    changes: list[str] = []
    for each in lists:
        made, told = _ordered(text, _at(data, each.path), each.wanted)
        if told:
            fresh = load(made, file)
            if _without(fresh, each) == _without(data, each):
                text, data = made, fresh
                changes += [each.mark + change for change in told]
    return text, data, changes


def _at(data: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        data = data[step]
    return data


def _without(data: CommentedMap, columns: Columns) -> Any:
    """What a file says besides the order of a list of columns, and of those that come or go."""
    said = plain(data)
    holder = _at(said, columns.path[:-1])
    wanted = {name.lower() for name in columns.wanted}
    kept = {str(c["name"]).lower(): c for c in holder["columns"]}
    holder["columns"] = {n: c for n, c in kept.items() if n in wanted and c != {"name": c["name"]}}
    return said


def _ordered(text: str, columns: object, wanted: Sequence[str]) -> tuple[str, list[str]]:
    if not isinstance(columns, CommentedSeq) or not all(map(_is_column, columns)):
        return text, []
    there = [str(column["name"]).lower() for column in columns]
    order = [name.lower() for name in wanted]
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    starts = _starts(lines, columns)
    if there == order or not starts or len(set(there)) < len(there):
        return text, []
    blocks = dict(zip(there, _blocks(lines, starts), strict=True))
    first, last = min(blocks.values())[0], max(blocks.values())[1]
    named = [(n, lines[slice(*blocks[n])] if n in blocks else None) for n in order]
    made = [
        _named(shown, _indent(lines[starts[0]])) if block is None else "".join(block)
        for shown, (_, block) in zip(wanted, named, strict=True)
    ]
    new = [shown for shown, (_, block) in zip(wanted, named, strict=True) if block is None]
    changes = [f"column {name}" for name in new]
    changes += [f"column {name} removed" for name in there if name not in order]
    ended = [each if each.endswith("\n") else each + "\n" for each in made]
    return "".join([*lines[:first], *ended, *lines[last:]]), changes or ["order of the columns"]


def _is_column(entry: object) -> bool:
    return isinstance(entry, CommentedMap) and "name" in entry


def _starts(lines: Sequence[str], columns: CommentedSeq) -> list[int]:
    """The line of each column's dash; none where they do not stand one below the other."""
    found = [_dash(lines, columns.lc.item(at)[0]) for at in range(len(columns))]
    starts = [at for at in found if at is not None]
    below = all(one < other for one, other in pairwise(starts))
    alike = len({_indent(lines[at]) for at in starts}) == 1
    return starts if len(starts) == len(columns) and below and alike else []


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _dash(lines: Sequence[str], at: int) -> int | None:
    """The line with the dash of the entry that begins in a line; None where none is in sight."""
    while at >= 0:
        text = lines[at].strip()
        if text.startswith("-"):
            return at
        at -= 1
        if at >= 0 and lines[at].strip() and lines[at].strip()[0] not in "-#":
            return None
    return None


def _blocks(lines: Sequence[str], starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Of each column its first line, that of the comment above it, and the one after its last."""
    heads = [_head(lines, at) for at in starts]
    yield from zip(heads, [*heads[1:], _end(lines, starts[-1])], strict=True)


def _head(lines: Sequence[str], start: int) -> int:
    """The first line of the comment above a column; deeper ones belong to what stands before."""
    depth = _indent(lines[start])
    at = start
    while at and (not lines[at - 1].strip() or _is_comment(lines[at - 1], depth)):
        at -= 1
    return at


def _is_comment(line: str, depth: int) -> bool:
    return line.lstrip().startswith("#") and _indent(line) <= depth


def _end(lines: Sequence[str], start: int) -> int:
    """The line after a column: behind the last one that is deeper than its dash."""
    depth = _indent(lines[start])
    at = end = start + 1
    while at < len(lines) and (_indent(lines[at]) > depth or _says_nothing(lines[at])):
        end = at + 1 if lines[at].strip() and _indent(lines[at]) > depth else end
        at += 1
    return end


def _says_nothing(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _named(name: str, indent: int) -> str:
    written = yaml.safe_dump({"name": name}, allow_unicode=True, width=10 * WIDTH)
    return f"{' ' * indent}- {written}"
