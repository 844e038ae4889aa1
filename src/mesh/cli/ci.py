"""What continuous integration runs: ci."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from mesh.cli import app


@app.command()
def ci(
    base: Annotated[
        str | None,
        typer.Option(help="git revision to compare with, beside the live release"),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="leave branch and catalog for a look")
    ] = False,
    format: Annotated[str, typer.Option("--format", help="markdown or json")] = "markdown",
) -> None:
    """Build and test what a change touches, on a branch of production's lake."""
    from mesh.build.ci import as_json, as_markdown, check
    from mesh.core.console import print_json

    done = check(base, keep=keep)
    if format == "json":
        print_json(as_json(done))
    else:
        sys.stdout.write(as_markdown(done))
    if not done.passed:
        raise typer.Exit(1)
