"""The command line: one module per area, each registering its verbs on ``app``."""

from __future__ import annotations

import gc
import sys

import typer

from mesh.core.console import err
from mesh.core.errors import DISK_FULL, MeshError

SELDOM = (100_000, 50, 50)
"""When the garbage collector looks: trees of YAML and SQL are large and live to the end, and
walking them every 700 objects took a fifth of the time of a check of 2,000 contracts."""

app = typer.Typer(
    name="mesh",
    help="Run, check and publish the data mesh.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line; a :class:`MeshError` becomes its lines and its exit code."""
    from mesh.cli import register
    from mesh.core import toolenv

    gc.set_threshold(*SELDOM)
    toolenv.apply()
    register.all_commands()
    try:
        app(prog_name="mesh")
    except MeshError as error:
        sys.exit(_told(error))
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        full = MeshError(
            "the disk is full",
            where=error.filename,
            hint="make room and run again: what is published is whole",
        )
        sys.exit(_told(full))


def _told(error: MeshError) -> int:
    first, *rest = error.lines()
    err.print(f"error: {first}", markup=False, style="red")
    for line in rest:
        err.print(line, markup=False)
    return error.exit_code
