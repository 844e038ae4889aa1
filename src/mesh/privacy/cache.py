"""Keeps what was found out about a node until something that it depends on changes.

An entry is found by everything that goes into rendering the node, and is good only while every
table that the node reads still looks as it did then. A file that is cut short, of another version
of these modules or otherwise not what it should be counts as empty.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mesh.core.paths import ROOT, state_dir
from mesh.privacy.classes import SAME, Change, Class
from mesh.privacy.columns.parts import Column, ColumnRef, Relation, Use, Uses
from mesh.privacy.columns.statement import Written
from mesh.privacy.declassify import FOLDER
from mesh.privacy.project import DbtProject
from mesh.privacy.result import Problem, Result

ENVIRONMENT = re.compile(r"env_var\s*\(\s*['\"]([^'\"]+)")


def digest(*parts: object) -> str:
    """Hash of anything that JSON can hold."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _tool() -> str:
    """Changes with every change of what decides: these modules, our masks, the parser."""
    found = hashlib.sha256(version("sqlglot").encode())
    for folder in (ROOT / "src" / "mesh" / "privacy", FOLDER):
        for path in sorted((*folder.rglob("*.py"), *folder.rglob("*.sql"))):
            found.update(path.read_bytes())
    return found.hexdigest()


class Store:
    """The entries of one project."""

    def __init__(self, project: DbtProject, smallest: int, path: Path | None = None) -> None:
        name = str(project.folder.resolve()) if project.folder else str(project.raw["metadata"])
        self.path = path or state_dir() / "privacy" / f"{digest(name)[:16]}.json"
        self._base = digest(
            _tool(),
            smallest,
            project.variables,
            project.targets,
            {k: m["macro_sql"] for k, m in project.raw["macros"].items()},
            _environment(project.raw),
        )
        self._old = _read(self.path)
        self._new: dict[str, Any] = {}

    def key(self, node: Mapping[str, Any]) -> str:
        """What an entry of this node is found by."""
        parts = ("raw_code", "compiled_code", "config", "columns", "language", "alias", "schema")
        said = [node.get(part) for part in (*parts, "unrendered_config")]
        return digest(self._base, node["unique_id"], said)

    def get(self, key: str) -> Mapping[str, Any] | None:
        """The entry, if there is one."""
        found = self._old.get(key)
        if found is not None:
            self._new[key] = found
        return found

    def put(self, key: str, entry: Mapping[str, Any]) -> None:
        """Keep an entry."""
        self._new[key] = entry

    def save(self) -> None:
        """Write the entries that were used, in one step; a full disk costs nothing but time."""
        if self._new == self._old:
            return
        body = json.dumps(self._new, separators=(",", ":"))
        head = hashlib.sha256(body.encode()).hexdigest()
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.write_text(f"{head}\n{body}")
            new.replace(self.path)
        except OSError:
            new.unlink(missing_ok=True)


def _environment(raw: Mapping[str, Any]) -> dict[str, str | None]:
    """The environment variables that templates ask for, hashed because they may be secret."""
    texts = [str(each.get("raw_code") or "") for each in raw["nodes"].values()]
    texts += [str(each["macro_sql"]) for each in raw["macros"].values()]
    names = {name for text in texts if "env_var" in text for name in ENVIRONMENT.findall(text)}
    return {name: digest(os.environ.get(name)) for name in sorted(names)}


def _read(path: Path) -> dict[str, Any]:
    try:
        head, _, body = path.read_text().partition("\n")
        if hashlib.sha256(body.encode()).hexdigest() != head:
            return {}
        found = json.loads(body)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def packed(result: Result, reads: Mapping[str, str]) -> dict[str, Any]:
    """An entry: the result, and how the tables that it reads looked."""
    refs: dict[tuple[ColumnRef, bool, Change], int] = {}
    entry = {
        "relation": _relation(result.relation, refs),
        "written": [[list(each.table), _relation(each.relation, refs)] for each in result.written],
        "shown": _uses(result.shown, refs),
        "problems": [[each.code, each.message] for each in result.problems],
        "reads": sorted(result.reads),
        "settings": result.settings,
        "looked": dict(reads),
    }
    entry["uses"] = [
        [ref.node, ref.column, int(direct), "".join(f"{each:x}" for each in change)]
        for ref, direct, change in refs
    ]
    return entry


def unpacked(entry: Mapping[str, Any]) -> Result:
    """The result in an entry."""
    uses = [
        Use(ColumnRef(node, column), bool(direct), _change(change))
        for node, column, direct, change in entry["uses"]
    ]

    def made(places: list[int]) -> Uses:
        return {uses[place]: None for place in places}

    def relation(raw: list[Any]) -> Relation:
        columns = [
            Column(name, made(places), people, frozenset(marks))
            for name, places, people, marks in raw[0]
        ]
        return Relation(columns, made(raw[1]), frozenset(raw[2]), raw[3], repeated=made(raw[4]))

    return Result(
        relation(entry["relation"]),
        problems=[Problem(code, message) for code, message in entry["problems"]],
        written=[Written(tuple(table), relation(raw)) for table, raw in entry["written"]],
        shown=made(entry["shown"]),
        reads=set(entry["reads"]),
        settings=entry["settings"],
    )


@cache
def _change(text: str) -> Change:
    found = tuple(Class(int(letter, 16)) for letter in text)
    return SAME if found == SAME else found


def _uses(uses: Uses, refs: dict[tuple[ColumnRef, bool, Change], int]) -> list[int]:
    return [refs.setdefault((u.ref, u.direct, u.change), len(refs)) for u in uses]


def _relation(relation: Relation, refs: dict[tuple[ColumnRef, bool, Change], int]) -> list[Any]:
    columns = [[c.name, _uses(c.uses, refs), c.people, sorted(c.marks)] for c in relation.columns]
    repeated = _uses(relation.repeated, refs)
    return [columns, _uses(relation.rows, refs), sorted(relation.open), relation.pinned, repeated]
