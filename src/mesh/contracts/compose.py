"""Makes nodes with places of the text of a YAML file: bounded, and without constructors.

Built on PyYAML's event stream, so nothing is nested deeper, expanded further or kept longer than
the limits below allow, whatever the file holds. Plain scalars become text, numbers, booleans and
null; dates stay text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from mesh.contracts.finding import Finding

MAX_DEPTH = 40
MAX_NODES = 200_000
"""Values in the file, and values after its aliases are expanded."""
MAX_ALIASES = 1_000
MAX_DUPLICATES = 100
"""Findings of one kind that are told before the reader has seen enough."""

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})")
_HEX = re.compile(r"0x[0-9a-fA-F]{1,16}")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]{1,3})?")
_BOOLS = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}
_WORDS: dict[str, bool | None] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_WORDS |= {form(w): v for w, v in _BOOLS.items() for form in (str.lower, str.title, str.upper)}
_OF_NUMBERS = frozenset("+-.0123456789")
"""What a number begins with."""
_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null")} | {
    "tag:yaml.org,2002:map",
    "tag:yaml.org,2002:seq",
    "tag:yaml.org,2002:timestamp",
}
_TEXT_TAG = "tag:yaml.org,2002:str"
_STARTS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value and where it stands.

    ``value`` is a scalar, a list of nodes, or a list of (key, place of the key, node).
    ``size`` and ``depth`` count what lies in it with aliases expanded; ``text`` is a scalar as it
    was written.
    """

    kind: str
    value: Any
    line: int
    column: int
    size: int = 1
    depth: int = 1
    text: str = ""


