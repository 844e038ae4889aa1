"""Erasing a person."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from mesh.cli import app
from mesh.cli.options import Format, FormatOption
from mesh.core.console import info, out, print_json, print_table


@app.command()
def erase(
    subject: Annotated[
        str,
        typer.Argument(help="The patient's identifier of the source, or a pseudonym of theirs."),
    ],
    execute: Annotated[
        bool, typer.Option("--execute", help="Do it; without it, only say what would be done.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """Erase a person from every table, release, branch and file, and prove it.

    Exits with 1 when something may hold the person still; what that is stands in the record.
    """
    from mesh.core.settings import Lake
    from mesh.erase import erasure
    from mesh.erase.plan import Plan, make
    from mesh.erase.subject import find

    def show(plan: Plan) -> None:
        rows = [*plan.landed.items(), *plan.modelled.items()]
        print_table(("table", "rows of the person"), [(name, f"{n:,}") for name, n in rows])
        out.print(f"\nreleases that go: {', '.join(plan.releases) or 'none'}", markup=False)
        out.print(f"branches that go: {', '.join(plan.branches) or 'none'}", markup=False)
        out.print(f"folders that go: {', '.join(map(str, plan.folders)) or 'none'}", markup=False)
        for branch, why in plan.holders.items():
            out.print(f"{branch} holds the person or may: {why}", markup=False)

    lake = Lake.current()
    if not execute:
        plan = make(lake, find(lake, subject))
        if format == "json":
            print_json(asdict(plan))
        else:
            show(plan)
        info("nothing was changed; --execute erases")
        return
    done = erasure.erase(lake, subject)
    if format == "json":
        print_json(erasure.as_json(done))
    else:
        show(done.plan)
        for hit in done.hits:
            out.print(f"found: {hit.name}, {hit.form}: {hit.path} {hit.inside}", markup=False)
        for branch, why in done.holders.items():
            out.print(f"{branch} may hold the person still: {why}", markup=False)
        out.print(f"\n{done.release} is live", markup=False)
    info(
        "the person is gone" if done.is_complete else "not complete: ask again when that is settled"
    )
    if not done.is_complete:
        raise typer.Exit(1)
