"""The logs of the services, as they are and as they grow."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from mesh.stack.lifecycle import log_file
from mesh.stack.process import tail
from mesh.stack.services import NAMES

POLL_SECONDS = 0.3


def show(service: str | None, *, lines: int, follow: bool) -> None:
    """Write the last lines of a service's log, or of all, and go on until Ctrl-C if asked.

    Raises:
        StackError: There is no such service, or it never ran.
    """
    logs = {name: log_file(name) for name in ([service] if service else NAMES)}
    ends = {path: path.stat().st_size for path in logs.values()}
    for name, path in logs.items():
        _write(tail(path, lines), name if len(logs) > 1 else None)
    while follow:
        time.sleep(POLL_SECONDS)
        for name, path in logs.items():
            new, ends[path] = read_on(path, ends[path])
            _write(new.splitlines(), name if len(logs) > 1 else None)


def read_on(path: Path, end: int) -> tuple[str, int]:
    """Whole lines behind byte ``end``, and where they end; from the start if it was rotated."""
    size = path.stat().st_size if path.exists() else 0
    if size < end:
        end = 0
    if size == end:
        return "", end
    with path.open("rb") as file:
        file.seek(end)
        new = file.read(size - end)
    whole = new[: new.rfind(b"\n") + 1]
    return whole.decode(errors="replace"), end + len(whole)


def _write(lines: list[str], name: str | None) -> None:
    prefix = f"{name:>6} | " if name else ""
    for line in lines:
        sys.stdout.write(f"{prefix}{line}\n")
    sys.stdout.flush()
