"""Processes that outlive the command that started them, known by pid and start time."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from mesh.core.printable import shortened

GRACE = 20.0
"""Seconds between asking a process to end and ending it."""
PRIVATE = 0o077
"""Mask of what the processes write. S3Proxy serves to anybody what the file system lets others
read, so this is what keeps unsigned requests out, not a nicety."""
SAME = 1.0
"""Seconds by which two readings of one start time may differ: clocks of a machine are adjusted."""


@dataclass(frozen=True)
class Running:
    """A started process; ``created`` is its start in seconds since the epoch.

    A pid alone does not name a process: the system gives it to another one later.
    """

    pid: int
    created: float

    def process(self) -> psutil.Process | None:
        """The process, or None when it ended; a zombie of this process is reaped."""
        try:
            found = psutil.Process(self.pid)
            if abs(found.create_time() - self.created) > SAME:
                return None
            if found.status() == psutil.STATUS_ZOMBIE:
                _reap(self.pid)
                return None
        except psutil.NoSuchProcess:
            return None
        return found

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process() is not None

    def listens(self, port: int) -> bool:
        """Whether it is this process that listens on a port."""
        found = self.process()
        try:
            sockets = found.net_connections("tcp") if found else []
        except psutil.Error:
            return False
        return any(s.status == psutil.CONN_LISTEN and s.laddr.port == port for s in sockets)


def spawn(
    command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], log: Path
) -> Running:
    """Start a process in a session of its own, so that a terminal's Ctrl-C does not reach it.

    Its output goes to ``log``; the log before is kept as ``<log>.1``.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name(log.name + ".1"))
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    try:
        child = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=PRIVATE,
        )
    finally:
        os.close(descriptor)
    # It is meant to outlive this command: without this, its destructor would warn about that.
    child.returncode = 0
    return Running(child.pid, _created(child.pid))


def stop(processes: Sequence[Running], grace: float | None = None) -> None:
    """End processes together: ask, wait, then kill; those that ended already are left alone.

    Args:
        processes: What is to end.
        grace: Seconds to wait before killing, :data:`GRACE` unless told.
    """
    found = [process for running in processes if (process := running.process())]
    for process in found:
        _signal(process, kill=False)
    _wait(processes, GRACE if grace is None else grace)
    kill(processes)


def kill(processes: Sequence[Running]) -> None:
    """End processes without asking."""
    for running in processes:
        if process := running.process():
            _signal(process, kill=True)
    _wait(processes, GRACE)


def _wait(processes: Sequence[Running], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while any(r.alive for r in processes) and time.monotonic() < deadline:
        time.sleep(0.05)


def tail(log: Path, lines: int, longest: int | None = None) -> list[str]:
    """The last lines of a log, each cut at ``longest`` characters; none when there is no log."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 400 * lines))
        found = file.read().decode(errors="replace").splitlines()[-lines:]
    return found if longest is None else [shortened(line, longest) for line in found]


def _signal(process: psutil.Process, *, kill: bool) -> None:
    with suppress(psutil.NoSuchProcess):
        # psutil compares the start time once more before it sends.
        process.kill() if kill else process.terminate()


def _created(pid: int) -> float:
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return time.time()


def _reap(pid: int) -> None:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
