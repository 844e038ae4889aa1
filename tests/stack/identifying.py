"""What only one person of an export has, as a search needs it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

OF_PATIENTS = (
    "Id", "SSN", "DRIVERS", "PASSPORT", "ADDRESS", "FIRST", "MIDDLE", "LAST", "MAIDEN",
    "BIRTHPLACE", "HEALTHCARE_EXPENSES",
)  # fmt: skip
PRECISE = ("LAT", "LON")


def identifying(export: Path) -> dict[str, str]:
    """Every identifying value of every patient, the numbers of their devices, and free text.

    Not those that staff or sites have as well: these are published.
    """
    known = " ".join(
        value
        for stem in ("providers", "organizations", "payers")
        for row in _rows(export, stem)
        for value in row.values()
    )
    found = {}
    for number, row in enumerate(_rows(export, "patients")):
        for column in (*OF_PATIENTS, *PRECISE):
            long_enough = len(row[column]) >= (9 if column in PRECISE else 6)
            if long_enough and row[column] not in known:
                found[f"{column} of patient {number}"] = row[column]
    for number, row in enumerate(_rows(export, "devices")):
        found[f"UDI of device {number}"] = row["UDI"]
    notes = {row["LINENOTE"] for row in _rows(export, "claims_transactions")} - {""}
    return found | {f"note {number}": note for number, note in enumerate(sorted(notes))}


def _rows(folder: Path, stem: str) -> Iterator[dict[str, str]]:
    with (folder / f"{stem}.csv").open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)
