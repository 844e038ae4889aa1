"""Tools whose dependencies do not fit beside ours, each in an environment of its own.

Installed on first use from a lock with hashes into the cache that checkouts share; from then on no
network is used.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from mesh.core.errors import ArtifactError
from mesh.core.paths import ROOT, cache_dir


def python_of(lock: Path) -> Path:
    """The Python of the environment that a lock file describes, as ``platform/colibri.lock``.

    Raises:
        ArtifactError: There is no uv, or the packages cannot be installed.
    """
    digest = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache_dir() / f"{lock.stem}-{digest}"
    python = folder / "bin" / "python"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _install(lock, folder, python)
            (folder / "complete").touch()
    return python


def _install(lock: Path, folder: Path, python: Path) -> None:
    uv = _uv()
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(lock)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ArtifactError(
                f"what {lock.stem} needs cannot be installed: {done.stderr.strip()[-300:]}",
                where=str(lock.relative_to(ROOT)),
                hint="the package registry has to be reachable once",
            )


def _uv() -> str:
    """The installer: one on PATH, else the one that `./mesh` keeps in the cache."""
    kept = sorted(cache_dir().glob("uv-*/bin/uv"))
    found = shutil.which("uv") or (str(kept[-1]) if kept else None)
    if found is None:
        raise ArtifactError("there is no uv to install it with", hint="run `./mesh --help` once")
    return found
