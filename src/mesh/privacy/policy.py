"""Where personal data of which class may be: governance/privacy.yml, or the default."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from mesh.core.errors import MeshError
from mesh.privacy.classes import ANYWHERE, Class
from mesh.privacy.declarations import Declaration
from mesh.privacy.settings import PLACES, configs_of

FILE = "governance/privacy.yml"
WORDS = {
    each.word: frozenset(other for other in Class if other.word == each.word) for each in Class
}


@dataclass(frozen=True)
class Rule:
    """One permission.

    Args:
        places: Where it holds: ``gold``, ``medical/gold``, ``gold/fct_*``.
        classes: Words of classes that it allows there.
        identifiers: Only for source columns with one of these identifiers; all if empty.
        columns: Only for these source columns, ``source.table.column`` with ``*``; all if empty.
        without: Not for these source columns.
        reason: Why.
    """

    places: tuple[str, ...]
    classes: frozenset[str]
    reason: str
    identifiers: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def allows(self, cls: Class, name: str, declared: Declaration) -> bool:
        """Whether a value of this class and origin is allowed."""
        return (
            cls.word in self.classes
            and (not self.identifiers or declared.identifier in self.identifiers)
            and (not self.columns or any(fnmatchcase(name, each) for each in self.columns))
            and not any(fnmatchcase(name, each) for each in self.without)
        )


@dataclass(frozen=True)
class Policy:
    """What is published, and what may be there.

    Args:
        published: Names of folders whose models others read.
        smallest: Least number of people in a group that may be shown.
        rules: Permissions; what none of them allows is refused.
        guarded: Folders besides the published ones in which the rules hold.
    """

    published: tuple[str, ...] = ("gold", "marts")
    smallest: int = 11
    rules: tuple[Rule, ...] = ()
    guarded: tuple[str, ...] = ()

    def is_published(self, node: Mapping[str, Any]) -> bool:
        """Whether others read the node on any target: by its folder, its schema or its catalog."""
        return any(self._is_published(node, config) for config in configs_of(node))

    def _is_published(self, node: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
        if config.get("materialized") == "ephemeral":
            return False
        if _inside(node, self.published):
            return True
        # What is asked for and what dbt made of it; a snapshot asks under a name of its own.
        named = [*(config.get(key) for key in PLACES), node.get("schema")]
        words = {word for each in named for word in re.split("[-_]", str(each or "").lower())}
        return any(each.lower() in words for each in self.published)

    def is_guarded(self, node: Mapping[str, Any]) -> bool:
        """Whether the rules say what may be in the node."""
        return self.is_published(node) or _inside(node, self.guarded)

    def allows(
        self, node: Mapping[str, Any] | None, cls: Class, name: str, declared: Declaration
    ) -> bool:
        """Whether a value may be in the columns of a node; None is a place nobody knows."""
        if cls in ANYWHERE:
            return True
        return any(
            rule.allows(cls, name, declared)
            for rule in self.rules
            if node is not None and _inside(node, rule.places, with_name=True)
        )


def _inside(node: Mapping[str, Any], places: Sequence[str], *, with_name: bool = False) -> bool:
    """Whether a node's file lies in one of the places, its own name counting as one if wanted."""
    path = PurePosixPath(str(node.get("original_file_path") or "").lower())
    parts = [*path.parts[:-1], *([path.stem] if with_name else [])]
    whole = f"/{'/'.join(parts)}/"
    return any(fnmatchcase(whole, f"*/{each.lower().strip('/')}/*") for each in places)


def read_policy(folder: Path | None, published: Sequence[str] = ()) -> Policy:
    """The policy of a project; the strict default where it has none.

    Raises:
        MeshError: The file is not what it has to be.
    """
    path = folder / FILE if folder else None
    policy = _read(path) if path is not None and path.is_file() else Policy()
    return replace(policy, published=tuple(published)) if published else policy


def _read(path: Path) -> Policy:
    try:
        raw = yaml.safe_load(path.read_text()) or {}
        rules = tuple(_rule(each) for each in raw.get("allow") or ())
        return Policy(
            tuple(map(str, raw.get("published") or Policy.published)),
            int(raw.get("smallest_group", Policy.smallest)),
            rules,
            tuple(map(str, raw.get("guarded") or ())),
        )
    except (OSError, yaml.YAMLError, AttributeError, TypeError, ValueError, KeyError) as error:
        raise MeshError(f"the rules cannot be read: {error}", where=str(path)) from error


def _rule(raw: Mapping[str, Any]) -> Rule:
    classes = frozenset(map(str, raw["classes"]))
    if unknown := classes - set(WORDS):
        raise ValueError(f"there is no class {', '.join(sorted(unknown))}")
    if not str(raw.get("reason") or "").strip():
        raise ValueError("a permission says no reason")
    return Rule(
        tuple(map(str, raw["in"])),
        classes,
        str(raw["reason"]).strip(),
        frozenset(str(each).lower() for each in raw.get("identifiers") or ()),
        tuple(str(each).lower() for each in raw.get("columns") or ()),
        tuple(str(each).lower() for each in raw.get("without") or ()),
    )
