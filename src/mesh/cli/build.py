"""The mesh: run and docs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mesh.cli import app
from mesh.cli.options import Format, FormatOption
from mesh.core.errors import InputError


@app.command()
def run(
    *,
    patients: Annotated[
        int | None,
        typer.Option(help="living patients that Synthea makes", min=1, show_default="40"),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="seed of the generated patients", min=0, show_default="1"),
    ] = None,
    source: Annotated[
        Path | None, typer.Option(help="take this folder of Synthea CSV instead")
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="wait for another publisher instead of giving up")
    ] = False,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="build every table from scratch")
    ] = False,
    site: Annotated[
        bool, typer.Option("--site/--no-site", help="write the site of the release")
    ] = True,
    format: FormatOption = Format.table,
) -> None:
    """Build the mesh from real input, test it and publish it in one step."""
    from mesh.build.outcome import show
    from mesh.build.run import PATIENTS, SEED, Options, run

    if source is not None and (patients is not None or seed is not None):
        raise InputError("--source does not go with --patients or --seed", hint="give one of them")
    if source is not None and not source.is_dir():
        found = "is a file" if source.exists() else "does not exist"
        raise InputError(f"{source} {found}", expected="a folder of Synthea CSV")
    outcome = run(
        Options(
            patients=PATIENTS if patients is None else patients,
            seed=SEED if seed is None else seed,
            source=source,
            wait=wait,
            full_refresh=full_refresh,
            site=site,
        )
    )
    show(outcome, format)


@app.command()
def docs(
    *,
    draft: Annotated[
        bool, typer.Option("--draft", help="pages of the tree as it stands, without the stack")
    ] = False,
) -> None:
    """Write the site of the live release: products, documentation, quality report."""
    from mesh.build.outcome import addresses
    from mesh.build.publication import write_draft, write_live_site
    from mesh.core.console import info, warn

    if draft:
        place, left_out = write_draft()
        for each in left_out:
            info(f"left out: {each}")
        info(f"draft: {(place / 'index.html').as_uri()}")
        return
    lake, faults = write_live_site()
    for fault in faults:
        warn(fault)
    for name, address in addresses(lake).items():
        info(f"{name}: {address}")
    if faults:
        raise typer.Exit(2)
