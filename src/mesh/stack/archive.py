"""What a Trino learned while it ran, kept in the shared cache so that the next one starts sooner.

Java's ahead-of-time cache (JEP 483, 514, 515): a Trino that finds no archive records which classes
it loads and how its methods run, and writes that down when it ends. `down` makes an archive of it,
for every later Trino of this user. Nothing depends on an archive: without one, Trino starts slower.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from mesh.core.console import info, warn
from mesh.stack import process
from mesh.stack.java import environment, java_build
from mesh.stack.process import Running

PATIENCE = 180.0
"""Seconds that a recording Trino has to end, and once more the making of the archive; it takes ten
and ten after a mere start, and three times that on a crowded machine."""
FORGOTTEN = 3600.0
"""Age in seconds from which on an unfinished file belongs to nobody: its makers were killed."""
SWITCH = "MESH_TRINO_RECORDING"
"""Variable that forbids recording when it is ``off``: that costs first builds some percent."""
RECORDING, DRAFT = ".recording", ".draft"
CONFIGURATION = "-XX:AOTConfiguration="
RECORD = "-XX:AOTMode=record"
VERIFY = "-XX:+VerifySharedSpaces"
"""Compares the archive with its checksums, 0.1 s: Java would crash on a damaged one otherwise."""


@dataclass(frozen=True)
class Recording:
    """A Trino that records: its process, its command line, and the file that it will write."""

    running: Running
    command: tuple[str, ...]
    file: Path

    @property
    def archive(self) -> Path:
        """What is to be made of it."""
        return self.file.with_name(self.file.name.partition(".")[0] + ".aot")


def archive_of(home: Path, options: Sequence[str]) -> Path:
    """Where the archive for an unpacked server lies, beside it.

    Args:
        home: The server; its name stands for its content.
        options: What Java is told; with others, or in another Java, it would refuse the archive.
    """
    digest = hashlib.sha256("\0".join([java_build(), *options]).encode()).hexdigest()[:12]
    return home.with_name(f"{home.name}-{digest}.aot")


def start_options(archive: Path) -> list[str]:
    """What Java is told so that it uses the archive, or records for it when there is none."""
    _sweep(archive.parent)
    if archive.exists():
        return [f"-XX:AOTCache={archive}", VERIFY]
    if os.environ.get(SWITCH) == "off":
        return []
    file = archive.with_suffix(f".{secrets.token_hex(4)}{RECORDING}")
    return [RECORD, f"{CONFIGURATION}{file}"]


def stop(processes: Sequence[Running]) -> None:
    """End processes soon. One that records is killed: writing would take it many seconds."""
    process.kill([one.running for one in _recordings(processes)])
    process.stop(processes)


def end_recorder(processes: Sequence[Running]) -> Recording | None:
    """End the process that records for an archive which is not there yet, if any of them does.

    An interrupt kills it and leaves nothing of what it wrote.
    """
    recording = next((one for one in _recordings(processes) if not one.archive.exists()), None)
    if recording:
        info("==> keeping what Trino learned for quicker starts, once on this machine: about 30 s")
        try:
            process.stop([recording.running], grace=PATIENCE)
        except BaseException:
            process.kill([recording.running])
            recording.file.unlink(missing_ok=True)
            raise
    return recording


def make_archive(recording: Recording) -> None:
    """Make the archive, look whether Java takes it, and give it its name in one step.

    Never fails: whatever goes wrong is a warning, and the next Trino records again.
    """
    draft = recording.file.with_suffix(DRAFT)
    try:
        _java(recording, "-XX:AOTMode=create", f"{CONFIGURATION}{recording.file}", draft=draft)
        _java(recording, "-XX:AOTMode=on", VERIFY, draft=draft)
        draft.replace(recording.archive)
    except subprocess.CalledProcessError as error:
        said = str(error.output).strip().rpartition("\n")[2]
        warn(f"Trino's next start is no quicker, Java could not keep what it learned: {said}")
    except (OSError, subprocess.SubprocessError) as error:
        warn(f"Trino's next start is no quicker, what it learned could not be kept: {error}")
    finally:
        for path in (recording.file, draft):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _java(recording: Recording, *options: str, draft: Path) -> None:
    """Run Java as the recorder ran, up to the point where it would load Trino.

    Raises:
        CalledProcessError: It refused; its output is in the exception.
        SubprocessError: It took too long.
        OSError: It cannot be started.
    """
    java, *words = recording.command
    words = [word for word in words if word != RECORD and not word.startswith(CONFIGURATION)]
    subprocess.run(
        # The version instead of the server, which is the last word.
        [java, *options, f"-XX:AOTCache={draft}", *words[:-1], "-version"],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=PATIENCE,
        check=True,
        umask=process.PRIVATE,
        start_new_session=True,
    )


def _recordings(processes: Sequence[Running]) -> list[Recording]:
    """Those of the processes that record, by their command lines."""
    found = []
    for running in processes:
        words: list[str] = []
        with suppress(psutil.Error):
            words = one.cmdline() if (one := running.process()) else []
        for word in words:
            if word.startswith(CONFIGURATION):
                file = Path(word.removeprefix(CONFIGURATION))
                found.append(Recording(running, tuple(words), file))
    return found


def _sweep(folder: Path) -> None:
    """Delete what killed makers have left behind."""
    for suffix in (RECORDING, DRAFT):
        for path in folder.glob(f"*{suffix}"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > FORGOTTEN:
                    path.unlink()
