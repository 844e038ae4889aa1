"""Start, crash, restart, interrupt, end: with real processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from mesh.core.secrets import Secrets, secrets
from mesh.core.settings import Lake
from mesh.lake.trino import query
from mesh.stack import lifecycle
from mesh.stack.archive import SWITCH
from mesh.stack.ports import is_free
from mesh.stack.record import load_record

MESH = [sys.executable, "-P", "-m", "mesh"]


def mesh(
    *arguments: str, env: dict[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MESH, *arguments],
        env={**os.environ, **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def pids() -> dict[str, int]:
    return {name: one.running.pid for name, one in load_record().services.items()}


def wait_for(holds: Callable[[], object], seconds: float = 120) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_a_second_up_joins_and_changes_nothing(lake: Lake) -> None:
    before = pids()
    result = mesh("up", env={"MESH_TRINO_HEAP": "1G"})  # what runs keeps its heap
    assert result.returncode == 0, result.stderr
    assert "starting" not in result.stderr
    assert pids() == before
    assert Lake.current() == lake


def test_status_tells_what_runs(lake: Lake) -> None:
    result = mesh("status", "--format", "json")
    assert result.returncode == 0, result.stderr
    states = {row["service"]: row for row in json.loads(result.stdout)}
    assert {name: row["state"] for name, row in states.items()} == {
        "s3": "up",
        "nessie": "up",
        "trino": "up",
    }
    assert states["nessie"]["address"] == lake.nessie_uri


def test_crashed_services_are_named_and_started_again_with_their_data(lake: Lake) -> None:
    query(lake, "create schema if not exists dev.lifecycle")
    query(lake, "create or replace table dev.lifecycle.kept as select 42 as answer")
    before = pids()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: all(state.state == "crashed" for state in lifecycle.status()))
    assert mesh("status").returncode == 1
    result = mesh("up")
    assert result.returncode == 0, result.stderr
    for name, pid in before.items():
        assert f"{name} (pid {pid}) has crashed; its log" in result.stderr
    assert not set(pids().values()) & set(before.values())
    assert Lake.current() == lake
    assert query(lake, "select answer from dev.lifecycle.kept") == [(42,)]
    query(lake, "drop table dev.lifecycle.kept")
    query(lake, "drop schema dev.lifecycle")


def test_logs_show_the_services(lake: Lake) -> None:
    result = mesh("logs", "trino", "-n", "1000")
    assert "SERVER STARTED" in result.stdout
    wrong = mesh("logs", "hive")
    assert wrong.returncode == 2
    assert "there is no service 'hive'" in wrong.stderr


def test_sql_prints_data_on_stdout_and_places_on_stderr(lake: Lake, tmp_path: Path) -> None:
    both = mesh("sql", "select 1 as a, null as b; select 'x' as c", "--format", "csv")
    assert both.stdout == "a,b\n1,\nc\nx\n"
    rows = mesh("sql", "--format", "json", stdin="select timestamp '2026-01-02 03:04:05' as t")
    assert json.loads(rows.stdout) == [{"t": "2026-01-02 03:04:05"}]
    file = tmp_path / "q.sql"
    file.write_text("select 1;\n\nselect nonsense")
    wrong = mesh("sql", "-f", str(file))
    assert wrong.returncode == 2
    assert f"{file}:3:8: Column 'nonsense' cannot be resolved" in wrong.stderr


def test_env_prints_what_a_shell_can_read(lake: Lake) -> None:
    result = mesh("env")
    shown = subprocess.run(
        ["sh", "-c", 'eval "$1"; echo "$MESH_DEV_HOST:$MESH_DEV_PORT"', "sh", result.stdout],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == f"{lake.trino_host}:{lake.trino_port}"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A second stack folder with small heaps; whatever a test leaves there is ended."""
    monkeypatch.setenv("MESH_HOME", str(tmp_path / "other"))
    monkeypatch.setenv("MESH_TRINO_HEAP", "1G")
    yield {"MESH_HOME": str(tmp_path / "other"), "MESH_TRINO_HEAP": "1G"}
    lifecycle.down(purge=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_up_leaves_nothing_running(
    lake: Lake, elsewhere: dict[str, str], number: signal.Signals
) -> None:
    starting = subprocess.Popen(
        [*MESH, "up"], env={**os.environ, **elsewhere}, stderr=subprocess.PIPE
    )
    assert wait_for(lambda: len(pids()) == 3 or starting.poll() is not None)
    started = pids()
    assert len(started) == 3
    starting.send_signal(number)
    starting.communicate(timeout=120)
    assert starting.returncode != 0
    assert not any(psutil.pid_exists(pid) for pid in started.values())
    assert pids() == {}


def test_a_service_that_cannot_start_is_shown_and_the_others_end(
    lake: Lake, elsewhere: dict[str, str]
) -> None:
    result = mesh("up", env={**elsewhere, "MESH_NESSIE_HEAP": "1M"})
    assert result.returncode == 2
    assert "nessie ended while it started; its last lines:" in result.stderr
    assert "Too small maximum heap" in result.stderr
    assert pids() == {}
    running = [p for p in psutil.process_iter() if str(elsewhere["MESH_HOME"]) in words(p)]
    assert running == []


def words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def test_a_port_that_another_program_took_is_replaced(
    lake: Lake, elsewhere: dict[str, str]
) -> None:
    context = lifecycle._context(load_record())
    assert is_free(context.ports["s3"])
    with socket.create_server(("127.0.0.1", context.ports["s3"])):
        from mesh.stack.services import prepare

        service = prepare(context)[0]
        running = lifecycle._start(service, context).running
        assert wait_for(lambda: not running.alive)
        assert isinstance(lifecycle._start_failure(service, running), lifecycle._PortTaken)
        assert lifecycle._context(load_record()).ports["s3"] != context.ports["s3"]


def test_what_trino_learned_is_kept_at_its_end_and_used_at_the_next_start(
    lake: Lake,
    elsewhere: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    archive = tmp_path / "trino.aot"
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.setattr("mesh.stack.services.archive_of", lambda _home, _options: archive)
    lifecycle.up()
    assert lifecycle.down() == ["s3", "nessie", "trino"]
    assert "keeping what Trino learned" in capsys.readouterr().err
    assert [path for path in tmp_path.iterdir() if path.name.startswith("trino")] == [archive]
    held = archive.read_bytes()
    assert not [word for word in words_of(secrets()) if word.encode() in held]
    lifecycle.up()
    trino = psutil.Process(pids()["trino"])
    assert f"-XX:AOTCache={archive}" in trino.cmdline()
    assert any(mapped.path == str(archive) for mapped in trino.memory_maps())
    assert "[aot" not in lifecycle.log_file("trino").read_text()


def words_of(known: Secrets) -> list[str]:
    """The secrets of a checkout, plain."""
    raw = asdict(known)
    return [*raw.pop("pseudonym_keys").values(), *raw.values()]


def test_down_ends_only_what_is_recorded(lake: Lake, elsewhere: dict[str, str]) -> None:
    assert lifecycle.down() == []
    assert all(psutil.pid_exists(pid) for pid in session_pids(lake))


def session_pids(lake: Lake) -> list[int]:
    ports = {lake.trino_port, int(lake.nessie_uri.rpartition(":")[2])}
    found = [c for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    return [c.pid for c in found if c.pid and c.laddr and c.laddr.port in ports]


def test_with_an_external_lake_nothing_is_started_or_ended(lake: Lake) -> None:
    env = {
        "MESH_TRINO_HOST": "trino.example.org",
        "MESH_TRINO_PASSWORD": "word",
        "MESH_NESSIE_URI": "https://nessie.example.org",
        "MESH_S3_ENDPOINT": "https://s3.example.org",
        "MESH_S3_ACCESS_KEY": "key",
        "MESH_S3_SECRET_KEY": "secret",
    }
    before = pids()
    for verb in ("up", "down"):
        result = mesh(verb, env=env)
        assert result.returncode == 0, result.stderr
        assert "external" in result.stderr
    assert pids() == before
    assert all(state.state == "up" for state in lifecycle.status())
