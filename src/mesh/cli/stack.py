"""The stack: up, down, status, logs, sql, env."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesh.cli import app
from mesh.core.console import info, print_json, print_table

if TYPE_CHECKING:
    from mesh.stack.lifecycle import State

Format = Annotated[str, typer.Option("--format", help="table or json")]


@app.command()
def up() -> None:
    """Start the lakehouse on loopback, or join the one that runs."""
    from mesh.stack.lifecycle import external, up

    lake = up()
    if not external():
        info(f"the stack is up: Trino https://{lake.trino_host}:{lake.trino_port}")


@app.command()
def down(
    purge: Annotated[bool, typer.Option("--purge", help="delete the lake's data too")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """End the processes of this checkout."""
    from mesh.core.paths import state_dir
    from mesh.stack.lifecycle import down

    if purge and not yes:
        typer.confirm(f"delete the whole lake in {state_dir()}?", abort=True, err=True)
    ended = down(purge=purge)
    info(f"ended {', '.join(ended)}" if ended else "nothing was running")


@app.command()
def status(format: Format = "table") -> None:
    """Say which services run; exit code 1 when one does not."""
    from mesh.stack.lifecycle import external, status

    if external():
        info("the lake is external; there is nothing to watch here")
        if format == "json":
            print_json([])
        return
    states = status()
    if format == "json":
        print_json([asdict(state) for state in states])
    else:
        columns = ("service", "state", "pid", "address", "MB", "since (UTC)")
        print_table(columns, [_row(state) for state in states])
    if any(state.state != "up" for state in states):
        raise typer.Exit(1)


def _row(state: State) -> list[object]:
    since = f"{state.started_at:%m-%d %H:%M:%S}" if state.started_at else None
    return [state.service, state.state, state.pid, state.address, state.memory_mb, since]


@app.command()
def logs(
    service: Annotated[str | None, typer.Argument(help="s3, nessie or trino; all if left out")] = (
        None
    ),
    lines: Annotated[int, typer.Option("-n", "--lines", min=1, help="last lines shown")] = 40,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="go on as lines come")] = False,
) -> None:
    """Show what the services write."""
    from mesh.stack.logs import show

    show(service, lines=lines, follow=follow)


@app.command()
def sql(
    statement: Annotated[str | None, typer.Argument(help="statements separated by ;")] = None,
    file: Annotated[Path | None, typer.Option("-f", "--file", help="read them here")] = None,
    catalog: Annotated[str | None, typer.Option(help="catalog of unqualified names")] = None,
    schema: Annotated[str | None, typer.Option(help="schema of unqualified names")] = None,
    *,
    role: Annotated[str | None, typer.Option("--as", help="ask with the account of a role")] = None,
    format: Annotated[str, typer.Option("--format", help="table, json or csv")] = "table",
) -> None:
    """Run SQL on the lake; statements come from the argument, a file or stdin."""
    from mesh.access.accounts import as_role
    from mesh.core.settings import Lake
    from mesh.stack.sql import read_statements, run

    lake = as_role(Lake.current(), role) if role else Lake.current()
    run(lake, read_statements(statement, file, sys.stdin), catalog, schema, format)


@app.command()
def env() -> None:
    """Print shell exports with which plain dbt finds the stack: eval "$(./mesh env)"."""
    import shlex

    from mesh.core import toolenv
    from mesh.core.errors import StackError

    found = toolenv.recorded()
    if not found:
        raise StackError("the stack is not running", hint="start it with `./mesh up`")
    for name, value in found.items():
        if name != toolenv.BUNDLE_BEFORE:
            sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
