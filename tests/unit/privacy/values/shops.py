"""Makes folders of CSV with values of people that nobody has, and the sources that declare them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from mesh.privacy.values.look import look_at_folder
from mesh.privacy.values.verdict import ValueFinding

PEOPLE = [
    ("3f2b8c1e-0a4d-4c55-9e10-6d1f2a7b9c01", "900-11-2233", "Ottoline", "Brightwater", "Vane"),
    ("3f2b8c1e-0a4d-4c55-9e10-6d1f2a7b9c02", "900-22-3344", "Lawrence", "Quillfeather", ""),
    ("3f2b8c1e-0a4d-4c55-9e10-6d1f2a7b9c03", "900-33-4455", "Marisol", "Hanson", ""),
    ("3f2b8c1e-0a4d-4c55-9e10-6d1f2a7b9c04", "900-44-5566", "Wilhelmina", "Tarn", "Orde"),
]
BIRTHS = ["1931-04-05", "1962-11-30", "1988-02-29", "2004-07-17"]
ADDRESSES = ["4 Mill Lane", "17 Harbour Rise", "230 Upper Fold", "9 Orchard Unit 3"]
ZIPS = ["02139", "01420", "02062", "01742"]

DECLARED = {
    "id": {"class": "direct", "identifier": "medical_record_number", "subject": "patient"},
    "ssn": {"class": "direct", "identifier": "ssn", "subject": "patient"},
    "first": {"class": "direct", "identifier": "name", "subject": "patient"},
    "last": {"class": "direct", "identifier": "name", "subject": "patient"},
    "maiden": {"class": "direct", "identifier": "name", "subject": "patient"},
    "birthdate": {"class": "quasi", "identifier": "date", "subject": "patient"},
    "address": {"class": "direct", "identifier": "address", "subject": "patient"},
    "zip": {"class": "quasi", "identifier": "geography", "subject": "patient"},
}
NONE = {"class": "none"}


def project(folder: Path, declared: Mapping[str, Mapping[str, str]]) -> Path:
    """A project whose source has the people, and a table ``notes`` with these declarations."""
    tables = [
        {
            "name": name,
            "columns": [
                {"name": column, "config": {"meta": {"privacy": dict(privacy)}}}
                for column, privacy in columns.items()
            ],
        }
        for name, columns in (("people", DECLARED), ("notes", declared))
    ]
    (folder / "models").mkdir(parents=True, exist_ok=True)
    sources = {"sources": [{"name": "shop_landing", "tables": tables}]}
    (folder / "models" / "sources.yml").write_text(yaml.safe_dump(sources, sort_keys=False))
    return folder


def write(path: Path, columns: Mapping[str, Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def look(
    folder: Path,
    columns: Mapping[str, Sequence[str]],
    declared: Mapping[str, Mapping[str, str]] | None = None,
) -> list[ValueFinding]:
    """What is found in a table ``notes``; its columns are declared none where nothing is said."""
    shop = project(folder, declared if declared is not None else dict.fromkeys(columns, NONE))
    ids, numbers, firsts, lasts, maidens = (list(each) for each in zip(*PEOPLE, strict=True))
    people = dict(
        zip(DECLARED, (ids, numbers, firsts, lasts, maidens, BIRTHS, ADDRESSES, ZIPS), strict=True)
    )
    write(folder / "csv" / "people.csv", people)
    write(folder / "csv" / "notes.csv", columns)
    return look_at_folder(folder / "csv", shop)


def kinds(findings: Sequence[ValueFinding]) -> set[str]:
    return {each.kind for each in findings}
