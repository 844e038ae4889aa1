"""`mesh contract sync`: writes what a contract says into the YAML of its model.

Columns with their types, descriptions and constraints, the generic tests of the quality rules,
versions, the day of the end and the contract's mark in ``config.meta`` come from the contract.
Everything else in the file is left as it is, to the layout of its lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from mesh.build.nodes import Node
from mesh.contracts.column_lines import Columns, in_order
from mesh.contracts.commented import append, is_shared, own, own_keys, put
from mesh.contracts.model import Contract
from mesh.contracts.model_yaml import changed, dumped, load
from mesh.contracts.project import ContractProject, open_project
from mesh.contracts.sync_columns import sync_columns
from mesh.contracts.sync_tests import sync_tests
from mesh.contracts.yaml_text import folded


@dataclass(frozen=True)
class Written:
    """A file that was written, or would be, and what changed in it."""

    file: str
    changes: tuple[str, ...]


def sync(root: Path, *, dry_run: bool = False) -> list[Written]:
    """Write the model YAML of a project from its contracts.

    Args:
        root: The project.
        dry_run: Only tell.

    Raises:
        MeshError: A model's YAML cannot be read.
    """
    project = open_project(root)
    done = []
    for name, contracts in _by_model(project):
        nodes = _nodes(project, name)
        if not nodes:
            continue
        file = _yaml_file(nodes[0])
        path = root / file
        text, newline = _read(path)
        new, changes = synced(text, name, contracts, nodes, _tests_known(project), file)
        if new != text:
            if not dry_run:
                path.write_text(new, encoding="utf-8", newline=newline)
            done.append(Written(file, tuple(changes)))
    return done


def _read(path: Path) -> tuple[str, str]:
    """The text of a file, and how its lines end."""
    if not path.is_file():
        return "models: []\n", "\n"
    text = path.read_bytes().decode("utf-8")
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        text += "models: []\n"
    newline = "\r\n" if "\r\n" in text else "\n"
    return text.replace("\r\n", "\n"), newline


def _by_model(project: ContractProject) -> Iterator[tuple[str, list[Contract]]]:
    """The contracts of each model, the oldest version first."""
    found: dict[str, list[Contract]] = {}
    for contract in project.by_table:
        if contract.tables:
            found.setdefault(contract.table.name, []).append(contract)
    for name, contracts in sorted(found.items()):
        yield name, sorted(contracts, key=lambda c: c.major)


def _nodes(project: ContractProject, name: str) -> list[Node]:
    """The versions of a model."""
    models = (n for n in project.manifest.nodes.values() if n.kind == "model")
    found = [n for n in models if n.name == name and n.package == project.name]
    return sorted(found, key=lambda n: str(n.version or ""))


def _yaml_file(node: Node) -> str:
    path = PurePosixPath(node.path)
    return node.yaml_path or str(path.with_name(f"{node.name}.yml"))


def _tests_known(project: ContractProject) -> frozenset[str]:
    """The generic tests that the project defines."""
    names = (macro.name for macro in project.manifest.macros.values())
    return frozenset(name.removeprefix("test_") for name in names if name.startswith("test_"))


def synced(
    text: str,
    name: str,
    contracts: Sequence[Contract],
    nodes: Sequence[Node],
    known: frozenset[str],
    file: str = "",
) -> tuple[str, list[str]]:
    """The text of a model's YAML with what its contracts say, and what changed.

    Args:
        text: The file as it is.
        name: The model.
        contracts: Its contracts, the oldest version first.
        nodes: The model, or its versions, as dbt parsed them.
        known: The generic tests that the project defines.
        file: The file, for messages.

    Raises:
        MeshError: The text is no YAML of models.
    """
    data = load(text, file)
    text, data, changes = in_order(text, data, list(_lists(data, name, contracts)), file)
    before = dumped(data)
    entry = _entry(data, name)
    if len(contracts) == 1 and not entry.get("versions"):
        _apply(entry, entry, contracts[0], _node(nodes, None), known, changes)
    else:
        _versions(entry, contracts, nodes, known, changes)
    return changed(text, before, data, file), changes


def _lists(data: CommentedMap, name: str, contracts: Sequence[Contract]) -> Iterator[Columns]:
    """The lists of columns that a model and its versions have of their own."""
    for at, entry in enumerate(data.get("models") or ()):
        if isinstance(entry, CommentedMap) and entry.get("name") == name:
            path = ("models", at)
            if not entry.get("versions"):
                yield from _list(entry, path, contracts[0], "")
                continue
            for number, version in enumerate(entry["versions"]):
                of = (c for c in contracts if str(c.major) == str(version.get("v")))
                for contract in of:
                    where = (*path, "versions", number)
                    yield from _list(version, where, contract, f"v{contract.major}: ")


def _list(
    entry: CommentedMap, path: tuple[str | int, ...], contract: Contract, mark: str
) -> Iterator[Columns]:
    if "columns" in own_keys(entry) and not is_shared(entry, "columns"):
        names = tuple(column.name for column in contract.table.columns)
        yield Columns((*path, "columns"), names, mark)


def _entry(data: CommentedMap, name: str) -> CommentedMap:
    """The entry of a model, made if there is none."""
    if not data.get("models"):
        put(data, "models", CommentedSeq())
    models = data["models"]
    for entry in models:
        if isinstance(entry, CommentedMap) and entry.get("name") == name:
            return entry
    made = CommentedMap(name=name)
    append(models, made)
    models.fa.set_block_style()
    return made


def _node(nodes: Sequence[Node], major: int | None) -> Node | None:
    if major is None:
        return nodes[0] if nodes else None
    alone = nodes[0] if len(nodes) == 1 and nodes[0].version is None else None
    return next((n for n in nodes if str(n.version) == str(major)), alone)


def _apply(
    entry: CommentedMap,
    whole: CommentedMap,
    contract: Contract,
    node: Node | None,
    known: frozenset[str],
    changes: list[str],
) -> None:
    """Write one contract into an entry, which is the model's or that of a version of it."""
    said = contract.table.description
    if entry is whole or "description" in entry or not _same(whole.get("description"), said):
        rendered = node.description if node and "description" in entry else entry.get("description")
        if not _same(rendered, said):
            _put_after(entry, "description", folded(said), "name")
            changes.append("description")
    if node is not None and not node.contract_enforced:
        put(_part(_config(entry), "contract"), "enforced", True)
        changes.append("config.contract.enforced")
    _mark(entry, contract, changes)
    _end(entry, contract, changes)
    sync_columns(entry, contract, node, known, changes)
    holder = entry if "data_tests" in entry or "tests" in entry or entry is whole else whole
    sync_tests(holder, contract, "", known, changes)


