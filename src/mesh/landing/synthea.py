"""Make patient histories with Synthea 3.3.0, the field's open generator. No real person is in them.

The same number of patients and the same seed give the same files byte for byte: one thread, a
fixed reference date, a fixed locale and time zone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from mesh.core import console
from mesh.core.errors import InputError, MeshError
from mesh.core.paths import state_dir
from mesh.landing import reader

VERSION = "3.3.0"
REFERENCE_DATE = "20260101"
"""Day on which every generated history ends, ``YYYYMMDD``."""

_COMPLETE = "COMPLETE"
_PERSON = re.compile(r"^(\d+) -- ")
_JAVA_OPTIONS = (
    "-XX:MaxRAMPercentage=25",
    "-XX:+UseSerialGC",
    "-Duser.timezone=UTC",
    "-Duser.language=en",
    "-Duser.country=US",
    "-Dfile.encoding=UTF-8",
)
_EXPORTERS_OFF = (
    "--exporter.fhir.export=false",
    "--exporter.fhir.transaction_bundle=false",
    "--exporter.hospital.fhir.export=false",
    "--exporter.practitioner.fhir.export=false",
    "--exporter.metadata.export=false",
)


def input_folder(patients: int, seed: int) -> Path:
    """Where the export for these parameters lies once it is complete."""
    return state_dir() / "input" / f"synthea-{VERSION}-p{patients}-s{seed}"


def generate(
    patients: int,
    seed: int,
    *,
    java: Path | None = None,
    classpath: Sequence[Path] | None = None,
    report: Callable[[int, int], None] | None = None,
) -> Path:
    """Generate an export, unless it is there already.

    Args:
        patients: Living patients to generate, at least 1. Synthea adds those who died on the way.
        seed: Seed of people and clinicians, at least 0.
        java: The Java executable; the pinned runtime by default.
        classpath: Synthea's jars; from the lock by default, downloaded if need be.
        report: Called with the number of people done and asked for.

    Returns:
        The folder with the CSV files. It appears whole or not at all.

    Raises:
        InputError: ``patients`` or ``seed`` is out of range.
        MeshError: Synthea failed; what it said last is in the message.
    """
    if patients < 1:
        raise InputError(f"{patients} patients cannot be generated", expected="at least 1")
    if seed < 0:
        raise InputError(f"the seed is {seed}", expected="a whole number of at least 0")
    target = input_folder(patients, seed)
    if (target / _COMPLETE).exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(target.parent)
    work = target.parent / f".{target.name}.{os.getpid()}"
    command = _command(patients, seed, work, java or _java(), classpath or _classpath())
    console.info(f"    Synthea makes the histories of {patients} patients, seed {seed}")
    try:
        _run(command, patients, report or _say)
        _finish(work, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _java() -> Path:
    from mesh.stack.java import java_executable

    return java_executable()


def _classpath() -> Sequence[Path]:
    from mesh.stack import artifacts

    return artifacts.classpath("synthea")


def _command(
    patients: int, seed: int, work: Path, java: Path, classpath: Sequence[Path]
) -> list[str]:
    jars = os.pathsep.join(str(jar) for jar in classpath)
    return [
        *(str(java), *_JAVA_OPTIONS, "-cp", jars, "App"),
        *("-p", str(patients), "-s", str(seed), "-cs", str(seed)),
        *("-r", REFERENCE_DATE, "-e", REFERENCE_DATE),
        "--generate.thread_pool_size=1",
        *_EXPORTERS_OFF,
        "--exporter.csv.export=true",
        "--exporter.csv.append_mode=false",
        "--exporter.csv.folder_per_run=false",
        f"--exporter.baseDirectory={work}/",
    ]


def _run(command: list[str], patients: int, report: Callable[[int, int], None]) -> None:
    """Run Synthea to its end; an interrupt ends it first."""
    said: deque[str] = deque(maxlen=12)
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # Ctrl-C is ours to handle
    )
    try:
        assert process.stdout is not None  # noqa: S101
        for line in process.stdout:
            said.append(line.rstrip())
            person = _PERSON.match(line)
            if person:
                report(min(int(person[1]), patients), patients)
        code = process.wait()
    finally:
        _end(process)
    if code != 0:
        raise MeshError(
            f"Synthea ended with exit code {code}; it said: {' | '.join(said)[-600:]}",
            hint="is there memory and disk space left?",
        )


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _finish(work: Path, target: Path) -> None:
    """Check the export and put it in its place.

    Synthea goes on when it cannot write a file, so that its exit code alone says little.
    """
    folder = work / "csv"
    try:
        for file, path in reader.find_files(folder):
            reader.check(path, file)
    except InputError as error:
        raise MeshError(
            f"Synthea wrote an export that is not whole: {error.message}",
            where=error.where,
            hint="is there disk space left?",
        ) from error
    (folder / _COMPLETE).touch()
    try:
        folder.rename(target)
    except OSError:
        # Another process was faster: its files are the same, byte for byte.
        if not (target / _COMPLETE).exists():
            raise


def _remove_leftovers(parent: Path) -> None:
    """Remove what generators left that were killed."""
    for path in parent.glob(".synthea-*"):
        pid = path.suffix.removeprefix(".")
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(path, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _say(done: int, patients: int) -> None:
    """Say where the generator is, ten times in all."""
    step = max(1, patients // 10)
    if done % step == 0 or done == patients:
        console.info(f"    Synthea: {done} of {patients} patients")
