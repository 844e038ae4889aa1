"""The manifest of the tree as it stands: dbt's parser alone, without engine, stack or network."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock

from mesh.build import packages
from mesh.build.dbt import DbtError, Event, Project
from mesh.build.fingerprint import fingerprint
from mesh.build.manifest import Manifest, read_manifest
from mesh.core.paths import ROOT, state_dir
from mesh.core.settings import Lake

NOWHERE = Lake(
    trino_host="127.0.0.1",
    trino_port=1,
    trino_scheme="http",
    trino_user="mesh",
    trino_password=None,
    trino_ca=None,
    catalog="lake",
    nessie_uri="",
    s3_endpoint="",
    s3_region="",
    s3_access_key="",
    s3_secret_key="",
)
"""A lake that nobody asks: parsing opens no connection."""


def parse(folder: Path, target: Path) -> None:
    """Have dbt parse the project in ``folder`` and write ``manifest.json`` into ``target``.

    Tables have the names by which they are published.

    Raises:
        DbtError: The project does not parse; the message is dbt's.
    """
    installed = packages.PackagesState("stand-in", packages.known())
    project = Project(NOWHERE, NOWHERE.catalog, installed, folder=folder)
    faults: list[str] = []

    def listen(event: Event) -> None:
        if event.level == "error":
            faults.append(event.message)

    if project.invoke(["parse"], target, listen=listen):
        raise DbtError("dbt cannot parse the project: " + "\n".join(faults), where=str(folder))


def manifest_folder() -> Path:
    """The folder with the manifest of this tree; dbt parses only what changed since the last call.

    Raises:
        DbtError: The project does not parse.
    """
    target = state_dir() / "parsed" / "tree"
    target.mkdir(parents=True, exist_ok=True)
    mark = target / "fingerprint"
    with FileLock(target / "lock"):
        current = fingerprint(ROOT, {}, packages.known().resolve().name)
        if not mark.exists() or mark.read_text() != current:
            mark.unlink(missing_ok=True)
            parse(ROOT, target)
            mark.write_text(current)
    return target


def tree_manifest() -> Manifest:
    """The manifest of this tree."""
    return read_manifest(manifest_folder())
