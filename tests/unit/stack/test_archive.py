"""An archive is named after what it fits, made whole or not at all, and never needed."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import psutil
import pytest

from mesh.core.secrets import secrets
from mesh.stack import archive, services
from mesh.stack.archive import SWITCH, Recording, archive_of, make_archive, start_options
from mesh.stack.interrupts import Interrupts
from mesh.stack.memory import Heap
from mesh.stack.process import Running
from mesh.stack.tls import ensure_tls
from tests.unit.stack.programs import python

RECORDER = """
import pathlib, signal, sys, time
def end(*_):
    time.sleep({seconds})
    pathlib.Path(sys.argv[1].partition("=")[2]).write_text("learned")
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("ready", flush=True)
time.sleep(60)
"""
JAVA = """#!/bin/sh
case "$*" in
*AOTMode=create*) {create} ;;
*AOTMode=on*) {check} ;;
esac
"""
WRITE = 'for word; do case "$word" in -XX:AOTCache=*) echo "$*" > "${word#*=}" ;; esac; done'


@pytest.fixture(autouse=True)
def _recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SWITCH, raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where an unpacked server would lie."""
    return tmp_path / "trino" / "abc"


def recorder(home: Path, started: list[Running], seconds: float = 0) -> tuple[Running, Path]:
    """A process that writes the file of its recording when it is asked to end."""
    home.parent.mkdir(exist_ok=True)
    (word,) = [o for o in start_options(archive_of(home, [])) if "=/" in o]
    running = python(RECORDER.format(seconds=seconds), home.parent, started, word)
    return running, Path(word.partition("=")[2])


def recorded(home: Path, create: str = WRITE, check: str = "exit 0") -> Recording:
    """What a Trino left whose Java answers like this."""
    home.parent.mkdir()
    java = home.parent / "java"
    java.write_text(JAVA.format(create=create, check=check))
    java.chmod(0o700)
    path = archive_of(home, [])
    options = start_options(path)
    file = Path(options[-1].partition("=")[2])
    file.write_text("learned")
    command = (str(java), "-Xmx1g", *options, "-cp", "lib/*", "Server")
    return Recording(Running(0, 0.0), command, file)


def left(home: Path) -> set[str]:
    return {path.name for path in home.parent.iterdir()} - {"java"}


