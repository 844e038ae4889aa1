"""Small programs that tests of processes start."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from mesh.stack.process import Running, spawn


def python(code: str, folder: Path, started: list[Running], *arguments: str) -> Running:
    """Start a program that writes a line once it is ready, and wait for that line."""
    log = folder / "log"
    command = [sys.executable, "-c", code, *arguments]
    running = spawn(command, cwd=folder, env=os.environ, log=log)
    started.append(running)
    deadline = time.monotonic() + 20
    while "\n" not in log.read_text() and running.alive and time.monotonic() < deadline:
        time.sleep(0.02)
    return running
