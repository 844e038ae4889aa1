"""Measures of speed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesh.cli import app
from mesh.core.console import emit, print_json
from mesh.core.errors import InputError

if TYPE_CHECKING:
    from mesh.bench.figure import Figure
    from mesh.core.settings import Lake

PATIENTS, SEED = 200, 7
"""Whose export is landed: 200 MB, so that fixed costs do not decide."""
NAMES = ("build", "landing", "branches", "start")
ALONE = "contracts"
"""The measure that needs no lake; it takes long, so it is run only when it is asked for."""
COLUMNS = ("figure", "median", "least", "most", "rounds", "aim", "verdict", "made of")


@app.command()
def bench(
    only: Annotated[
        list[str] | None,
        typer.Option(help=f"one of {', '.join(NAMES)} or {ALONE}; may be given again"),
    ] = None,
    rounds: Annotated[
        int, typer.Option(help="samples of each, at least 5 for a verdict", min=1)
    ] = 5,
    source: Annotated[
        Path | None, typer.Option(help="folder of Synthea CSV to land; generated if left out")
    ] = None,
    format: Annotated[str, typer.Option("--format", help="table or json")] = "table",
) -> None:
    """Measure speed against the bare way, alternating; exit code 1 when an aim is missed.

    Works on branches of its own beside the live release; `start` restarts the stack.
    """
    if unknown := sorted(set(only or ()) - {*NAMES, ALONE}):
        expected = ", ".join((*NAMES, ALONE))
        raise InputError(f"there is no measure {', '.join(unknown)}", expected=expected)
    load, cores = os.getloadavg()[0], os.cpu_count()
    figures: list[Figure] = []
    if ALONE in (only or ()):
        from mesh.bench.contracts import contracts

        figures += contracts(rounds)
    if not only or set(only) & set(NAMES):
        figures += _on_the_lake(only, rounds, source)
    if format == "json":
        machine = {"cores": cores, "load_before": load}
        print_json({"machine": machine, "figures": [figure.as_json() for figure in figures]})
    else:
        emit([figure.as_row() for figure in figures], format=format, columns=COLUMNS)
    if not all(figure.met for figure in figures):
        raise typer.Exit(1)


def _on_the_lake(only: list[str] | None, rounds: int, source: Path | None) -> list[Figure]:
    """The measures that need the stack."""
    from mesh.lake.lock import publisher_lock
    from mesh.lake.names import new_run_id
    from mesh.stack.lifecycle import up

    figures: list[Figure] = []
    lake = up()
    with publisher_lock(new_run_id()):
        for name in NAMES:
            if not only or name in only:
                figures += _measure(name, lake, source, rounds)
    return figures


def _measure(name: str, lake: Lake, source: Path | None, rounds: int) -> list[Figure]:
    from mesh.bench import measures
    from mesh.core.console import info

    info(f"==> measure {name}")
    if name == "build":
        return measures.build(lake, rounds)
    if name == "landing":
        return measures.landing(lake, source or _generated(), rounds)
    if name == "start":
        return measures.start(rounds)
    return measures.branches(lake, rounds)


def _generated() -> Path:
    from mesh.landing.synthea import generate

    return generate(PATIENTS, SEED)
