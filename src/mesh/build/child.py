"""Runs dbt or edr as a child that does not outlive the command that started it.

``python -m mesh.build.child PARENT TOOL ARGUMENT...``: a thread looks whether the process PARENT
is still there. When it is gone, even by SIGKILL, this one interrupts itself, which makes dbt
cancel its queries, and ends for good if that takes longer than the grace.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

from mesh.build import discreet

LOOK = 0.5
"""Seconds between two looks at the parent."""
GRACE = 10.0
"""Seconds that dbt has for cancelling its queries."""


def follow(parent: int) -> None:
    """Interrupt this process once ``parent`` is no longer its parent."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)


def _edr(project: Path) -> None:
    """Run edr on a copy of its dbt project.

    It invokes dbt some twenty times on a project that does not change meanwhile. Parsed once for
    all of them, that takes half the time.
    """
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest
    from elementary.cli.cli import cli as edr
    from elementary.clients.dbt import api_dbt_runner
    from elementary.monitor import dbt_project_utils

    dbt_project_utils.CLI_DBT_PROJECT_PATH = str(project)
    where = ["--project-dir", str(project), "--profiles-dir", str(project.parent)]
    with contextlib.chdir(project):
        parsed = dbtRunner().invoke(["parse", "--quiet", *where])
    if isinstance(parsed.result, Manifest):  # else edr meets the same fault and says so
        shared: Any = partial(dbtRunner, parsed.result)
        vars(api_dbt_runner)["dbtRunner"] = shared
    edr(prog_name="edr")


def main() -> None:
    """Run the tool in this process."""
    parent, tool, *arguments = sys.argv[1:]
    # A shell that starts a job in the background has it ignore SIGINT, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=follow, args=(int(parent),), daemon=True).start()
    discreet.apply()
    sys.argv = [tool, *arguments]
    if tool == "edr":
        _edr(Path(os.environ["MESH_EDR_PROJECT"]))
    else:
        from dbt.cli.main import cli as dbt

        dbt(prog_name=tool)


if __name__ == "__main__":
    main()
