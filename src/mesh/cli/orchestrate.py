"""Dagster: the mesh as assets, checks, jobs and a schedule."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from mesh.cli import app
from mesh.core.console import info


@app.command()
def dagster(
    port: Annotated[
        int | None, typer.Option(help="port on 127.0.0.1", min=1, show_default="a free one")
    ] = None,
) -> None:
    """Open Dagster: assets by domain, their checks, jobs and the daily schedule."""
    from mesh.core.paths import ROOT

    sys.path.insert(0, str(ROOT))
    from orchestration.home import environment, port_of, prepare, server

    home = prepare()
    chosen = port or port_of(home)
    info(f"Dagster: http://127.0.0.1:{chosen} (Ctrl-C ends it)")
    os.chdir(ROOT)
    command = server(chosen)
    os.execve(command[0], command, environment(home))  # noqa: S606  # Ctrl-C is its own affair