class Unreadable(Exception):
    """The file cannot be read any further; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.found)
        self.finding = finding


def stop(
    file: str, code: str, found: str, expected: str, hint: str, line: int = 0, column: int = 0
) -> Unreadable:
    """What ends the reading of a file."""
    return Unreadable(Finding(file, line, column, code, "", found, expected, hint))


class Composer:
    """Makes nodes of events, without recursion, and stops at the limits."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.findings: list[Finding] = []
        self._anchors: dict[str, Node | None] = {}
        self._nodes = self._aliases = 0

    def compose(self) -> Node:
        """The root of the first document."""
        root: Node | None = None
        stack: list[tuple[Node, str | None, list[Node]]] = []
        for event in self._events():
            if isinstance(event, yaml.ScalarEvent):  # most are
                self._count(event, len(stack) + 1)
                node = self._scalar(event)
                self._declare(event.anchor, node)
            elif isinstance(event, _STARTS):
                self._count(event, len(stack) + 1)
                self._tag(event)
                self._declare(event.anchor, None)
                kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
                node = Node(kind, [], *_place(event))
                stack.append((node, event.anchor, []))
                continue
            elif isinstance(event, _ENDS):
                node, anchor, children = stack.pop()
                self._close(node, children, event)
                self._declare(anchor, node)
            elif isinstance(event, yaml.AliasEvent):
                node = self._alias(event)
            elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise self._stop(
                    event,
                    "C110",
                    "a second document starts",
                    "one contract a file",
                    "split the file at `---`",
                )
            else:
                continue
            if stack:
                stack[-1][2].append(node)
            elif root is None:
                root = node
        if root is None:
            raise stop(
                self.file,
                "C103",
                "the file holds no value",
                "a data contract",
                "start with apiVersion, kind, id, version and status",
            )
        return root

    def _events(self) -> Iterator[Any]:
        try:
            yield from yaml.parse(self.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            found = error.problem or "this is not YAML"
            hint = "see the line; quote text with `: `, `#`, `{` or `[` in it"
            if "\\t" in found or "tab" in found or self._has_tab(line):
                found, hint = "a tab stands where blanks indent", "indent with blanks"
            raise stop(self.file, "C104", found, "valid YAML", hint, line, column) from error
        except yaml.YAMLError as error:
            position = getattr(error, "position", None)
            line = self.text.count("\n", 0, position) + 1 if isinstance(position, int) else 0
            found = f"a character is not allowed in YAML: {getattr(error, 'reason', error)}"
            raise stop(
                self.file,
                "C104",
                found,
                "printable text",
                "remove control characters",
                line,
                1 if line else 0,
            ) from error

    def _has_tab(self, line: int) -> bool:
        lines = self.text.split("\n", line) if line else []
        text = lines[line - 1] if line <= len(lines) and lines else ""
        return "\t" in text[: len(text) - len(text.lstrip())]

    def _count(self, event: Any, depth: int) -> None:
        self._nodes += 1
        if depth > MAX_DEPTH:
            raise self._stop(
                event,
                "C107",
                f"values are nested deeper than {MAX_DEPTH}",
                f"at most {MAX_DEPTH} levels",
                "flatten the structure",
            )
        if self._nodes > MAX_NODES:
            raise self._stop(
                event,
                "C102",
                f"the file holds more than {MAX_NODES:,} values",
                f"at most {MAX_NODES:,}",
                "split the contract",
            )

    def _alias(self, event: Any) -> Node:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            raise self._stop(
                event,
                "C106",
                f"more than {MAX_ALIASES} aliases",
                f"at most {MAX_ALIASES}",
                "write the values out",
            )
        if event.anchor not in self._anchors:
            raise self._stop(
                event,
                "C104",
                f"the alias *{event.anchor} names no anchor",
                f"&{event.anchor} before it",
                "see its spelling",
            )
        node = self._anchors[event.anchor]
        if node is None:
            raise self._stop(
                event,
                "C105",
                f"the anchor &{event.anchor} contains itself",
                "a value that ends",
                f"remove *{event.anchor}",
            )
        return node

    def _declare(self, anchor: str | None, node: Node | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node

    def _tag(self, event: Any) -> None:
        if event.tag is not None and event.tag not in _TAGS and event.tag != "!":
            raise self._stop(
                event,
                "C109",
                f"the tag {event.tag} is not allowed",
                "plain values",
                "remove the tag: nothing is constructed or included",
            )

    def _scalar(self, event: Any) -> Node:
        self._tag(event)
        plain = event.implicit[0] and event.style in (None, "")
        typed = event.tag is not None and event.tag not in ("!", _TEXT_TAG)
        value = _resolved(event.value) if plain or typed else event.value
        return Node("scalar", value, *_place(event), text=event.value)

    def _close(self, node: Node, children: list[Node], event: Any) -> None:
        node.value = children if node.kind == "sequence" else self._pairs(children)
        node.size = 1 + sum(child.size for child in children)
        node.depth = 1 + max((child.depth for child in children), default=0)
        if node.size > MAX_NODES:
            raise self._stop(
                event,
                "C106",
                f"the aliases expand to more than {MAX_NODES:,} values",
                f"at most {MAX_NODES:,}",
                "write the values out",
            )
        if node.depth > MAX_DEPTH:
            raise self._stop(
                event,
                "C107",
                f"values are nested deeper than {MAX_DEPTH}",
                f"at most {MAX_DEPTH} levels",
                "flatten the structure",
            )

    def _pairs(self, children: list[Node]) -> list[tuple[str, tuple[int, int], Node]]:
        own: dict[str, tuple[tuple[int, int], Node]] = {}
        merged: dict[str, tuple[tuple[int, int], Node]] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            place = (key.line, key.column)
            if key.kind != "scalar":
                self._tell(place, "C104", "", "a key is not text", "a name", "quote the key")
                continue
            name = _spelled(key.value)
            if name == "<<" and _mappings(value):
                for mapping in _mappings(value):
                    for inner, at, node in mapping.value:
                        merged.setdefault(inner, (at, node))
            elif name in own:
                first = own[name][0]
                found = f"the key stands twice, first in line {first[0]}"
                self._tell(place, "C108", name, found, "each key once", "remove one of the two")
            else:
                own[name] = (place, value)
        rest = {name: entry for name, entry in merged.items() if name not in own}
        return [(name, at, node) for name, (at, node) in {**own, **rest}.items()]

    def _tell(
        self, place: tuple[int, int], code: str, element: str, found: str, expected: str, hint: str
    ) -> None:
        if len(self.findings) < MAX_DUPLICATES:
            self.findings.append(Finding(self.file, *place, code, element, found, expected, hint))

    def _stop(self, event: Any, code: str, found: str, expected: str, hint: str) -> Unreadable:
        return stop(self.file, code, found, expected, hint, *_place(event))


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _mappings(node: Node) -> list[Node]:
    """The mappings that a merge key names; none if it names anything else."""
    nodes = node.value if node.kind == "sequence" else [node]
    return nodes if all(each.kind == "mapping" for each in nodes) else []


def _spelled(value: Any) -> str:
    """The text of a scalar key."""
    if value is True or value is False:
        return "true" if value else "false"
    return "null" if value is None else str(value)


def _resolved(text: str) -> Any:
    """The value of a plain scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _OF_NUMBERS:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _HEX.fullmatch(text):
        return int(text, 16)
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
