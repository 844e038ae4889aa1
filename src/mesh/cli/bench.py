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
ON_THE_STACK = ("build", "landing", "branches", "masks", "lineage", "start")
NAMES = (*ON_THE_STACK, "taint", "contracts", "erase")
GROUPS = {"privacy": ("masks", "lineage", "taint", "erase")}
"""Names for several measures."""
UNASKED = tuple(name for name in NAMES if name != "erase")
"""What is measured when nothing is named: an erasure needs two lakes of its own, and a quarter
of an hour."""
COLUMNS = ("figure", "median", "least", "most", "rounds", "aim", "verdict", "made of")


@app.command()
def bench(
    measures: Annotated[
        list[str] | None,
        typer.Argument(help=f"{', '.join(NAMES)}, or privacy for {', '.join(GROUPS['privacy'])}"),
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
    asked = {name for each in measures or UNASKED for name in GROUPS.get(each, (each,))}
    if unknown := sorted(asked - set(NAMES)):
        raise InputError(
            f"there is no measure {', '.join(unknown)}", expected=", ".join((*NAMES, *GROUPS))
        )
    load, cores = os.getloadavg()[0], os.cpu_count()
    names = [name for name in NAMES if name in asked]
    figures: list[Figure] = []
    if on_the_stack := [name for name in names if name in ON_THE_STACK]:
        figures += _on_the_stack(on_the_stack, source, rounds)
    for name in names:
        if name not in ON_THE_STACK:
            figures += _beside(name, rounds)
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


def _beside(name: str, rounds: int) -> list[Figure]:
    """What needs no stack, or stacks of its own."""
    info(f"==> measure {name}")
    if name == "taint":
        from mesh.bench.privacy import taint

        return taint(rounds)
    if name == "contracts":
        from mesh.bench.contracts import contracts

        return contracts(rounds)
    from mesh.bench.erasing import erasing

    return erasing()


def _measure(name: str, lake: Lake, source: Path | None, rounds: int) -> list[Figure]:
    from mesh.bench import measures

    info(f"==> measure {name}")
    if name == "build":
        return measures.build(lake, rounds)
    if name == "landing":
        return measures.landing(lake, source or _generated(), rounds)
    if name == "masks":
        from mesh.bench.masking import masked_build, masked_query

        return [*masked_build(lake, rounds), *masked_query(lake, rounds)]
    if name == "lineage":
        from mesh.bench.colibri import lineage

        return lineage(lake, rounds)
    if name == "start":
        return measures.start(rounds)
    return measures.branches(lake, rounds)


def _generated() -> Path:
    from mesh.landing.synthea import generate

    return generate(PATIENTS, SEED)
