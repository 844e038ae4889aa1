"""What Nessie tells: references, commits and changes, read from its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Kind = Literal["BRANCH", "TAG"]
Properties = Mapping[str, list[str]]


@dataclass(frozen=True)
class Reference:
    """A branch or tag and the commit it points at."""

    name: str
    kind: Kind
    hash: str

    @property
    def spec(self) -> str:
        """The reference at exactly this commit, as Nessie writes it in paths."""
        return f"{self.name}@{self.hash}"


@dataclass(frozen=True)
class Commit:
    """One commit of a log."""

    hash: str
    parent: str | None
    message: str
    committed_at: datetime
    properties: Properties


@dataclass(frozen=True)
class Detailed:
    """A reference with its head commit, None on an empty branch, and commits ahead of main."""

    ref: Reference
    head: Commit | None
    ahead: int


@dataclass(frozen=True)
class Change:
    """One key that differs between two commits; ``key`` is ``schema.table`` or a schema."""

    key: str
    content: str
    """ICEBERG_TABLE, ICEBERG_VIEW or NAMESPACE."""
    what: Literal["added", "changed", "removed"]


def reference_of(raw: Mapping[str, Any]) -> Reference:
    """The reference in a piece of JSON."""
    return Reference(raw["name"], raw["type"], raw["hash"])


def commit_of(raw: Mapping[str, Any]) -> Commit:
    """The commit in a piece of JSON."""
    parents = raw["parentCommitHashes"]
    return Commit(
        hash=raw["hash"],
        parent=parents[0] if parents else None,
        message=raw["message"],
        committed_at=datetime.fromisoformat(raw["commitTime"]),
        properties=raw.get("allProperties") or {},
    )


def detailed_of(raw: Mapping[str, Any]) -> Detailed:
    """The reference with its metadata in a piece of JSON."""
    metadata = raw.get("metadata") or {}
    head = metadata.get("commitMetaOfHEAD")
    ahead = int(metadata.get("numCommitsAhead") or 0)
    return Detailed(reference_of(raw), commit_of(head) if head else None, ahead)


def change_of(raw: Mapping[str, Any]) -> Change:
    """The change in a piece of JSON."""
    old, new = raw["from"], raw["to"]
    what: Literal["added", "changed", "removed"]
    what = "added" if old is None else "removed" if new is None else "changed"
    return Change(".".join(raw["key"]["elements"]), (new or old)["type"], what)
