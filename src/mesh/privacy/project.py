"""Gets hold of a dbt project: its manifest, its variables and the targets of its profile."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock

from mesh.build.manifest import MANIFEST_SCHEMA, ManifestError
from mesh.core.errors import MeshError
from mesh.core.paths import ROOT, state_dir
from mesh.privacy.yaml_settings import with_those_of_yaml

PACKAGE_FILES = ("packages.yml", "dependencies.yml")


@dataclass(frozen=True)
class DbtProject:
    """What the analysis reads of a project.

    Args:
        raw: The manifest, with all that dbt writes.
        folder: Where the project lies; None for a manifest by itself.
        variables: ``vars`` of dbt_project.yml, and of packages under their names.
        targets: Names of the profile's outputs, the default first.
        local_packages: Names of packages that lie in the project's folder.
        stores_failures: Whether a test that does not say so keeps the rows that fail it.
    """

    raw: Mapping[str, Any]
    folder: Path | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    targets: tuple[str, ...] = ("dev",)
    local_packages: frozenset[str] = frozenset()
    stores_failures: bool = False

    @cached_property
    def packages(self) -> frozenset[str]:
        """Names of the packages that are the project's own: itself and those in its folder."""
        return frozenset({str(self.raw["metadata"].get("project_name")), *self.local_packages})


def load(folder: Path | None = None, manifest: Path | None = None) -> DbtProject:
    """Read a project, from its manifest if one is given, else by dbt's parser.

    Raises:
        MeshError: It does not parse, or the manifest is not one.
    """
    if folder is None and manifest is not None:
        folder = _folder_of(manifest)
    if manifest is None:
        folder = folder or ROOT
    if folder is not None and not (folder / "dbt_project.yml").is_file():
        raise MeshError("there is no dbt project", where=str(folder), expected="dbt_project.yml")
    raw = read(manifest) if manifest is not None else read(_parsed(folder or ROOT))
    raw = with_those_of_yaml(raw, folder)
    return DbtProject(
        raw,
        folder,
        variables_of(folder, raw),
        _targets(folder)[0],
        local_packages(folder),
        stores_failures(folder),
    )


def stores_failures(folder: Path | None) -> bool:
    """Whether the flags of dbt_project.yml, or of the environment, have failing rows kept.

    A value that is no plain word, such as one in Jinja, may be true.
    """
    flags = _yaml(folder / "dbt_project.yml").get("flags") if folder else None
    said = flags.get("store_failures") if isinstance(flags, dict) else None
    said = os.environ.get("DBT_STORE_FAILURES") or said
    return str(said or "false").strip().lower() not in {"false", "0", "f", "n", "no", "off"}


def local_packages(folder: Path | None) -> frozenset[str]:
    """Names of the packages that lie in the project's own folder."""
    found: set[str] = set()
    if folder is None:
        return frozenset()
    for each in PACKAGE_FILES:
        for package in _yaml(folder / each).get("packages") or []:
            if isinstance(package, dict) and package.get("local"):
                name = _yaml(folder / str(package["local"]) / "dbt_project.yml").get("name")
                found |= {str(name)} if name else set()
    return frozenset(found)


