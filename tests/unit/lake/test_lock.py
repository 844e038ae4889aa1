"""The publisher's lock dies with its holder, and says who that is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import mesh
from mesh.core.errors import Locked
from mesh.lake import lock
from mesh.lake.lock import occupant, occupy, publisher, publisher_lock, vacate

SOURCE = str(Path(mesh.__file__).parents[1])

HOLD = """
import subprocess, sys, time
from mesh.lake.lock import inherited, publisher_lock
with publisher_lock("r1", branch="build-r1"):
    if len(sys.argv) > 1:
        wait = ["-c", "import time; time.sleep(float(%r))" % sys.argv[1]]
        subprocess.Popen([sys.executable, *wait], pass_fds=inherited())
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MESH_HOME", str(tmp_path))
    return tmp_path


@contextmanager
def held_elsewhere(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock as run r1."""
    env = {**os.environ, "PYTHONPATH": SOURCE}
    command = [sys.executable, "-c", HOLD, *arguments]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_publisher_is_told_who_holds_the_lock() -> None:
    with (
        held_elsewhere() as other,
        pytest.raises(Locked) as refused,
        publisher_lock("r2"),
    ):
        pytest.fail("two publishers at once")
    assert f"r1 on branch build-r1 (process {other.pid} on " in str(refused.value)
    assert "--wait" in str(refused.value)


def test_a_killed_publisher_leaves_the_lock_free() -> None:
    with held_elsewhere() as other:
        assert publisher() is not None
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        assert publisher() is None
        with publisher_lock("r2"):
            holder = publisher()
            assert holder is not None
            assert (holder.run_id, holder.pid) == ("r2", os.getpid())


def test_a_child_of_a_killed_publisher_still_keeps_others_out() -> None:
    with held_elsewhere("2") as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        assert publisher() is not None
        began = time.monotonic()
        with publisher_lock("r2"):
            assert 0.5 < time.monotonic() - began < 20


def test_waiting_ends_when_the_holder_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with held_elsewhere() as other:
        threading.Timer(1.0, other.kill).start()
        with publisher_lock("r2", wait=True):
            other.wait(10)
    assert "waiting for r1 on branch build-r1" in capsys.readouterr().err


def test_the_same_run_enters_again_and_another_does_not() -> None:
    with publisher_lock("r1"):
        with publisher_lock("r1"):
            pass
        assert publisher() is not None
        with pytest.raises(Locked), publisher_lock("r2"):
            pytest.fail("two publishers at once")
    assert publisher() is None


def test_asking_who_publishes_does_not_keep_a_publisher_out() -> None:
    asking = threading.Event()

    def ask() -> None:
        while not asking.is_set():
            publisher()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for _ in range(200):
            with publisher_lock("r1"):
                pass
    finally:
        asking.set()
        thread.join()


def test_a_branch_is_in_use_until_left() -> None:
    assert occupant("build-r1") is None
    occupy("build-r1", "r1")
    holder = occupant("build-r1")
    assert holder is not None
    assert holder.pid == os.getpid()
    vacate("build-r1")
    vacate("build-r1")
    assert occupant("build-r1") is None


def test_the_lock_file_is_private(home: Path) -> None:
    with publisher_lock("r1"):
        assert (home / "publish.lock").stat().st_mode & 0o777 == 0o600
    assert lock.inherited() == ()
