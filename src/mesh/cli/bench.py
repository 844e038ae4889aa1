"""Measures of speed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesh.cli import app
from mesh.cli.options import Format, FormatOption
from mesh.core.console import emit, info, print_json
from mesh.core.errors import InputError

if TYPE_CHECKING:
    from mesh.bench.figure import Figure
    from mesh.core.settings import Lake

PATIENTS, SEED = 200, 7
"""Whose export is landed: 200 MB, so that fixed costs do not decide."""
NAMES = ("build", "landing", "branches", "start", "taint", "contracts")
WITHOUT_STACK = {"taint", "contracts"}
COLUMNS = ("figure", "median", "least", "most", "rounds", "aim", "verdict", "made of")


@app.command()
def bench(
    only: Annotated[
        list[str] | None,
        typer.Option(help=f"one of {', '.join(NAMES)}; may be given again"),
    ] = None,
    rounds: Annotated[
        int, typer.Option(help="samples of each, at least 5 for a verdict", min=1)
    ] = 5,
    source: Annotated[
        Path | None, typer.Option(help="folder of Synthea CSV to land; generated if left out")
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Measure speed against the bare way, alternating; exit code 1 when an aim is missed.

    Works on branches of its own beside the live release; `start` restarts the stack.
    """
    if unknown := sorted(set(only or ()) - set(NAMES)):
        raise InputError(f"there is no measure {', '.join(unknown)}", expected=", ".join(NAMES))
    load, cores = os.getloadavg()[0], os.cpu_count()
    names = [name for name in NAMES if not only or name in only]
    figures: list[Figure] = []
    if set(names) - WITHOUT_STACK:
        figures += _on_the_stack([n for n in names if n not in WITHOUT_STACK], source, rounds)
    if "taint" in names:
        from mesh.bench.privacy import taint

        info("==> measure taint")
        figures += taint(rounds)
    if "contracts" in names:
        from mesh.bench.contracts import contracts

        info("==> measure contracts")
        figures += contracts(rounds)
    if format == "json":
        machine = {"cores": cores, "load_before": load}
        print_json({"machine": machine, "figures": [figure.as_json() for figure in figures]})
    else:
        emit([figure.as_row() for figure in figures], format=format, columns=COLUMNS)
    if not all(figure.met for figure in figures):
        raise typer.Exit(1)


def _on_the_stack(names: list[str], source: Path | None, rounds: int) -> list[Figure]:
    from mesh.lake.lock import publisher_lock
    from mesh.lake.names import new_run_id
    from mesh.stack.lifecycle import up

    lake = up()
    with publisher_lock(new_run_id()):
        return [figure for name in names for figure in _measure(name, lake, source, rounds)]


def _measure(name: str, lake: Lake, source: Path | None, rounds: int) -> list[Figure]:
    from mesh.bench import measures

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
