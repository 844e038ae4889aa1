"""The readiness assessment."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from mesh.cli import app
from mesh.core.console import emit, out, print_json

COLUMNS = ("factor", "answer", "evidence", "proof", "next")


@app.command()
def readiness(
    answers: Annotated[
        Path | None, typer.Argument(help="YAML of answers  [default: governance/readiness.yml]")
    ] = None,
    format: Annotated[str, typer.Option("--format", help="table or json")] = "table",
) -> None:
    """Score six factors, from answers and from what the repository proves, and say what is next."""
    from mesh.contracts.project import open_project
    from mesh.core.paths import ROOT
    from mesh.readiness.assessment import assess, read_answers
    from mesh.readiness.evidence import evidence

    given = read_answers(answers or ROOT / "governance" / "readiness.yml")
    found = assess(given, evidence(open_project()))
    if format == "json":
        print_json(asdict(found))
        return
    rows = [
        {
            "factor": factor.name.replace("_", " "),
            "answer": factor.score,
            "evidence": factor.evidence or "",
            "proof": factor.proof,
            "next": factor.next_step,
        }
        for factor in found.factors
    ]
    emit(rows, format=format, columns=COLUMNS)
    out.print(f"\n{found.total} of 30: {found.band}; {found.advice}", markup=False)
