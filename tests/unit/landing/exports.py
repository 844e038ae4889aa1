"""Makes exports: folders with Synthea's files and rows of the test's choice."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mesh.landing.files import BY_NAME, FILES, SourceFile

PATIENTS = BY_NAME["patients.csv"]
SUPPLIES = BY_NAME["supplies.csv"]


def header_of(file: SourceFile) -> str:
    return ",".join(file.header) + "\n"


def row_of(file: SourceFile, first: str) -> list[str]:
    """A row whose cells can be told apart; the first is given."""
    return [first, *(f"{first}-{name.lower()}" for name in file.header[1:])]


def write_rows(folder: Path, file: SourceFile, rows: Iterable[Sequence[str]]) -> Path:
    path = folder / file.name
    with path.open("w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(file.header)
        writer.writerows(rows)
    return path


def write_export(folder: Path, rows: Mapping[str, Iterable[Sequence[str]]] | None = None) -> Path:
    """All files; those that ``rows`` does not name by stem have one row."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in FILES:
        default = [row_of(file, f"{file.stem}-1")]
        write_rows(folder, file, (rows or {}).get(file.stem, default))
    return folder
