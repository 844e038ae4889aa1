"""Deleting what the stack keeps in its state folder, and nothing else that lies there."""

from __future__ import annotations

import shutil
from pathlib import Path

OWNED = ("data", "etc", "tls", "trino", "logs", "stack.json", "secrets.json", "secrets.json.lock")
"""By name: the folder may have been pointed at a place that holds other things too."""


def purge_state(state: Path) -> None:
    """Delete data, rendered configuration, certificate, logs and secrets under ``state``."""
    for name in OWNED:
        path = state / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
