"""Edits of YAML that people wrote: what is added stands before the comments of what follows.

ruamel.yaml hangs a comment on the value above it. Something new that comes behind that value would
stand below a comment that is about something else.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString
from ruamel.yaml.tokens import CommentToken

Container = CommentedMap | CommentedSeq


def put(entry: CommentedMap, name: str, value: Any, place: int | None = None) -> None:
    """Set a key where it stands; a new one at a place counted from 0, the end by default."""
    if name in own_keys(entry):
        entry[name] = value
        return
    at = len(entry) if place is None else min(place, len(entry))
    before = list(entry)[at - 1] if at else None
    below = _cut(entry, before) if before is not None else ""
    if at < len(entry):
        entry.insert(at, name, value)
    else:
        entry[name] = value
    _hang(entry, name, below)


def append(entries: CommentedSeq, value: Any) -> None:
    """Add a value at the end of a list."""
    below = _cut(entries, len(entries) - 1) if entries else ""
    entries.append(value)
    _hang(entries, len(entries) - 1, below)


def own(holder: Container, key: Any) -> Any:
    """The value at a key, for a change in this place alone: copied where others have it too."""
    if is_shared(holder, key):
        made = deepcopy(holder[key])
        made.yaml_set_anchor(None, always_dump=False)
        if isinstance(holder, CommentedMap):
            put(holder, key, made)
        else:
            holder[key] = made
    return holder[key] if isinstance(holder, CommentedSeq) else holder.get(key)


def is_shared(holder: Container, key: Any) -> bool:
    """Whether a list or mapping came by a merge or has an anchor, so that an alias may name it."""
    value = holder[key] if isinstance(holder, CommentedSeq) else holder.get(key)
    if not isinstance(value, CommentedMap | CommentedSeq):
        return False
    anchor = value.yaml_anchor()
    merged = isinstance(holder, CommentedMap) and key not in own_keys(holder)
    return merged or (anchor is not None and anchor.value is not None)


def own_keys(entry: CommentedMap) -> list[str]:
    """The keys that stand in a mapping itself, without those that a merge brings."""
    return [str(name) for name, _ in entry.non_merged_items()]


def _leaves(holder: Container, key: Any) -> list[tuple[Container, Any]]:
    """The way down to what stands last in the text of a value: a container and a place in each."""
    way = [(holder, key)]
    value = holder[key]
    while isinstance(value, CommentedMap | CommentedSeq) and value and not value.fa.flow_style():
        keys = own_keys(value) if isinstance(value, CommentedMap) else range(len(value))
        if not keys:
            break
        way.append((value, keys[-1]))
        value = value[keys[-1]]
    return way


def _slot(holder: Container) -> int:
    """Where ruamel.yaml keeps the comment behind a value."""
    return 2 if isinstance(holder, CommentedMap) else 0


def _cut(holder: Container, key: Any) -> str:
    """Take away the lines of comment below a value and return them; one beside it stays."""
    way = _leaves(holder, key)
    below = ""
    for inner, _ in way[1:]:
        below += "".join(str(token.value) for token in inner.ca.end or ())
        inner.ca.end = []
    holder, key = way[-1]
    tokens = holder.ca.items.get(key)
    if tokens and isinstance(tokens[_slot(holder)], CommentToken):
        text = str(tokens[_slot(holder)].value)
        beside, _, rest = ("", "", text) if _is_block(holder[key]) else text.partition("\n")
        tokens[_slot(holder)] = _token(beside + "\n") if beside else None
        below = rest + below
    return below


def _hang(holder: Container, key: Any, below: str) -> None:
    """Put lines of comment below a value."""
    if not below:
        return
    holder, key = _leaves(holder, key)[-1]
    slot = _slot(holder)
    tokens = holder.ca.items.setdefault(key, [None, None, None, None])
    given = str(tokens[slot].value) if isinstance(tokens[slot], CommentToken) else ""
    start = given or ("" if _is_block(holder[key]) else "\n")
    tokens[slot] = _token(start + below)


def _is_block(value: Any) -> bool:
    return isinstance(value, FoldedScalarString | LiteralScalarString)


def _token(text: str) -> CommentToken:
    return CommentToken(text, CommentMark(0), None)
