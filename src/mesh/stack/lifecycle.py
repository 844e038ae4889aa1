"""Start, join, watch and end the embedded stack of this checkout."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from mesh.core.console import info, warn
from mesh.core.errors import StackError
from mesh.core.paths import state_dir
from mesh.core.secrets import secrets
from mesh.core.settings import Lake, lake_file
from mesh.stack import archive, process
from mesh.stack.interrupts import Interrupts
from mesh.stack.ports import choose, is_free
from mesh.stack.process import Running
from mesh.stack.record import Record, Started, load_record
from mesh.stack.services import NAMES, PORTS, Context, Service, owner, prepare
from mesh.stack.toolfile import remove_tool_file, write_tool_file

START_SECONDS = 300.0
"""Longest wait for a service to answer; a warm start takes ten, on a crowded machine a hundred."""
POLL_SECONDS = 0.1
TAIL_LINES = 15
TAIL_CHARACTERS = 200
"""Of each of these lines; a line of Trino's can fill a screen."""
TROUBLE = re.compile(r"\b(ERROR|FATAL|Caused by)\b|Exception|Error\b")
"""How a line of a log speaks of what may have ended the process."""
PORT_ATTEMPTS = 3
"""Starts before giving up when others take a port between its choice and its use."""


@dataclass(frozen=True)
class State:
    """A service as it is now: ``up``, ``down``, ``crashed`` or ``silent`` (does not answer)."""

    service: str
    state: str
    pid: int | None
    address: str | None
    memory_mb: int | None
    started_at: datetime | None
    log: str | None


class _PortTaken(StackError):
    """Another program took a port after it was found free."""


def external() -> bool:
    """Whether the environment names a lake of its own, so that nothing is started here."""
    return bool(os.environ.get("MESH_TRINO_HOST"))


def up() -> Lake:
    """Start what does not run yet, wait until all answers, and give the lake.

    Joins a running stack. A crashed process is named and started again. What this call started
    ends again when the call fails or is interrupted.

    Raises:
        StackError: A service did not start; its last log lines are in the message.
        ArtifactError: Something could not be downloaded.
    """
    if external():
        lake = Lake.current()
        info(f"using the external lake at {lake.trino_host}; nothing is started here")
        return lake
    with _only_one(), Interrupts().active() as interrupts:
        for left in reversed(range(PORT_ATTEMPTS)):
            try:
                context, record = _running(interrupts)
                break
            except _PortTaken:
                if not left:
                    raise
        lake = _publish_addresses(context)
        if not record.standing:
            from mesh.lake.branches import ensure_standing

            ensure_standing(lake)
            replace(record, standing=True).save()
    return lake


def down(*, purge: bool = False) -> list[str]:
    """End the recorded processes, and no others; give the names of those that were running.

    What a recording Trino learned is kept, except in a purge and when this is interrupted.

    Args:
        purge: Delete data, configuration, logs and secrets of this checkout as well.
    """
    if external():
        info("the lake is external; nothing is ended here")
        return []
    with _only_one(), Interrupts().active() as interrupts:
        record = load_record()
        ended = [name for name, started in record.services.items() if started.running.alive]
        running = [started.running for started in record.services.values()]
        try:
            recording = None if purge else archive.end_recorder(running)
        finally:
            with interrupts.shielded():
                archive.stop(running)
                lake_file().unlink(missing_ok=True)
                remove_tool_file()
                if record.services:
                    record.without(set(record.services)).save()
        if purge:
            from mesh.stack.purge import purge_state

            purge_state(state_dir())
        if recording:
            archive.make_archive(recording)
    return ended


def status() -> list[State]:
    """The three services as they are now; looks without waiting or changing anything."""
    record = load_record()
    return [_state(name, record) for name in NAMES]


def log_file(service: str) -> Path:
    """The log of a service.

    Raises:
        StackError: There is no such service, or it never ran.
    """
    if service not in NAMES:
        raise StackError(f"there is no service {service!r}", expected=", ".join(NAMES))
    path = state_dir() / "logs" / f"{service}.log"
    if not path.exists():
        raise StackError(f"{service} was never started here", hint="start it with `./mesh up`")
    return path


