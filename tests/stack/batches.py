"""Makes an earlier, faulty state of an export, which the export itself then corrects."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

Row = dict[str, str]
PATIENT_COLUMNS = ("PATIENT", "PATIENTID", "Id")
KEPT_OF_THE_LATE_PATIENT = 2


def rewrite(path: Path, change: Callable[[int, Row], Row | None]) -> None:
    """Pass every row through ``change``, with its number from 1; None drops it."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or [])
        rows = [changed for n, row in enumerate(reader, 1) if (changed := change(n, row))]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def planted(full: Path, folder: Path) -> Path:
    """Write to ``folder`` an export whose patients have unmistakable values of more classes.

    The generator gives many people one place of birth, and no notes at all.
    """
    shutil.copytree(full, folder)
    rewrite(
        folder / "patients.csv",
        lambda n, row: (
            row
            | {
                "BIRTHPLACE": f"Quokkaville {n:02}  Canary Keys  US",
                "HEALTHCARE_EXPENSES": f"4{n:02}918.37",
            }
        ),
    )
    noted: set[str] = set()

    def note(_: int, row: Row) -> Row:
        if row["PATIENTID"] in noted:
            return row
        noted.add(row["PATIENTID"])
        return row | {"LINENOTE": f"told the nurse of canary {len(noted):02} at home"}

    rewrite(folder / "claims_transactions.csv", note)
    return folder


def first_export(full: Path, folder: Path) -> None:
    """Write to ``folder`` what an earlier export might have held instead of ``full``.

    One patient is not there yet, but two of their encounters and conditions are. A town, a
    height and the end of a condition are not yet what they will be, the last supplies have not
    been booked, and four rows cannot be read.
    """
    shutil.copytree(full, folder)
    late = late_patient(full)
    for path in folder.glob("*.csv"):
        _without(path, late)
    rewrite(folder / "patients.csv", lambda n, row: row | {"CITY": "Oldtown"} if n == 1 else row)
    rewrite(folder / "encounters.csv", lambda n, row: row | {"START": "soon"} if n == 5 else row)
    rewrite(folder / "observations.csv", _observation)
    rewrite(folder / "conditions.csv", lambda n, row: row | {"STOP": ""} if n == 3 else row)
    rewrite(
        folder / "claims_transactions.csv",
        lambda n, row: row | {"FROMDATE": "2020-13-01"} if n == 7 else row,
    )
    rewrite(folder / "supplies.csv", _without_last(folder / "supplies.csv", 10))
    rewrite(folder / "devices.csv", lambda n, row: row | {"START": "1999"} if n == 1 else row)


def late_patient(full: Path) -> str:
    """The patient of ``full`` who is missing in the first export: the last one."""
    with (full / "patients.csv").open(newline="", encoding="utf-8") as file:
        return [row["Id"] for row in csv.DictReader(file)][-1]


def _without(path: Path, patient: str) -> None:
    """Drop the rows of a patient, but for the first ones of two files."""
    allowed = KEPT_OF_THE_LATE_PATIENT if path.stem in ("encounters", "conditions") else 0
    seen = 0

    def change(_: int, row: Row) -> Row | None:
        nonlocal seen
        if patient not in (row.get(column) for column in PATIENT_COLUMNS):
            return row
        seen += 1
        return row if seen <= allowed else None

    rewrite(path, change)


def _observation(number: int, row: Row) -> Row:
    if number == 11:
        return row | {"DATE": "not known"}
    if number == 2 and row["TYPE"] == "numeric":
        return row | {"VALUE": "1.5"}
    return row


def _without_last(path: Path, count: int) -> Callable[[int, Row], Row | None]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = sum(1 for _ in csv.DictReader(file))
    return lambda n, row: row if n <= rows - count else None
