"""One publisher at a time, and which branches are in use, by locks that die with their holder.

The locks are the kernel's (``flock``): a holder that is killed leaves none behind. What is written
into the files is only for the message to the one who has to wait.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from mesh.core.console import info
from mesh.core.errors import Locked
from mesh.core.paths import state_dir

_POLL_SECONDS = 0.5
_SAY_EVERY_SECONDS = 15.0
_ORPHAN_SECONDS = 30.0
_held: dict[Path, tuple[int, str]] = {}


@dataclass(frozen=True)
class Holder:
    """Who holds a lock."""

    run_id: str
    branch: str | None
    pid: int
    host: str
    since: str
    """UTC, ISO 8601."""

    def __str__(self) -> str:
        on = f" on branch {self.branch}" if self.branch else ""
        return f"{self.run_id}{on} (process {self.pid} on {self.host}) since {self.since}"


@contextmanager
def publisher_lock(run_id: str, wait: bool = False, branch: str | None = None) -> Iterator[None]:
    """Be the only publisher of this checkout while the block runs.

    The same run may enter again inside: a whole build holds the lock, and publishing asks for it
    once more.

    Args:
        run_id: The run that publishes, or a word for what else moves main.
        wait: Wait for the other publisher instead of giving up.
        branch: The branch it builds on, for the message to others.

    Raises:
        Locked: Another publisher is at work and ``wait`` is False.
    """
    path = _publisher_path()
    if _held.get(path, (0, None))[1] == run_id:
        yield
        return
    descriptor = _acquire(path, _waited(path, wait), myself(run_id, branch))
    _held[path] = (descriptor, run_id)
    try:
        yield
    finally:
        del _held[path]
        _release(descriptor)


def publisher() -> Holder | None:
    """Who publishes now, None when nobody does."""
    return _holder(_publisher_path())


def inherited() -> tuple[int, ...]:
    """Descriptors of this process's locks, for ``pass_fds`` of a child that writes to the lake.

    The fixed build catalog must not be made anew for the next run while a child of a killed run
    can still write through it; a lock that the child shares is free only when both are gone.
    """
    return tuple(descriptor for descriptor, _ in _held.values())


def occupy(branch: str, run_id: str) -> None:
    """Mark ``branch`` as in use until this process ends or leaves it with :func:`vacate`."""
    path = _branch_path(branch)
    _held[path] = (_acquire(path, 0.0, myself(run_id, branch)), run_id)


def vacate(branch: str) -> None:
    """End the use of ``branch``; none of this process's is fine."""
    path = _branch_path(branch)
    descriptor, _ = _held.pop(path, (None, ""))
    if descriptor is not None:
        # Inside the lock: whoever opens the path next makes a file of its own.
        path.unlink(missing_ok=True)
        _release(descriptor)


def forget(branch: str) -> None:
    """Remove what killed processes left about ``branch``, which is gone."""
    _branch_path(branch).unlink(missing_ok=True)


def occupant(branch: str) -> Holder | None:
    """Who uses ``branch`` on this machine, None when nobody does."""
    path = _branch_path(branch)
    return _holder(path) if path.exists() else None


def _publisher_path() -> Path:
    return state_dir() / "publish.lock"


def _branch_path(branch: str) -> Path:
    folder = state_dir() / "branches"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{branch}.lock"


def myself(run_id: str, branch: str | None = None) -> Holder:
    """This process as the holder of a lock."""
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return Holder(run_id, branch, os.getpid(), socket.gethostname(), since)


def _waited(path: Path, wait: bool) -> float:
    if wait and (holder := _holder(path)):
        info(f"waiting for {holder}")
    return float("inf") if wait else 0.0


def _acquire(path: Path, patience: float, me: Holder) -> int:
    """Lock ``path`` within ``patience`` seconds and write ``me`` into it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    began = said = time.monotonic()
    while not _try(descriptor):
        now = time.monotonic()
        holder = _read(descriptor)
        if now - began > max(patience, _grace(holder)):
            os.close(descriptor)
            raise Locked(
                f"another publisher is at work: {holder or 'it has not said who'}",
                hint="try again when it has ended (`./mesh run --wait` waits), or end that process",
            )
        if now - said > _SAY_EVERY_SECONDS:
            info(f"still waiting, {now - began:.0f} s: {holder}")
            said = now
        time.sleep(_POLL_SECONDS if patience else 0.02)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(asdict(me)).encode(), 0)
    return descriptor


def _grace(holder: Holder | None) -> float:
    """Seconds a lock may take to come free although its holder is not at work.

    Whoever asks for the holder takes the lock for an instant. And a killed run is gone at once,
    while the tool it had started, which inherited the lock, still cancels its queries.
    """
    return _ORPHAN_SECONDS if holder and has_ended(holder) else 0.2


def has_ended(holder: Holder) -> bool:
    """Whether ``holder`` was a process of this machine that is gone; False when unknown."""
    if holder.host != socket.gethostname():
        return False
    try:
        return bool(psutil.Process(holder.pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return True


def _release(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.close(descriptor)


def _try(descriptor: int, mode: int = fcntl.LOCK_EX) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
        return True
    return False


def _holder(path: Path) -> Holder | None:
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return None if _try(descriptor, fcntl.LOCK_SH) else _read(descriptor)
        finally:
            os.close(descriptor)
    return None


def _read(descriptor: int) -> Holder | None:
    with suppress(ValueError, TypeError):
        return Holder(**json.loads(os.pread(descriptor, 4096, 0)))
    return None
