"""Trino's server, unpacked once into the shared cache."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from mesh.core.console import info
from mesh.core.errors import ArtifactError
from mesh.core.paths import cache_dir
from mesh.stack.artifacts import classpath, locked

if TYPE_CHECKING:
    import tarfile

PLUGINS = ("blackhole", "iceberg", "memory", "password-authenticators", "tpch")
"""The plugins that are unpacked: each one costs start time, all of them cost half a minute."""


def is_unpacked() -> bool:
    """Whether the server lies unpacked in the cache; its archive is not needed then."""
    return _home().exists()


def trino_home() -> Path:
    """The unpacked server with ``lib`` and ``plugin``, downloaded and unpacked if need be.

    Raises:
        ArtifactError: The download or the unpacking failed.
    """
    home = _home()
    if home.exists():
        return home
    (archive,) = classpath("trino")
    home.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(home.with_name(home.name + ".lock")):
        if not home.exists():
            info(f"==> unpacking {archive.name}")
            unpack(archive, home)
    return home


def _home() -> Path:
    """Where this server with these plugins lies."""
    (artifact,) = locked()["trino"]
    kept = hashlib.sha256("\n".join([artifact.sha256, *PLUGINS]).encode()).hexdigest()[:12]
    return cache_dir() / "trino" / kept


def unpack(archive: Path, home: Path) -> None:
    """Unpack what is needed beside ``home``, then give it its name in one step.

    Raises:
        ArtifactError: The disk is full or the archive broken.
    """
    import tarfile
    import zlib

    draft = home.with_name(home.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        with tarfile.open(archive, "r:gz") as tar:
            linked = _link_targets(tar)
        with tarfile.open(archive, "r:gz") as tar:
            _extract(tar, draft, linked)
        draft.rename(home)
    except (OSError, EOFError, KeyError, zlib.error, tarfile.TarError) as error:
        raise ArtifactError(
            f"{archive.name} cannot be unpacked: {error}",
            where=str(home.parent),
            hint="make room, or point MESH_CACHE at another disk",
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _link_targets(tar: tarfile.TarFile) -> set[str]:
    """Members that wanted members link to: a jar stands in the archive once, at its first place."""
    return {member.linkname for member in tar if member.islnk() and _wanted(member.name)}


def _extract(tar: tarfile.TarFile, draft: Path, linked: set[str]) -> None:
    """Write the wanted members; a link target in an unwanted plugin only lends its content."""
    aside = draft / ".aside"
    stored: dict[str, Path] = {}
    for member in tar:
        wanted = _wanted(member.name)
        path = (draft if wanted else aside) / member.name.partition("/")[2]
        source = tar.extractfile(member) if member.isfile() else None
        if source is not None and (wanted or member.name in linked):
            path.parent.mkdir(parents=True, exist_ok=True)
            with source, path.open("wb") as file:
                shutil.copyfileobj(source, file, 1 << 20)
            stored[member.name] = path
        elif member.islnk() and wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.link(stored[member.linkname], path)
    shutil.rmtree(aside, ignore_errors=True)


def _wanted(name: str) -> bool:
    """Whether ``trino-server-<version>/<inner>`` is part of the server as it runs here."""
    parts = name.split("/")
    top, inner = [*parts[1:3], "", ""][:2]
    return top == "lib" or (top == "plugin" and inner in PLUGINS)
