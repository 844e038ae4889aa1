"""What protected personal data on the base branch and is gone: classes, tags, masks, contracts."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mesh.core.errors import MeshError
from mesh.privacy import declarations
from mesh.privacy.analysis import Analysis
from mesh.privacy.classes import Class
from mesh.privacy.columns.parts import ColumnRef
from mesh.privacy.findings import Finding
from mesh.privacy.paths import label, origin_name
from mesh.privacy.policy import FILE, Policy, Rule, read_policy
from mesh.privacy.project import DbtProject, load
from mesh.privacy.result import Taint

ORDER = ("none", "technical", "sensitive", "quasi", "free_text", "direct")
"""Declared classes; a change to one further left takes protection away."""

PROTECTING = re.compile(r"anonym|pseudonym|personal|privacy|mask|redact|suppress|small_cell|coded_text")
"""Names of tests that hold a protection."""

TAGS = re.compile(r"^(pii|phi|personal.*|sensitive|privacy.*|confidential|gdpr|hipaa)$", re.I)
MASKED = frozenset({Class.TECHNICAL, Class.GENERALISED})
CLEAR = frozenset({Class.DIRECT, Class.QUASI, Class.SENSITIVE, Class.FREE_TEXT, Class.UNKNOWN})


def removed_since(base: str, project: DbtProject) -> list[Finding]:
    """What the project has taken away since a git revision.

    Raises:
        MeshError: The revision does not exist, or its project does not parse.
    """
    if project.folder is None:
        raise MeshError("there is no folder to compare with its base", hint="give --project-dir")
    with TemporaryDirectory() as place:
        old = load(_tree(project.folder, base, Path(place)))
        before, after = read_policy(old.folder), read_policy(project.folder)
        found = list(compared(old, project))
        found += _loosened(before, after)
    return sorted(set(found), key=lambda each: (each.node, each.column, each.message))


def _tree(folder: Path, base: str, place: Path) -> Path:
    """The project as it was at a revision, in a folder of its own."""
    top = _git(folder, "rev-parse", "--show-toplevel").decode().strip()
    inside = folder.resolve().relative_to(Path(top).resolve())
    packed = _git(Path(top), "archive", "--format=tar", base, str(inside))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(place, filter="data")
    for name in ("dbt_packages",):
        if (folder / name).is_dir() and not (place / inside / name).exists():
            (place / inside / name).symlink_to((folder / name).resolve())
    return place / inside


def _git(folder: Path, *arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise MeshError(f"git {arguments[0]} failed: {words[0] if words else ''}", where=str(folder))
    return done.stdout


def compared(old: DbtProject, new: DbtProject) -> Iterator[Finding]:
    """What the second manifest lacks of the first."""
    yield from _classes(old.raw, new.raw)
    yield from _nodes(old.raw, new.raw)
    yield from _tests(old.raw, new.raw)
    yield from _macros(old.raw, new.raw)
    yield from _masks(Analysis(old), Analysis(new))


def _both(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    for part in ("sources", "nodes"):
        for unique_id, node in old[part].items():
            if unique_id in new[part] and node["resource_type"] != "test":
                yield node, new[part][unique_id]


def _gone(node: Mapping[str, Any], message: str, column: str = "", cls: str = "") -> Finding:
    source = f"{node['source_name']}.{node['name']}" if "source_name" in node else ""
    file = str(node.get("original_file_path") or "")
    return Finding("PRIV017", source or str(node["name"]), message, column, cls, file=file)


def _classes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Finding]:
    for before, after in _both(old, new):
        now = declarations.of_node(after)
        for column, was in declarations.of_node(before).items():
            if was.cls is None:
                continue
            found = now.get(column, declarations.UNDECLARED)
            if found.cls is None:
                yield _gone(before, f"the class {was.word} is gone", column, was.word)
            elif ORDER.index(found.cls.word) < ORDER.index(was.cls.word):
                message = f"the class was {was.word} and is {found.word}"
                yield _gone(before, message, column, was.word)
            elif was.identifier and not found.identifier:
                message = f"the identifier {was.identifier} is gone"
                yield _gone(before, message, column, was.word)


def _nodes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Finding]:
    for before, after in _both(old, new):
        if _contract(before) and not _contract(after):
            yield _gone(before, "its contract is no longer enforced")
        if _kept_private(before) and not _kept_private(after):
            yield _gone(before, "it is no longer private")
        for tag in set(before.get("tags") or ()) - set(after.get("tags") or ()):
            if TAGS.match(tag):
                yield _gone(before, f"the tag {tag} is gone")
        for name, column in declarations.columns_of(before):
            tags = dict(declarations.columns_of(after)).get(name, {}).get("tags") or ()
            for tag in set(column.get("tags") or ()) - set(tags):
                if TAGS.match(tag):
                    yield _gone(before, f"the tag {tag} is gone", name)


def _contract(node: Mapping[str, Any]) -> bool:
    return bool(((node.get("config") or {}).get("contract") or {}).get("enforced"))


def _kept_private(node: Mapping[str, Any]) -> bool:
    return node.get("access") == "private"


def _tests(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Finding]:
    present = {_test_key(test) for test in new["nodes"].values() if test["resource_type"] == "test"}
    for test in old["nodes"].values():
        if test["resource_type"] != "test" or _test_key(test) in present:
            continue
        attached = test.get("attached_node")
        node = new["nodes"].get(attached) if attached else None
        if attached and node is None:
            continue  # the model went with it
        name = (test.get("test_metadata") or {}).get("name") or test["name"]
        if PROTECTING.search(name):
            message = f"the test {name} is gone"
            yield _gone(node or test, message, str(test.get("column_name") or ""))


def _test_key(test: Mapping[str, Any]) -> tuple[str, str, str]:
    metadata = test.get("test_metadata") or {}
    return (
        str(metadata.get("name") or test["name"]),
        str(test.get("attached_node") or ""),
        str(test.get("column_name") or ""),
    )


def _macros(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Finding]:
    own = old["metadata"].get("project_name")
    for unique_id, macro in old["macros"].items():
        path = Path(str(macro["original_file_path"]))
        if macro["package_name"] != own or "privacy" not in path.parts:
            continue
        after = new["macros"].get(unique_id)
        if after is None:
            yield _gone(macro, "the mask is gone")
        elif _text(after) != _text(macro):
            yield _gone(macro, "the mask has another body")


def _text(macro: Mapping[str, Any]) -> str:
    return " ".join(re.sub(r"\{#.*?#\}", "", str(macro["macro_sql"]), flags=re.S).split())


def _masks(old: Analysis, new: Analysis) -> Iterator[Finding]:
    """Columns that were masked and give the same values in the clear."""
    old.run()
    new.run()
    for unique_id, before in old.results.items():
        if unique_id not in new.tables.nodes:
            continue
        after = new.result(unique_id)
        node = new.tables.nodes[unique_id]
        for column, taints in before.taints.items():
            masked = {origin for origin, cls in taints if cls in MASKED}
            masked -= {origin for origin, cls in taints if cls in CLEAR}
            for origin, cls in _clear(after.taints.get(column, {}), masked):
                name = origin_name(new, origin)
                yield _gone(node, f"the mask over {name} is gone", column, cls.word)


def _clear(taints: Mapping[Taint, Any], origins: set[ColumnRef]) -> Iterator[Taint]:
    for origin, cls in taints:
        if origin in origins and cls in CLEAR:
            yield origin, cls


def _loosened(before: Policy, after: Policy) -> Iterator[Finding]:
    def found(message: str) -> Finding:
        return Finding("PRIV017", FILE, message, file=FILE)

    for name in sorted({*before.published, *before.guarded} - {*after.published, *after.guarded}):
        yield found(f"the rules no longer hold in {name}")
    if after.smallest < before.smallest:
        yield found(f"groups of {after.smallest} may be shown, {before.smallest} were asked for")
    for rule in after.rules:
        if not any(_covers(old, rule) for old in before.rules):
            classes = ", ".join(sorted(rule.classes))
            yield found(f"{classes} may be in {', '.join(rule.places)}, which no rule allowed")


def _covers(old: Rule, new: Rule) -> bool:
    """Whether the old rule allowed all that the new one does."""
    return (
        set(new.places) <= set(old.places)
        and new.classes <= old.classes
        and (not old.identifiers or (bool(new.identifiers) and new.identifiers <= old.identifiers))
        and (not old.columns or (bool(new.columns) and set(new.columns) <= set(old.columns)))
        and set(old.without) <= set(new.without)
    )


__all__ = ["compared", "label", "removed_since"]
