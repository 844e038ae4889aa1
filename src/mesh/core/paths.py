"""Where things lie: the checkout, its state, and the cache that checkouts share."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def state_dir() -> Path:
    """The folder with everything this checkout runs and keeps; ``MESH_HOME`` moves it.

    Created on first use with mode 0700, because secrets lie in it.
    """
    path = Path(os.environ.get("MESH_HOME") or ROOT / ".mesh").resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def cache_dir() -> Path:
    """The download cache that all checkouts of this user share; ``MESH_CACHE`` moves it."""
    if "MESH_CACHE" in os.environ:
        path = Path(os.environ["MESH_CACHE"])
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        path = Path(base) / "mesh"
    path.mkdir(parents=True, exist_ok=True)
    return path
