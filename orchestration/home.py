"""Where Dagster keeps what it knows, and how it is started."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import yaml

from mesh.core.paths import ROOT, state_dir
from mesh.stack.ports import choose

MODULE = "orchestration.definitions"

INSTANCE = {
    "telemetry": {"enabled": False},
    "nux": {"enabled": False},
    # The lake takes one publisher at a time: others wait here, where it can be seen.
    "concurrency": {"runs": {"max_concurrent_runs": 1}},
}
"""Settings of the instance, as `dagster.yaml` spells them."""


def prepare(folder: Path | None = None) -> Path:
    """Make Dagster's home, with its settings, in the state of this checkout."""
    folder = folder or state_dir() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dagster.yaml").write_text(yaml.safe_dump(INSTANCE))
    return folder


def environment(home: Path) -> dict[str, str]:
    """The environment of Dagster's processes."""
    paths = [str(ROOT / "src"), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "PYTHONPATH": os.pathsep.join(paths),
    }


def port_of(home: Path) -> int:
    """The port of the web server: the same as last time where that is free."""
    record = home / "port"
    before = {"dagster": int(record.read_text())} if record.exists() else {}
    port = choose(["dagster"], before)["dagster"]
    record.write_text(str(port))
    return port


def server(port: int) -> list[str]:
    """The command that serves the web pages, the schedules and the queue on loopback."""
    command = [sys.executable, "-m", "dagster", "dev", "--module-name", MODULE]
    return [*command, "--host", "127.0.0.1", "--port", str(port)]
