"""What protected personal data on the base branch and is gone: classes, tags, masks, contracts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mesh.core.errors import MeshError
from mesh.core.git import commit_of, write_tree
from mesh.privacy import declarations
from mesh.privacy.analysis import Analysis
from mesh.privacy.classes import HARMLESS, Class
from mesh.privacy.columns.parts import ColumnRef
from mesh.privacy.findings import Finding, gone
from mesh.privacy.loosened import loosened, numbers_lowered, policies_lost
from mesh.privacy.lost_tests import PROTECTING, plain, tests_lost
from mesh.privacy.paths import origin_name
from mesh.privacy.policy import read_policy
from mesh.privacy.project import DbtProject, load
from mesh.privacy.result import Result, Taint

ORDER = ("none", "technical", "sensitive", "quasi", "free_text", "direct")
"""Declared classes; a change to one further left takes protection away."""

TAGS = re.compile(r"^(pii|phi|personal.*|sensitive|privacy.*|confidential|gdpr|hipaa)$", re.I)
MASKED = frozenset({Class.TECHNICAL, Class.GENERALISED, Class.GENERALISED_KEY})
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
        found += loosened(before, after)
        if old.folder is not None:
            found += policies_lost(old.folder, project.folder)
    return sorted(set(found), key=lambda each: (each.node, each.column, each.message))


def _tree(folder: Path, base: str, place: Path) -> Path:
    """The project as it was at a revision, in a folder of its own."""
    write_tree(folder, commit_of(folder, base), place)
    for name in ("dbt_packages",):
        if (folder / name).is_dir() and not (place / name).exists():
            (place / name).symlink_to((folder / name).resolve())
    return place


def compared(old: DbtProject, new: DbtProject) -> Iterator[Finding]:
    """What the second manifest lacks of the first."""
    yield from _classes(old.raw, new.raw)
    yield from _nodes(old.raw, new.raw)
    yield from tests_lost(old.raw, new.raw)
    yield from _macros(old.raw, new.raw)
    yield from _masks(Analysis(old), Analysis(new))
    yield from numbers_lowered(old.variables, new.variables)


def _both(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    for part in ("sources", "nodes"):
        for unique_id, node in old[part].items():
            if unique_id in new[part] and node["resource_type"] != "test":
                yield node, new[part][unique_id]
    yield from _renamed(old, new)


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Sources that are gone, with the new source or seed that has most of their personal columns.

    Where none has half of them the source went with all that it brought.
    """
    added = [each for key, each in new["sources"].items() if key not in old["sources"]]
    added += [
        each
        for key, each in new["nodes"].items()
        if each["resource_type"] == "seed" and key not in old["nodes"]
    ]
    for unique_id, source in old["sources"].items():
        if unique_id in new["sources"]:
            continue
        declared = declarations.of_node(source).items()
        personal = {name for name, was in declared if was.cls not in {None, *HARMLESS}}
        shared = [len(personal & {*declarations.of_node(each)}) for each in added]
        if any(shared) and 2 * max(shared) >= len(personal):
            yield source, added[shared.index(max(shared))]


def _classes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Finding]:
    for before, after in _both(old, new):
        now = declarations.of_node(after)
        for column, was in declarations.of_node(before).items():
            if was.cls is None:
                continue
            found = now.get(column, declarations.UNDECLARED)
            if found.cls is None:
                yield gone(before, f"the class {was.word} is gone", column, was.word)
            elif ORDER.index(found.cls.word) < ORDER.index(was.cls.word):
                message = f"the class was {was.word} and is {found.word}"
                yield gone(before, message, column, was.word)
            elif was.identifier and not found.identifier:
                message = f"the identifier {was.identifier} is gone"
                yield gone(before, message, column, was.word)


def _nodes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Finding]:
    for before, after in _both(old, new):
        if _contract(before) and not _contract(after):
            yield gone(before, "its contract is no longer enforced")
        if _kept_private(before) and not _kept_private(after):
            yield gone(before, "it is no longer private")
        for tag in set(before.get("tags") or ()) - set(after.get("tags") or ()):
            if TAGS.match(tag):
                yield gone(before, f"the tag {tag} is gone")
        for name, column in declarations.columns_of(before):
            tags = dict(declarations.columns_of(after)).get(name, {}).get("tags") or ()
            for tag in set(column.get("tags") or ()) - set(tags):
                if TAGS.match(tag):
                    yield gone(before, f"the tag {tag} is gone", name)


def _contract(node: Mapping[str, Any]) -> bool:
    return bool(((node.get("config") or {}).get("contract") or {}).get("enforced"))


def _kept_private(node: Mapping[str, Any]) -> bool:
    return node.get("access") == "private"


def _macros(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Finding]:
    own = old["metadata"].get("project_name")
    for unique_id, macro in old["macros"].items():
        path = Path(str(macro["original_file_path"]))
        name = str(macro["name"])
        test = name.startswith("test_") and PROTECTING.search(name) is not None
        if macro["package_name"] != own or not (test or "privacy" in path.parts):
            continue
        what = "test" if test else "mask"
        after = new["macros"].get(unique_id)
        if after is None:
            yield gone(macro, f"the {what} is gone")
        elif plain(after["macro_sql"]) != plain(macro["macro_sql"]):
            yield gone(macro, f"the {what} has another body")


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
            clear = _clear(after.taints.get(column, {}), None)
            masked |= _hidden(old, before, column, {origin for origin, _ in clear})
            masked -= {origin for origin, cls in taints if cls in CLEAR}
            for origin, cls in _clear(after.taints.get(column, {}), masked):
                name = origin_name(new, origin)
                yield gone(node, f"the mask over {name} is gone", column, cls.word)


def _hidden(analysis: Analysis, result: Result, name: str, shown: set[ColumnRef]) -> set[ColumnRef]:
    """Columns of which one gives nothing: those it is made of, or all where it is a constant."""
    columns = result.relation.named(name)
    refs = {use.ref for each in columns for use in each.uses}
    if columns and not refs:
        return shown
    return {origin for ref in refs for origin, _ in analysis.taints(ref)}


def _clear(taints: Mapping[Taint, Any], origins: set[ColumnRef] | None) -> Iterator[Taint]:
    """The values that are given in the clear, of some columns or of all."""
    for origin, cls in taints:
        if (origins is None or origin in origins) and cls in CLEAR:
            yield origin, cls


__all__ = ["compared", "removed_since"]