@contextmanager
def _only_one() -> Iterator[None]:
    """Serialise `up` and `down` of one checkout; the system frees the lock of a killed holder."""
    lock = FileLock(state_dir() / "stack.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        info("==> waiting for another `up` or `down` of this checkout")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _context(record: Record) -> Context:
    from mesh.stack.java import java_executable
    from mesh.stack.memory import heap
    from mesh.stack.tls import ensure_tls

    held = [port for port in PORTS if (s := record.services.get(owner(port))) and s.running.alive]
    state = state_dir()
    return Context(
        state=state,
        ports=choose(PORTS, record.ports, held),
        secrets=secrets(),
        tls=ensure_tls(state / "tls"),
        heap=heap(),
        java=java_executable(),
    )


def _running(interrupts: Interrupts) -> tuple[Context, Record]:
    context = _context(load_record())
    return context, _start_missing(context, prepare(context), interrupts)


def _start_missing(context: Context, services: Sequence[Service], interrupts: Interrupts) -> Record:
    """Start what does not run as wanted; the record says what runs at every moment."""
    record = load_record()
    missing = [service for service in services if not _joins(service, record)]
    if not missing:
        return record
    names = {service.name for service in missing}
    archive.stop([s.running for name, s in record.services.items() if name in names])
    record = replace(record.without(names), ports=dict(context.ports))
    record.save()
    info(f"==> starting {', '.join(service.name for service in missing)}")
    began = time.monotonic()
    try:
        for service in missing:
            with interrupts.shielded():
                record = record.with_service(service.name, _start(service, context))
                record.save()
        _wait(missing, record, began)
    except BaseException:
        with interrupts.shielded():
            archive.stop([s.running for n, s in record.services.items() if n in names])
            record.without(names).save()
        raise
    return record


def _tell_crash(name: str, started: Started) -> None:
    """Say that a service has crashed, with what its log says of it: nothing, if it was killed."""
    last = process.tail(Path(started.log), TAIL_LINES, TAIL_CHARACTERS)
    trouble = [line for line in last if TROUBLE.search(line)]
    why = "its log says:" if trouble else f"its log does not say why: {started.log}"
    warn(f"{name} (pid {started.running.pid}) has crashed; {why}")
    for line in trouble:
        info(f"    {line}")


def _joins(service: Service, record: Record) -> bool:
    """Whether the service already runs as wanted; otherwise say what is the matter."""
    started = record.services.get(service.name)
    if started is None:
        return False
    if not started.running.alive:
        _tell_crash(service.name, started)
        return False
    if started.settings != service.settings:
        info(f"==> {service.name} runs with other settings: starting it anew")
        return False
    if not _answers(service, started.running, seconds=START_SECONDS / 6):
        warn(f"{service.name} (pid {started.running.pid}) does not answer: starting it anew")
        return False
    return True


def _start(service: Service, context: Context) -> Started:
    running = process.spawn(service.command, cwd=service.cwd, env=service.env, log=service.log)
    return Started(running, service.settings, str(service.log))


def _answers(service: Service, running: Running, seconds: float) -> bool:
    """Wait until the process itself listens on its port and says that it is ready."""
    deadline = time.monotonic() + seconds
    while running.alive:
        if all(running.listens(port) for port in service.ports) and service.ready():
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return False


def _wait(services: Sequence[Service], record: Record, began: float) -> None:
    """Wait for all of them; the first that died or stays silent ends the wait."""
    waiting = list(services)
    while waiting:
        for service in list(waiting):
            running = record.services[service.name].running
            if not running.alive or time.monotonic() - began > START_SECONDS:
                raise _start_failure(service, running)
            if all(running.listens(port) for port in service.ports) and service.ready():
                info(f"    {service.name} is up after {time.monotonic() - began:.1f} s")
                waiting.remove(service)
        time.sleep(POLL_SECONDS)


def _start_failure(service: Service, running: Running) -> StackError:
    lines = process.tail(service.log, TAIL_LINES, TAIL_CHARACTERS)
    what = "ended while it started" if not running.alive else "does not answer"
    text = "\n".join([f"{service.name} {what}; its last lines:", *(f"    {li}" for li in lines)])
    kind = StackError
    if not running.alive and not all(is_free(port) for port in service.ports):
        kind = _PortTaken
    return kind(text, where=str(service.log), hint="the whole log is in that file")


def _publish_addresses(context: Context) -> Lake:
    """Record how to reach the lake, for this toolset and for tools started by hand."""
    from mesh.stack.services import BUCKET, REGION, USER, WAREHOUSE

    lake = Lake(
        trino_host="127.0.0.1",
        trino_port=context.ports["trino"],
        trino_scheme="https",
        trino_user=USER,
        trino_password=context.secrets.trino_password,
        trino_ca=str(context.tls.ca),
        catalog="lake",
        nessie_uri=f"http://127.0.0.1:{context.ports['nessie']}",
        s3_endpoint=f"http://127.0.0.1:{context.ports['s3']}",
        s3_region=REGION,
        s3_access_key=context.secrets.s3_access_key,
        s3_secret_key=context.secrets.s3_secret_key,
        warehouse=WAREHOUSE,
        bucket=BUCKET,
        nessie_token=context.secrets.nessie_token,
    )
    lake.save()
    write_tool_file(lake, context.tls)
    return lake


def _state(name: str, record: Record) -> State:
    started = record.services.get(name)
    if started is None:
        return State(name, "down", None, None, None, None, None)
    found = started.running.process()
    port = record.ports[name]
    if found is None:
        return State(name, "crashed", started.running.pid, None, None, None, started.log)
    scheme = "https" if name == "trino" else "http"
    return State(
        service=name,
        state="up" if started.running.listens(port) else "silent",
        pid=found.pid,
        address=f"{scheme}://127.0.0.1:{port}",
        memory_mb=found.memory_info().rss >> 20,
        started_at=datetime.fromtimestamp(int(started.running.created), UTC),
        log=started.log,
    )
