"""Invokes dbt as a child process and hands on what it reports while it runs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.build.packages import PackagesState
from mesh.core import toolenv
from mesh.core.errors import MeshError
from mesh.core.paths import ROOT, state_dir
from mesh.core.settings import Lake
from mesh.lake.lock import inherited

QUALITY_CATALOG = "observability"
"""Catalog of Elementary's tables: a branch of its own, so that evidence of a failed run stays."""

PATIENCE = 15.0
"""Seconds that an interrupted dbt has for cancelling its queries before it is killed."""

Listener = Callable[["Event"], None]

_children: set[subprocess.Popen[str]] = set()


class DbtError(MeshError):
    """dbt could not run: the project does not parse, or what it needs is missing."""


@dataclass(frozen=True)
class Event:
    """One line of dbt's structured log; ``node`` is dbt's ``node_info``, empty for other events."""

    name: str
    level: str
    message: str
    node: Mapping[str, Any]
    data: Mapping[str, Any]

    @classmethod
    def parse(cls, line: str) -> Event:
        """Read a line; one that is not JSON is an event without a name."""
        try:
            raw = json.loads(line)
            info, data = raw["info"], raw["data"]
            return cls(info["name"], info["level"], info["msg"], data.get("node_info", {}), data)
        except (ValueError, KeyError, TypeError):
            return cls("", "info", line.rstrip(), {}, {})


@dataclass(frozen=True)
class Project:
    """The dbt project pointed at one catalog.

    Args:
        catalog: The Trino catalog that dbt reads and writes.
        quality: Whether Elementary's models and its upload at the end of a run are on.
        variables: dbt variables, over those of dbt_project.yml.
        folder: The dbt project; another one only for the tree of another git revision.
    """

    lake: Lake
    catalog: str
    packages: PackagesState
    quality: bool = False
    variables: Mapping[str, object] | None = None
    folder: Path = ROOT

    @property
    def with_elementary(self) -> bool:
        """Whether Elementary takes part: it is wanted and it is there."""
        return self.quality and self.packages.real

    def environment(self) -> dict[str, str]:
        """The environment of a dbt process."""
        return {
            **tool_environment(self.lake),
            "MESH_DBT_CATALOG": self.catalog,
            "MESH_DBT_PACKAGES": str(self.packages.path),
            "MESH_QUALITY_CATALOG": QUALITY_CATALOG,
            "MESH_ELEMENTARY": "on" if self.with_elementary else "off",
        }

    def invoke(
        self, arguments: Sequence[str], target: Path, *, listen: Listener | None = None
    ) -> int:
        """Run dbt with artifacts and log in ``target``.

        Args:
            arguments: Command and options, say ``["build", "--select", "patients"]``.
            target: Folder of this one invocation, made if absent.
            listen: Called with every event at level info and above, in order.

        Returns:
            0 when all went well, 1 when nodes or tests failed.

        Raises:
            DbtError: dbt could not run at all.
        """
        target.mkdir(parents=True, exist_ok=True)
        command = [*arguments, "--target-path", str(target), "--log-path", str(target)]
        command += ["--project-dir", str(self.folder), "--profiles-dir", str(self.folder)]
        if self.variables:
            command += ["--vars", json.dumps(self.variables)]
        faults: list[str] = []

        def hear(line: str) -> None:
            event = Event.parse(line)
            if event.level == "error":
                faults.append(event.message)
            if listen:
                listen(event)

        with self._parse_cache(target):
            code = run_child(
                "dbt",
                ["--log-format", "json", "--log-format-file", "text", *command],
                environment=self.environment(),
                hear=hear,
            )
        if code not in (0, 1):
            raise DbtError(
                f"dbt {arguments[0]} could not run: " + "\n".join(faults[-3:] or [f"exit {code}"]),
                where=str(target / "dbt.log"),
            )
        return code

    @contextmanager
    def _parse_cache(self, target: Path) -> Iterator[None]:
        """Lend the invocation what an earlier one like it parsed: 4 s saved on this project.

        dbt checks itself whether the file fits and parses anew if not. Artifacts stay apart.
        """
        kind = "quality" if self.with_elementary else "plain"
        folder = state_dir() / "parsed"
        cache = folder / f"{self.folder.name}-{self.catalog}-{kind}.msgpack"
        mine = target / "partial_parse.msgpack"
        if cache.exists() and not mine.exists():
            shutil.copyfile(cache, mine)
        yield
        if mine.exists() and self.folder == ROOT:
            folder.mkdir(exist_ok=True)
            new = cache.with_suffix(f".{os.getpid()}")
            shutil.copyfile(mine, new)
            new.replace(cache)


def tool_environment(lake: Lake) -> dict[str, str]:
    """This environment and the variables with which profiles.yml finds ``lake``."""
    env = dict(os.environ)
    env.update(toolenv.to_set(toolenv.recorded(), env, {}))
    target = "DEV" if lake.embedded else "TRINO"
    found = {
        "MESH_TARGET": "dev" if lake.embedded else "prod",
        f"MESH_{target}_HOST": lake.trino_host,
        f"MESH_{target}_PORT": str(lake.trino_port),
        f"MESH_{target}_USER": lake.trino_user,
        f"MESH_{target}_CA": lake.trino_ca or "",
        f"DBT_ENV_SECRET_MESH_{target}_PASSWORD": lake.trino_password or "",
        "MESH_DEV_METHOD": "ldap" if lake.trino_password else "none",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "DAGSTER_DISABLE_TELEMETRY": "1",
        # Python would look for modules in the caller's directory otherwise.
        "PYTHONSAFEPATH": "1",
        "PYTHONPATH": str(ROOT / "src"),
    }
    if lake.trino_ca:
        # It outweighs `cert` of the profile, and dbt connects anew for every node: reading the
        # machine's hundred authorities each time took a tenth of a second more than this one.
        found["REQUESTS_CA_BUNDLE"] = lake.trino_ca
    return {**env, **found}


def run_child(
    tool: str,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    hear: Callable[[str], None],
    folder: Path = ROOT,
) -> int:
    """Run dbt or edr to its end and hand on its output line by line.

    Whatever ends this call early ends the child first: it is interrupted, so that it cancels its
    queries, then killed when it takes too long. It ends too when this process is killed.
    """
    command = [sys.executable, "-m", "mesh.build.child", str(os.getpid()), tool, *arguments]
    process = subprocess.Popen(
        command,
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        # Ctrl-C of the terminal reaches this process alone, which then ends the child in order.
        start_new_session=True,
        # It may live some seconds longer than this process when that is killed, and must not write
        # through the build catalog once that shows the branch of the next run.
        pass_fds=inherited(),
    )
    assert process.stdout is not None  # noqa: S101  # asked for above
    _children.add(process)
    try:
        for line in process.stdout:
            hear(line)
        return process.wait()
    finally:
        _children.discard(process)
        _end(process)
        process.stdout.close()


@contextmanager
def ending_children() -> Iterator[None]:
    """Interrupt the children of all threads when the block is left by an exception.

    Only the main thread hears of Ctrl-C; without this it would wait for what the others started.
    """
    try:
        yield
    except BaseException:
        for process in list(_children):
            process.send_signal(signal.SIGINT)
        raise


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        # Read on, or a child with much to say would wait for us.
        process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
