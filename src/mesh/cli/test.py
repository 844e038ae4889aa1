"""The project's own tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from mesh.cli import app
from mesh.core.errors import InputError
from mesh.core.paths import ROOT

PARTS = {"unit": ("-n", "auto"), "site": ("-n", "auto"), "stack": ()}
"""The folders of the tests; those that share no lake are spread over the processors."""
NOTHING_FOUND = 5
"""What pytest ends with where no test is chosen."""


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
    if part and (part.startswith("-") or _is_there(part)):
        extra, part = [part, *extra], None
    if part is not None and part not in PARTS:
        raise InputError(f"there is no part {part!r}", expected=" or ".join(PARTS))
    if any(_is_there(each) for each in extra if each[:1] != "-"):
        raise typer.Exit(_outcome([_pytest(extra)]))  # single files or tests are named
    together: dict[tuple[str, ...], list[str]] = {}
    for name in [part] if part else PARTS:
        together.setdefault(PARTS[name], []).append(f"tests/{name}")
    codes: list[int] = []
    for how, folders in together.items():
        codes.append(_pytest([*how, *folders, *extra]))
        if codes[-1] not in (0, NOTHING_FOUND) and {"-x", "--exitfirst"} & {*extra}:
            break
    raise typer.Exit(_outcome(codes))


def _is_there(test: str) -> bool:
    path = ROOT / test.partition("::")[0]
    return path.exists() and path.is_relative_to(ROOT / "tests")


def _pytest(arguments: Sequence[str]) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.call(command, cwd=ROOT, env=os.environ)


def _outcome(codes: Sequence[int]) -> int:
    """0 where all passed, 1 where a test failed, 2 where tests could not run, or none was there."""
    ran = [code for code in codes if code != NOTHING_FOUND]
    if not ran:
        return 2
    return max(min(code, 2) if code >= 0 else 2 for code in ran)