def test_nothing_is_recorded_where_that_is_forbidden(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive_of(home, [])
    monkeypatch.setenv(SWITCH, "off")
    assert start_options(path) == []
    path.parent.mkdir()
    path.touch()
    assert start_options(path) == [f"-XX:AOTCache={path}", "-XX:+VerifySharedSpaces"]


def test_its_name_follows_the_server_the_options_and_java(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = archive_of(home, ["-XX:+UseG1GC"])
    assert one == archive_of(home, ["-XX:+UseG1GC"])
    assert one.parent == home.parent
    others = {archive_of(home, ["-XX:+UseZGC"]), archive_of(home.with_name("d"), ["-XX:+UseG1GC"])}
    monkeypatch.setattr(archive, "java_build", lambda: "26")
    others.add(archive_of(home, ["-XX:+UseG1GC"]))
    assert len(others | {one}) == 4


def test_it_is_used_when_it_is_there_and_recorded_for_when_not(home: Path) -> None:
    home.parent.mkdir()
    path = archive_of(home, [])
    first, second = start_options(path), start_options(path)
    assert first[0] == second[0] == "-XX:AOTMode=record"
    assert first[1] != second[1]
    path.touch()
    assert start_options(path) == [f"-XX:AOTCache={path}", "-XX:+VerifySharedSpaces"]


def test_files_of_killed_makers_go_and_those_of_living_ones_stay(home: Path) -> None:
    home.parent.mkdir()
    path = archive_of(home, [])
    for name in ("abc-1.2.recording", "abc-1.2.draft", "abc-1.aot", "abc.lock", "abc.part"):
        (home.parent / name).touch()
        os.utime(home.parent / name, (0, 0))
    (home.parent / "abc-1.3.recording").touch()
    start_options(path)
    assert left(home) == {"abc-1.3.recording", "abc-1.aot", "abc.lock", "abc.part"}


def test_a_recorder_is_given_the_time_to_write(
    home: Path, started: list[Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mesh.stack.process.GRACE", 0.1)
    running, file = recorder(home, started, seconds=0.5)
    recording = archive.end_recorder([running])
    assert recording is not None
    assert not running.alive
    assert recording.file == file
    assert recording.archive == archive_of(home, [])
    assert file.read_text() == "learned"


def test_one_that_ends_without_keeping_writes_nothing(home: Path, started: list[Running]) -> None:
    running, file = recorder(home, started)
    archive.stop([running])
    assert not running.alive
    assert not file.exists()


def test_when_another_was_quicker_nothing_is_recorded(home: Path, started: list[Running]) -> None:
    running, file = recorder(home, started)
    archive_of(home, []).touch()
    assert archive.end_recorder([running]) is None
    assert running.alive
    assert not file.exists()


def test_an_interrupt_ends_the_recorder_and_leaves_nothing(
    home: Path, started: list[Running]
) -> None:
    running, file = recorder(home, started, seconds=30)
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        archive.end_recorder([running])
    assert not running.alive
    assert not file.exists()


def test_it_is_made_as_the_recorder_ran_and_gets_its_name_at_the_end(home: Path) -> None:
    recording = recorded(home)
    make_archive(recording)
    assert left(home) == {recording.archive.name}
    words = recording.archive.read_text().split()
    assert words[:2] == ["-XX:AOTMode=create", f"-XX:AOTConfiguration={recording.file}"]
    assert words[3:] == ["-Xmx1g", "-cp", "lib/*", "-version"]
    assert recording.archive.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("create", "check", "said"),
    [
        ("echo no space left; exit 1", "exit 0", "no space left"),
        ("exit 0", "echo checksum failed; exit 1", "checksum failed"),
        ("exit 0", "exit 0", "No such file"),
        ("exec sleep 30", "exit 0", "timed out"),
    ],
)
def test_what_java_cannot_make_or_does_not_take_is_a_warning(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    create: str,
    check: str,
    said: str,
) -> None:
    monkeypatch.setattr(archive, "PATIENCE", 0.5)
    make_archive(recorded(home, create, check))
    assert left(home) == set()
    warning = capsys.readouterr().err
    assert warning.startswith("warning: Trino's next start is no quicker")
    assert said in warning


def test_an_interrupt_while_it_is_made_leaves_nothing(home: Path) -> None:
    recording = recorded(home, create='echo "$$" > "$0.pid"; exec sleep 30')
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
    with pytest.raises(SystemExit), Interrupts().active():
        make_archive(recording)
    assert left(home) == {"java.pid"}
    assert not psutil.pid_exists(int((home.parent / "java.pid").read_text()))


def test_a_stack_is_joined_whether_or_not_the_archive_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_HOME", str(tmp_path))
    monkeypatch.setattr("mesh.stack.distribution.trino_home", lambda: tmp_path / "abc")
    monkeypatch.setattr(services, "_install_access", lambda _context: None)
    ports = {name: 1000 + number for number, name in enumerate(services.PORTS)}
    tls = ensure_tls(tmp_path / "tls")
    heap = Heap(2048, 400, 256)
    context = services.Context(tmp_path, ports, secrets(), tls, heap, tmp_path / "java")
    recording = services._trino(context)
    (word,) = [word for word in recording.command if word.startswith(archive.CONFIGURATION)]
    made = Path(word.partition("=")[2].partition(".")[0]).with_suffix(".aot")
    made.touch()
    using = services._trino(context)
    assert f"-XX:AOTCache={made}" in using.command
    assert using.settings == recording.settings
