"""The packages of dbt: from the hub or its mirror, else a stand-in for Elementary.

They are installed once per checkout and lock, into ``<state>/dbt-packages``, where the dbt of the
virtual environment finds them too (``MESH_DBT_PACKAGES``). ``DBT_PACKAGE_HUB_URL`` is dbt's own
variable for a mirror of the hub.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock

from mesh.core.console import info
from mesh.core.paths import ROOT, state_dir

ANSWER = 5.0
"""Seconds within which a hub has to answer."""
INSTALL = 60.0
"""Seconds within which the packages have to be there: they are 2 MB."""

STAND_IN = ROOT / "platform" / "dbt-stand-in"
CURRENT = "current"
"""Name of the link that plain dbt follows."""


@dataclass(frozen=True)
class PackagesState:
    """Where the packages lie and what they are.

    ``reason`` says why it is the stand-in, as a clause, and is empty for the real packages.
    """

    kind: Literal["hub", "stand-in"]
    path: Path
    reason: str = ""

    @property
    def real(self) -> bool:
        """Whether Elementary itself is there."""
        return self.kind == "hub"


def ensure(environment: Mapping[str, str] | None = None) -> PackagesState:
    """Have the packages in place; network is used only when they are not.

    Args:
        environment: Variables for dbt's package manager; this process's own by default.
    """
    env = dict(os.environ if environment is None else environment)
    folder = _folder()
    with FileLock(folder / "lock"):
        installed = folder / f"hub-{_digest(ROOT / 'packages.yml', ROOT / 'package-lock.yml')}"
        reason = ""
        if not (installed / "elementary").is_dir():
            reason = _unreachable(env) or _install(installed, env)
        path = _stand_in(folder) if reason else installed
        _point(folder / CURRENT, path)
    return PackagesState("stand-in" if reason else "hub", path, reason)


def known() -> Path:
    """A folder that always holds the packages of the last :func:`ensure`, without any network.

    Before the first one it holds the stand-in, so that plain dbt and the checks work at once.
    """
    folder = _folder()
    if not (folder / CURRENT / "elementary").is_dir():
        with FileLock(folder / "lock"):
            if not (folder / CURRENT / "elementary").is_dir():
                _point(folder / CURRENT, _stand_in(folder))
    return folder / CURRENT


def _folder() -> Path:
    folder = state_dir() / "dbt-packages"
    folder.mkdir(exist_ok=True)
    return folder


def _point(link: Path, path: Path) -> None:
    """Have ``link`` show ``path``, in one step."""
    if link.is_symlink() and link.readlink() == Path(path.name):
        return
    new = link.with_name(f"{link.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(path.name)
    new.replace(link)


def _unreachable(env: Mapping[str, str]) -> str:
    """Why the hub does not answer, empty if it does: dbt itself would try for minutes."""
    import httpx

    hub = env.get("DBT_PACKAGE_HUB_URL") or _public_hub()
    address = hub.rstrip("/") + "/api/v1/elementary-data/elementary.json"
    try:
        httpx.get(address, timeout=ANSWER, follow_redirects=True).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        words = str(error).splitlines() or [type(error).__name__]
        return f"dbt's package hub {hub} does not answer ({words[0]})"
    return ""


def _public_hub() -> str:
    """The address that dbt itself asks; it is named nowhere here."""
    from dbt.clients.registry import DEFAULT_REGISTRY_BASE_URL

    return str(DEFAULT_REGISTRY_BASE_URL)


def _install(path: Path, env: Mapping[str, str]) -> str:
    """Install into ``path``, whole or not at all; gives the reason if it does not work."""
    info("    fetching the packages of dbt")
    new = path.with_name(f"{path.name}.{os.getpid()}")
    log = path.with_name("deps.log")
    command = [sys.executable, "-m", "mesh.build.child", str(os.getpid()), "dbt", "deps"]
    command += ["--project-dir", str(ROOT), "--profiles-dir", str(ROOT)]
    command += ["--log-path", str(path.parent)]
    own = {"MESH_DBT_PACKAGES": str(new), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    try:
        with log.open("wb") as output:
            subprocess.run(
                command,
                cwd=ROOT,
                env={**env, **own, "PYTHONPATH": str(ROOT / "src"), "PYTHONSAFEPATH": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=INSTALL,
                check=True,
            )
        new.rename(path)
    except (subprocess.SubprocessError, OSError) as error:
        if (path / "elementary").is_dir():  # another process was quicker
            return ""
        return f"the packages of dbt could not be installed ({type(error).__name__}, see {log})"
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return ""


def _stand_in(folder: Path) -> Path:
    """A copy of the stand-in: `dbt deps` by hand then writes there and not into the checkout."""
    path = folder / f"stand-in-{_digest(*sorted(STAND_IN.rglob('*.*')))}"
    if not path.is_dir():
        new = path.with_name(f"{path.name}.{os.getpid()}")
        shutil.copytree(STAND_IN, new)
        new.rename(path)
    return path


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:12]
