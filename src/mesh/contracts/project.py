"""A dbt project and the contracts that lie in it; ours or somebody else's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from mesh.build.nodes import PROJECT, Manifest, Node
from mesh.contracts.finding import Finding, errors
from mesh.contracts.lint import collisions, lint_file
from mesh.contracts.model import Contract
from mesh.core.console import warn
from mesh.core.errors import MeshError
from mesh.core.paths import ROOT, state_dir

FOLDER = "contracts"
SUFFIXES = (".odcs.yaml", ".odcs.yml")


@dataclass(frozen=True)
class ContractProject:
    """A project with what its contracts say.

    ``contracts`` are those that could be read; ``findings`` say what is wrong with the files.
    """

    root: Path
    name: str
    contracts: tuple[Contract, ...]
    findings: tuple[Finding, ...]
    manifest: Manifest = field(repr=False)

    @property
    def ours(self) -> bool:
        """Whether the rules of this house hold for it."""
        return self.name == PROJECT

    @property
    def gold(self) -> tuple[Node, ...]:
        """The models that have to have a contract: those below a folder ``gold``."""
        own = (n for n in self.manifest.nodes.values() if n.kind == "model")
        found = [n for n in own if n.package == self.name and "gold" in n.fqn[1:-1]]
        return tuple(sorted(found, key=lambda n: (n.name, str(n.version or ""))))

    @cached_property
    def by_table(self) -> tuple[Contract, ...]:
        """The contracts, one that describes several tables once for each of them."""
        found: list[Contract] = []
        for contract in self.contracts:
            several = contract.tables if len(contract.tables) > 1 else ()
            found += [replace(contract, tables=(table,)) for table in several] or [contract]
        return tuple(found)

    @cached_property
    def _models(self) -> Mapping[str, list[Node]]:
        """The project's models by name, the versions of one together."""
        found: dict[str, list[Node]] = {}
        for node in self.manifest.nodes.values():
            if node.kind == "model" and node.package == self.name:
                found.setdefault(node.name.lower(), []).append(node)
        return found

    def model_of(self, contract: Contract) -> Node | None:
        """The model that makes the contract's table: of its name, in its major version."""
        if not contract.tables:
            return None
        fitting = self._models.get(contract.table.name.lower(), [])
        versioned = [n for n in fitting if n.version is not None]
        if versioned:
            return next((n for n in versioned if str(n.version) == str(contract.major)), None)
        return fitting[0] if fitting else None


def contract_files(root: Path) -> list[Path]:
    """The contract files of a project, in a fixed order."""
    folder = root / FOLDER
    found = folder.rglob("*") if folder.is_dir() else ()
    return sorted(path for path in found if path.name.endswith(SUFFIXES))


def read_contracts(root: Path) -> tuple[list[Contract], list[Finding]]:
    """The contracts of a project and what is wrong with their files."""
    contracts: list[Contract] = []
    findings: list[Finding] = []
    for path in contract_files(root):
        contract, found = lint_file(path, str(path.relative_to(root)))
        findings += found
        contracts += [contract] if contract else []
    return contracts, [*findings, *collisions(contracts)]


def readable_contracts(root: Path) -> list[Contract]:
    """The contracts of a project that can be read; a warning names each file that cannot."""
    contracts, findings = read_contracts(root)
    there = {contract.file for contract in contracts}
    broken = {each.file: each for each in reversed(errors(findings)) if each.file not in there}
    for finding in reversed(broken.values()):
        warn(f"{finding.place}: left out, it is no sound contract: {finding.found}")
    return contracts


def open_project(root: Path = ROOT, manifest: Manifest | None = None) -> ContractProject:
    """Read a project and its contracts; dbt parses it, without an engine, if need be.

    Raises:
        MeshError: It is no dbt project, or dbt cannot parse it.
    """
    root = root.resolve()
    name = project_name(root)
    contracts, findings = read_contracts(root)
    found = manifest or manifest_of(root, name)
    return ContractProject(root, name, tuple(contracts), tuple(findings), found)


def project_name(root: Path) -> str:
    """The name in ``dbt_project.yml``.

    Raises:
        MeshError: There is no such file, or it names none.
    """
    return str(_project_file(root).get("name") or "")


def _project_file(root: Path) -> dict[str, Any]:
    path = root / "dbt_project.yml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise MeshError(
            f"this is no dbt project: {error}",
            where=str(path),
            expected="a folder with dbt_project.yml",
            hint="name the project with --project-dir",
        ) from error
    if not isinstance(raw, dict) or not raw.get("name"):
        raise MeshError("the project has no name", where=str(path), expected="name: …")
    return raw


def manifest_of(root: Path, name: str) -> Manifest:
    """The manifest of a project: that in its ``target`` when it is younger than the files."""
    from mesh.build.manifest import read_manifest

    return read_manifest(manifest_path(root), name)


def manifest_path(root: Path) -> Path:
    """The file or folder of the manifest of a project, made by dbt's parser if need be."""
    from mesh.build.parse import manifest_folder

    if root == ROOT:
        return manifest_folder()
    compiled = root / "target" / "manifest.json"
    if compiled.is_file() and compiled.stat().st_mtime_ns > _youngest(root):
        return compiled
    return _parsed(root)


def _youngest(root: Path) -> int:
    """When a file that dbt reads, or the list of those in a folder, was last changed."""
    return max((path.stat().st_mtime_ns for path in _sources(root)), default=0)


def _sources(root: Path) -> Iterator[Path]:
    raw = _project_file(root)
    yield root / "dbt_project.yml"
    for kind, usual in (("model", "models"), ("macro", "macros"), ("seed", "seeds")):
        for name in raw.get(f"{kind}-paths") or [usual]:
            folder = root / str(name)
            yield from (path for path in (folder, *folder.rglob("*")) if path.exists())


def _parsed(root: Path) -> Path:
    """Have dbt parse a foreign project with a profile of our own: no engine is asked."""
    from mesh.build.parse import parse_foreign

    mark = hashlib.sha256(str(root).encode()).hexdigest()[:12]
    target = state_dir() / "parsed" / f"foreign-{mark}"
    parse_foreign(root, str(_project_file(root).get("profile") or "default"), target)
    return target
