"""The Java artifacts: named and hashed in platform/artifacts.lock, kept in the shared cache."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event, Lock

from filelock import FileLock

from mesh.core.console import download_progress, err, info
from mesh.core.errors import ArtifactError
from mesh.core.paths import ROOT, cache_dir

LOCK_FILE = ROOT / "platform" / "artifacts.lock"
THREADS = 4
"""Downloads at once: hides the latency of small files, does not fight over bandwidth."""
SPARE = 700 << 20
"""Bytes that must stay free on the disk of the cache: Trino's server is unpacked there."""


@dataclass(frozen=True)
class Artifact:
    """A locked artifact: ``group:artifact:version[:classifier]:type``, SHA-256, size in bytes."""

    name: str
    sha256: str
    size: int

    @property
    def path(self) -> str:
        """Its path in a Maven repository, relative."""
        group, artifact, version, *classifier, kind = self.name.split(":")
        file = "-".join([artifact, version, *classifier])
        return f"{group.replace('.', '/')}/{artifact}/{version}/{file}.{kind}"

    @property
    def cached(self) -> Path:
        """Where the cache keeps it once it was verified."""
        return cache_dir() / "artifacts" / self.path

    @property
    def present(self) -> bool:
        """Whether the cache has it; it was verified before it got its name."""
        return self.cached.exists() and self.cached.stat().st_size == self.size


@cache
def locked(lock_file: Path = LOCK_FILE) -> dict[str, tuple[Artifact, ...]]:
    """The sets of the lock by name, each in class path order.

    Raises:
        ArtifactError: The lock cannot be read.
    """
    try:
        sets = tomllib.loads(lock_file.read_text())
        return {name: tuple(Artifact(**row) for row in rows) for name, rows in sets.items()}
    except (OSError, TypeError, tomllib.TOMLDecodeError) as error:
        raise ArtifactError(f"the lock cannot be read: {error}", where=str(lock_file)) from error


def classpath(*names: str) -> list[Path]:
    """The files of one or more sets in class path order, downloaded together if need be.

    Raises:
        ArtifactError: The lock has no such set, or a download failed.
    """
    sets = locked()
    for name in names:
        if name not in sets:
            raise ArtifactError(
                f"the lock has no set {name!r}", where=str(LOCK_FILE), expected=", ".join(sets)
            )
    return ensure([artifact for name in names for artifact in sets[name]])


def ensure(artifacts: Sequence[Artifact]) -> list[Path]:
    """Have all of them in the cache and give their paths, in order.

    Raises:
        ArtifactError: No network, no space, or content that the lock does not know.
    """
    missing = [artifact for artifact in artifacts if not artifact.present]
    if missing:
        _check_space(missing)
        _download(missing)
    return [artifact.cached for artifact in artifacts]


def base_url() -> str:
    """Address of the Maven repository: ``MESH_MAVEN_URL``, else the one jgo names."""
    if os.environ.get("MESH_MAVEN_URL"):
        return os.environ["MESH_MAVEN_URL"].rstrip("/")
    from jgo.constants import MAVEN_CENTRAL_URL

    return str(MAVEN_CENTRAL_URL).rstrip("/")


def _check_space(missing: Sequence[Artifact]) -> None:
    need = sum(artifact.size - _part_size(artifact) for artifact in missing) + SPARE
    free = shutil.disk_usage(cache_dir()).free
    if free < need:
        raise ArtifactError(
            f"the disk of the cache has {free >> 20} MB left",
            where=str(cache_dir()),
            expected=f"{need >> 20} MB for {len(missing)} downloads",
            hint="make room, or point MESH_CACHE at another disk",
        )


def _part_size(artifact: Artifact) -> int:
    part = artifact.cached.with_name(artifact.cached.name + ".part")
    return min(part.stat().st_size, artifact.size) if part.exists() else 0


def _download(missing: Sequence[Artifact]) -> None:
    """Fetch in a few threads; the first failure stops the others."""
    cancel = Event()
    base = base_url()
    total = sum(artifact.size for artifact in missing)
    info(f"==> downloading {len(missing)} artifacts, {total / 1e6:.0f} MB, into {cache_dir()}")
    display = _Bars(missing) if err.is_terminal else _Lines(missing)
    pool = ThreadPoolExecutor(THREADS)
    with display:
        try:
            jobs = [
                pool.submit(_fetch, one, base, display.reporter(one), cancel) for one in missing
            ]
            for job in jobs:
                job.result()
        finally:
            cancel.set()
            pool.shutdown(wait=True, cancel_futures=True)


def _fetch(artifact: Artifact, base: str, report: Callable[[int], None], cancel: Event) -> None:
    """Fetch one under its lock, so that two checkouts share the work."""
    from mesh.stack.download import Cancelled, Wanted, fetch

    target = artifact.cached
    target.parent.mkdir(parents=True, exist_ok=True)
    wanted = Wanted(artifact.name, f"{base}/{artifact.path}", artifact.sha256, artifact.size)
    with FileLock(target.with_name(target.name + ".lock")):
        if not artifact.present:
            try:
                fetch(wanted, target, report, cancel)
            except Cancelled:
                return
        report(artifact.size)


class _Bars:
    """A bar for each large file, one for all the small ones together."""

    LARGE = 20_000_000

    def __init__(self, artifacts: Sequence[Artifact]) -> None:
        self._progress = download_progress()
        small = [artifact for artifact in artifacts if artifact.size < self.LARGE]
        self._rest = self._progress.add_task(
            f"{len(small)} small ones", total=sum(a.size for a in small), visible=bool(small)
        )

    def __enter__(self) -> None:
        self._progress.start()

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def reporter(self, artifact: Artifact) -> Callable[[int], None]:
        """What moves the bar of this artifact."""
        if artifact.size >= self.LARGE:
            name = artifact.path.rpartition("/")[2]
            task = self._progress.add_task(name, total=artifact.size)
            return lambda have: self._progress.update(task, completed=have)
        seen = 0

        def advance(have: int) -> None:
            nonlocal seen
            self._progress.advance(self._rest, have - seen)
            seen = have

        return advance


class _Lines:
    """A line for every twentieth of the whole, where nothing can be drawn."""

    STEPS = 20

    def __init__(self, artifacts: Sequence[Artifact]) -> None:
        self._total = sum(artifact.size for artifact in artifacts)
        self._have: dict[str, int] = {}
        self._said = 0
        self._guard = Lock()

    def __enter__(self) -> None:
        """Nothing to set up."""

    def __exit__(self, *_: object) -> None:
        """Nothing to tear down."""

    def reporter(self, artifact: Artifact) -> Callable[[int], None]:
        """What counts the bytes of this artifact."""

        def count(have: int) -> None:
            with self._guard:
                self._have[artifact.name] = have
                done = sum(self._have.values())
                if done * self.STEPS // self._total > self._said:
                    self._said = done * self.STEPS // self._total
                    info(f"    {done / 1e6:.0f} of {self._total / 1e6:.0f} MB")

        return count