def read(path: Path) -> Mapping[str, Any]:
    """A manifest as dbt wrote it.

    Raises:
        ManifestError: It is missing, cut short or of another version.
    """
    path = path / "manifest.json" if path.is_dir() else path
    try:
        raw = json.loads(path.read_bytes())
        found = raw["metadata"]["dbt_schema_version"]
        parts = all(isinstance(raw[name], dict) for name in ("nodes", "sources", "macros"))
    except FileNotFoundError as error:
        raise ManifestError("there is no such file", where=str(path)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ManifestError(
            f"this is not a complete manifest: {error}", where=str(path), hint="run `dbt parse`"
        ) from error
    if found != MANIFEST_SCHEMA or not parts:
        raise ManifestError(
            f"the file is of the schema {found!r}", where=str(path), expected=MANIFEST_SCHEMA
        )
    return raw  # type: ignore[no-any-return]  # checked above


def _folder_of(manifest: Path) -> Path | None:
    """The project that a manifest was written for, if it lies in its target folder."""
    place = (manifest if manifest.is_dir() else manifest.parent).resolve()
    for each in (place, *place.parents):
        if (each / "dbt_project.yml").is_file():
            return each
    return None


def variables_of(folder: Path | None, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Variables of the project, and those of its packages below them."""
    if folder is None:
        return {}
    found: dict[str, Any] = {}
    roots = {folder} | {
        folder / "dbt_packages" / macro["package_name"] for macro in raw["macros"].values()
    }
    for place in sorted(roots, key=lambda each: each == folder):
        own = _yaml(place / "dbt_project.yml")
        variables = own.get("vars") or {}
        if place != folder and isinstance(variables, dict):
            name = str(own.get("name"))
            scoped = variables.get(name)
            variables = {**variables, **(scoped if isinstance(scoped, dict) else {})}
            found = {**variables, **found}
        elif isinstance(variables, dict):
            found = {**found, **variables}
    return found


def _yaml(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text())
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _targets(folder: Path | None) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Names of the outputs, and the first one's settings that are plain text."""
    project = _yaml(folder / "dbt_project.yml") if folder else {}
    profile = _yaml(folder / "profiles.yml").get(str(project.get("profile"))) if folder else None
    outputs = profile.get("outputs") if isinstance(profile, dict) else None
    if not isinstance(profile, dict) or not isinstance(outputs, dict) or not outputs:
        return ("dev",), {}
    default = str(profile.get("target"))
    names = sorted(map(str, outputs), key=lambda name: (name != default, name))
    first = outputs.get(names[0])
    return tuple(names), first if isinstance(first, dict) else {}


def _parsed(folder: Path) -> Path:
    """Folder with the manifest of a project, parsed with a profile that leads nowhere."""
    if folder.resolve() == ROOT:
        from mesh.build.parse import manifest_folder

        return manifest_folder()
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    target = state_dir() / "parsed" / f"other-{name}"
    target.mkdir(parents=True, exist_ok=True)
    with FileLock(target / "lock"):
        (target / "manifest.json").unlink(missing_ok=True)
        _parse(folder, target)
    return target


def _parse(folder: Path, target: Path) -> None:
    from mesh.build import packages
    from mesh.build.dbt import DbtError, Event, run_child, tool_environment
    from mesh.build.parse import NOWHERE

    _write_profile(folder, target)
    faults: list[str] = []

    def hear(line: str) -> None:
        event = Event.parse(line)
        if event.level == "error":
            faults.append(event.message)

    paths = ["--project-dir", str(folder.resolve()), "--profiles-dir", str(target)]
    paths += ["--target-path", str(target), "--log-path", str(target)]
    command = ["--log-format", "json", "--log-format-file", "text", "parse", *paths]
    environment = {**tool_environment(NOWHERE), "MESH_TARGET": "dev"}
    # For a tree of this project at another revision; no other one asks for these.
    environment |= {"MESH_DBT_PACKAGES": str(packages.known()), "MESH_ELEMENTARY": "off"}
    if run_child("dbt", command, environment=environment, hear=hear, folder=folder):
        listed = any((folder / name).is_file() for name in PACKAGE_FILES)
        raise DbtError(
            "dbt cannot parse the project: " + "\n".join(faults[-3:]),
            where=str(folder),
            hint="install its packages by `dbt deps`, or give a --manifest" if listed else None,
        )


def _write_profile(folder: Path, target: Path) -> None:
    """A profile under the project's name for it, with the names of its outputs and no engine."""
    profile = str(_yaml(folder / "dbt_project.yml").get("profile") or "default")
    names, first = _targets(folder)

    def plain(key: str, default: str) -> str:
        value = first.get(key)
        return value if isinstance(value, str) and "{" not in value else default

    output = {
        "type": "trino",
        "method": "none",
        "host": "127.0.0.1",
        "port": 1,
        "user": "nobody",
        "database": plain("database", plain("catalog", "lake")),
        "schema": plain("schema", "analytics"),
        "threads": 1,
    }
    text = {profile: {"target": names[0], "outputs": dict.fromkeys(names, output)}}
    (target / "profiles.yml").write_text(yaml.safe_dump(text))
