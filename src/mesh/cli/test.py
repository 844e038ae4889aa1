"""The project's own tests."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer

from mesh.cli import app
from mesh.core.errors import InputError
from mesh.core.paths import ROOT

PARTS = ("unit", "site", "stack")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(
    context: typer.Context,
    part: Annotated[
        str | None,
        typer.Argument(
            help="unit (no network, no Java), site (in a browser) or stack; all if left out"
        ),
    ] = None,
) -> None:
    """Run the tests; what pytest knows may follow, such as -k EXPRESSION or -x.

    The stack tests start a lake of their own under .mesh-test and end it again.
    """
    extra = list(context.args)
    if part and part.startswith("-"):
        extra, part = [part, *extra], None
    if part is not None and part not in PARTS:
        raise InputError(f"there is no part {part!r}", expected=" or ".join(PARTS))
    folders = [f"tests/{name}" for name in ([part] if part else PARTS)]
    if any((ROOT / each.partition("::")[0]).exists() for each in extra if each[:1] != "-"):
        folders = []  # single files or tests are named instead
    command = [sys.executable, "-m", "pytest", *folders, *extra]
    code = subprocess.call(command, cwd=ROOT, env=os.environ)
    # pytest: 0 passed, 1 failed, anything else could not run
    raise typer.Exit(min(code, 2) if code >= 0 else 2)