def _same(one: object, other: object) -> bool:
    return " ".join(str(one or "").split()) == " ".join(str(other or "").split())


def _put_after(entry: CommentedMap, name: str, value: Any, after: str) -> None:
    """Set a key, a new one behind ``after``."""
    put(entry, name, value, list(entry).index(after) + 1 if after in entry else None)


def _config(entry: CommentedMap) -> CommentedMap:
    if entry.get("config") is None:
        after = "description" if "description" in entry else ("name" if "name" in entry else "v")
        _put_after(entry, "config", CommentedMap(), after)
    found: CommentedMap = own(entry, "config")
    return found


def _part(entry: CommentedMap, name: str) -> CommentedMap:
    """A mapping in an entry, made if there is none."""
    if not entry.get(name):
        put(entry, name, CommentedMap())
    found: CommentedMap = own(entry, name)
    return found


def _mark(entry: CommentedMap, contract: Contract, changes: list[str]) -> None:
    """Which contract it is, in ``config.meta``."""
    wanted = {"id": contract.id, "version": contract.version}
    config = entry.get("config") or {}
    if dict((config.get("meta") or {}).get("contract") or {}) == wanted:
        return
    meta = _part(_config(entry), "meta")
    if not meta:
        meta.fa.set_flow_style()
    made = CommentedMap(wanted)
    made.fa.set_flow_style()
    put(meta, "contract", made)
    changes.append("config.meta.contract")


def _end(entry: CommentedMap, contract: Contract, changes: list[str]) -> None:
    """The day on which the version ends."""
    date = contract.deprecation_date
    found = str(entry.get("deprecation_date") or "")[:10] or None
    if (date.isoformat() if date else None) == found:
        return
    if date is None:
        del entry["deprecation_date"]
    else:
        _put_after(entry, "deprecation_date", date, "defined_in" if "defined_in" in entry else "v")
    changes.append("deprecation_date")


def _versions(
    entry: CommentedMap,
    contracts: Sequence[Contract],
    nodes: Sequence[Node],
    known: frozenset[str],
    changes: list[str],
) -> None:
    """Several versions side by side; a model without versions becomes the first of them."""
    if not entry.get("versions"):
        _split(entry, contracts[0], changes)
    latest = max(
        (c for c in contracts if c.status == "active"), key=lambda c: c.major, default=contracts[-1]
    )
    if str(entry.get("latest_version")) != str(latest.major):
        _put_after(entry, "latest_version", latest.major, "description")
        changes.append("latest_version")
    versions = entry["versions"]
    for contract in contracts:
        made = next((v for v in versions if str(v.get("v")) == str(contract.major)), None)
        if made is None:
            made = CommentedMap(v=contract.major)
            append(versions, made)
            changes.append(f"version {contract.major}")
        mine: list[str] = []
        _apply(made, entry, contract, _node(nodes, contract.major), known, mine)
        changes += [f"v{contract.major}: {change}" for change in mine]


def _split(entry: CommentedMap, contract: Contract, changes: list[str]) -> None:
    """Make what stands there the first version; its table keeps its name."""
    first = CommentedMap(v=contract.major)
    first["defined_in"] = entry["name"]
    config = CommentedMap(alias=contract.table.physical_name.rpartition(".")[2])
    moved = entry.pop("config", None)
    for name, value in (moved or {}).items():
        config[name] = value
    first["config"] = config
    if "columns" in entry:
        first["columns"] = entry.pop("columns")
    entry["versions"] = CommentedSeq([first])
    changes.append("versions")
