"""What a change touches: the nodes of the project that differ from what it is compared with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mesh.build.dbt import DbtError, Event, Project
from mesh.build.manifest import read_manifest
from mesh.core.errors import MeshError
from mesh.core.git import commit_of, write_tree
from mesh.core.paths import ROOT, state_dir
from mesh.lake.names import new_run_id
from mesh.lake.releases import Release, release_file


@dataclass(frozen=True)
class Base:
    """What a change is compared with: in words, and as folders that hold a ``manifest.json``."""

    name: str
    states: tuple[Path, ...]


def base_of(project: Project, live: Release, revision: str | None, folder: Path) -> Base:
    """Fetch what the change is compared with.

    With a revision it is the live release too: what was merged since that release, production does
    not hold yet, and a change must not be built on tables that are older than the code before it.

    Args:
        project: The project as it stands.
        live: The release that the tables come from.
        revision: The git revision that the change starts from, if it is to be compared with one.
        folder: Where the manifests are put.

    Raises:
        MeshError: There is no such revision, or a manifest is broken: what changed is unknown.
    """
    released = folder / "release"
    released.mkdir(parents=True)
    (released / "manifest.json").write_bytes(release_file(project.lake, live.tag, "manifest.json"))
    read_manifest(released)
    if revision is None:
        return Base(live.tag, (released,))
    parsed = folder / "revision"
    with _tree_of(revision) as tree:
        replace(project, folder=tree).invoke(["parse"], parsed)
    read_manifest(parsed)
    return Base(f"{revision} and {live.tag}", (released, parsed))


def modified(project: Project, states: Sequence[Path], target: Path) -> list[str]:
    """The nodes that differ from any of the states, as selectors of dbt, sorted.

    Args:
        project: The project as it stands.
        states: Folders that hold a ``manifest.json`` each.
        target: Folder for dbt's artifacts; the project's manifest is written there.

    Raises:
        DbtError: dbt cannot compare them.
    """
    found: set[str] = set()

    def listen(event: Event) -> None:
        if event.name == "PrintEvent":
            found.add(_selector(json.loads(event.message)))

    command = ["list", "--select", "state:modified", "--exclude", "package:elementary"]
    command += ["--output", "json", "--output-keys"]
    command += ["resource_type", "package_name", "source_name", "name", "fqn"]
    for state in states:
        if project.invoke([*command, "--state", str(state)], target, listen=listen):
            raise DbtError("dbt cannot tell what changed", where=str(target / "dbt.log"))
    return sorted(found)


def _selector(node: Mapping[str, Any]) -> str:
    """As dbt's own ``--output selector``, but one that a unit test of a version can be found by."""
    kind, package, name = node["resource_type"], node["package_name"], node["name"]
    if kind == "source":
        return f"source:{package}.{node['source_name']}.{name}"
    if kind in {"exposure", "unit_test"}:
        return f"{kind}:{package}.{name}"
    return ".".join(node["fqn"])


@contextmanager
def _tree_of(base: str) -> Iterator[Path]:
    """The files of a git revision in a folder of their own, removed afterwards."""
    folder = state_dir() / "trees" / new_run_id()
    try:
        write_tree(ROOT, commit_of(ROOT, base), folder)
        if not (folder / "dbt_project.yml").exists():
            raise MeshError(f"the tree of {base} holds no dbt project", where="dbt_project.yml")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
