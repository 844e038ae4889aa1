"""The manifest of the tree as it stands: dbt's parser alone, without engine, stack or network."""

from __future__ import annotations

import json
from pathlib import Path

from filelock import FileLock

from mesh.build import packages
from mesh.build.dbt import DbtError, Event, Project, run_child, tool_environment
from mesh.build.fingerprint import fingerprint
from mesh.build.manifest import Manifest, read_manifest
from mesh.core.paths import ROOT, state_dir
from mesh.core.settings import Lake

NOWHERE = Lake(
    trino_host="127.0.0.1",
    trino_port=1,
    trino_scheme="https",
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


def parse_foreign(folder: Path, profile: str, target: Path) -> None:
    """Have dbt parse a project that is not ours, first with its own profiles, then with one here.

    Args:
        folder: The project.
        profile: The name of the profile that it asks for.
        target: Where ``manifest.json`` is to lie.

    Raises:
        DbtError: The project does not parse; the message is dbt's.
    """
    ours = target / "profiles"
    ours.mkdir(parents=True, exist_ok=True)
    output = {"type": "trino", "method": "none", "host": "127.0.0.1", "port": 1, "user": "mesh"}
    output |= {"database": "lake", "schema": "main", "http_scheme": "http"}
    (ours / "profiles.yml").write_text(
        json.dumps({profile: {"target": "here", "outputs": {"here": output}}}) + "\n"
    )
    own = [folder] if (folder / "profiles.yml").is_file() else []
    with FileLock(target / "lock"):
        fault = ""
        for profiles in (*own, ours):
            fault = _parse_with(folder, profiles, target)
            if not fault:
                return
    raise DbtError(f"dbt cannot parse the project: {fault}", where=str(folder))


def _parse_with(folder: Path, profiles: Path, target: Path) -> str:
    """Parse with these profiles; the words of dbt where that fails, else nothing."""
    faults: list[str] = []

    def hear(line: str) -> None:
        event = Event.parse(line)
        if event.level == "error":
            faults.append(event.message)

    command = ["--log-format", "json", "parse", "--target-path", str(target)]
    command += ["--log-path", str(target), "--project-dir", str(folder)]
    command += ["--profiles-dir", str(profiles)]
    environment = {**tool_environment(NOWHERE), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    code = run_child("dbt", command, environment=environment, hear=hear, folder=folder)
    return "\n".join(faults[-3:] or [f"exit code {code}"]) if code else ""


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
