"""Processes are known by pid and start time, and only those are ended."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mesh.stack import process
from mesh.stack.interrupts import Interrupts
from mesh.stack.process import Running, stop, tail
from tests.unit.stack.programs import python

SLEEP = "import time; print('ready', flush=True); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP


def test_a_started_process_has_a_session_and_no_stdin(
    tmp_path: Path, started: list[Running]
) -> None:
    code = "import sys; assert sys.stdin.read() == ''; " + SLEEP
    running = python(code, tmp_path, started)
    assert running.alive
    assert os.getsid(running.pid) == running.pid
    assert (tmp_path / "log").read_text() == "ready\n"
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600


def test_stop_ends_it_and_says_nothing_about_the_dead(
    tmp_path: Path, started: list[Running]
) -> None:
    running = python(SLEEP, tmp_path, started)
    stop([running])
    assert not running.alive
    stop([running])


def test_a_process_that_ignores_the_request_is_killed(
    tmp_path: Path, started: list[Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "GRACE", 0.3)
    running = python(STUBBORN, tmp_path, started)
    stop([running])
    assert not running.alive


def test_a_process_that_took_over_the_pid_is_left_alone(
    tmp_path: Path, started: list[Running]
) -> None:
    running = python(SLEEP, tmp_path, started)
    stranger = replace(running, created=running.created - 3600)
    assert not stranger.alive
    stop([stranger])
    assert running.alive


def test_a_killed_child_counts_as_ended_and_is_reaped(
    tmp_path: Path, started: list[Running]
) -> None:
    running = python(SLEEP, tmp_path, started)
    os.kill(running.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while running.alive and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not running.alive
    assert not psutil.pid_exists(running.pid)


def test_the_log_before_is_kept(tmp_path: Path, started: list[Running]) -> None:
    (tmp_path / "log").write_text("earlier\n")
    python(SLEEP, tmp_path, started)
    assert (tmp_path / "log.1").read_text() == "earlier\n"


def test_it_is_asked_which_ports_it_listens_on(tmp_path: Path, started: list[Running]) -> None:
    code = (
        "import socket, time; s = socket.create_server(('127.0.0.1', 0)); "
        "print(f'ready {s.getsockname()[1]}', flush=True); time.sleep(60)"
    )
    running = python(code, tmp_path, started)
    port = int((tmp_path / "log").read_text().split()[1])
    assert running.listens(port)
    assert not running.listens(port + 1)


def test_the_tail_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert tail(log, 3) == []
    log.write_text("".join(f"line {n}\n" for n in range(5000)))
    assert tail(log, 2) == ["line 4998", "line 4999"]
    log.write_text(f"short\n{'x' * 500}\n")
    assert [len(line) for line in tail(log, 2, longest=200)] == [5, 200]


def test_a_signal_in_a_shielded_step_waits_for_its_end() -> None:
    steps: list[str] = []
    with pytest.raises(KeyboardInterrupt), Interrupts().active() as interrupts:
        with interrupts.shielded():
            os.kill(os.getpid(), signal.SIGINT)
            steps.append("recorded")
        steps.append("never")
    assert steps == ["recorded"]


def test_sigterm_becomes_an_exit_with_its_number() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as caught, Interrupts().active():
        os.kill(os.getpid(), signal.SIGTERM)
    assert caught.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before
