"""Verbs about the input: make patient histories, land them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mesh.cli import app
from mesh.cli.options import Format, FormatOption

PatientsOption = Annotated[
    int | None, typer.Option(help="How many living patients to generate; 40 by default.")
]
SeedOption = Annotated[int | None, typer.Option(help="Seed of the generator; 1 by default.")]
SourceOption = Annotated[
    Path | None, typer.Option(help="Folder of a Synthea 3.3.0 CSV export to take instead.")
]


def input_from(source: Path | None, patients: int | None, seed: int | None) -> Path:
    """The folder that the options name, generated if need be.

    Raises:
        InputError: Both a folder and generator options are given, or they are out of range.
    """
    from mesh.build.context import PATIENTS, SEED
    from mesh.core.errors import InputError
    from mesh.landing.synthea import generate

    if source is None:
        return generate(PATIENTS if patients is None else patients, SEED if seed is None else seed)
    if patients is not None or seed is not None:
        raise InputError("--source does not go with --patients or --seed", hint="give one of them")
    return source


@app.command()
def generate(patients: PatientsOption = None, seed: SeedOption = None) -> None:
    """Generate patient histories with Synthea and print the folder they are in."""
    from mesh.core.console import out

    out.print(str(input_from(None, patients, seed)), markup=False)


@app.command()
def land(
    source: SourceOption = None,
    patients: PatientsOption = None,
    seed: SeedOption = None,
    ref: Annotated[str, typer.Option(help="Nessie branch to land on.")] = "dev",
    format: FormatOption = Format.table,
) -> None:
    """Land patient histories on a branch as text tables; what is there already is skipped."""
    from dataclasses import asdict

    from mesh.core.console import emit
    from mesh.core.secrets import secrets
    from mesh.core.settings import Lake
    from mesh.landing import keys
    from mesh.landing import land as landing

    lake = Lake.current()
    folder = input_from(source, patients, seed)
    known = secrets()
    landed = landing.land(lake, ref, folder)
    keys.ensure_keys(lake, ref, {d: known.pseudonym_key(d) for d in known.pseudonym_keys})
    rows = [
        {**asdict(each), "loaded_at": each.loaded_at.isoformat(timespec="microseconds")}
        for each in landed
    ]
    if format is Format.table:
        rows = [
            {
                **row,
                "batch_id": str(row["batch_id"])[:12],
                "skipped": "already there" if row["skipped"] else "",
            }
            for row in rows
        ]
    emit(rows, format=format, columns=["table", "rows", "batch_id", "skipped"])
