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

ONE_IS_ENOUGH = {
    "ssn": ["123-45-6789", "as told: 999-38-3642.", "900112233"],
    "email": ["j.doe@hospital.org", "write to Ann_Lee+x@mail.co.uk, please"],
    "phone": ["(617) 253-0000", "call 617-253-0000 today", "+44 20 7946 0018", "617.253.0000"],
    "patient_id": [PEOPLE[0][0]],
    "name": ["Ottoline Brightwater", "Brightwater, Ottoline", "seen by ottoline vane today"],
    "patient_address": ["17 Harbour Rise"],
    "coordinate_pair": ["42.36011, -71.05892", "at 42.36011;-71.05892"],
    "card": ["4111 1111 1111 1111", "paid 5500-0000-0000-0004"],
    "device": ["(01)85147643836926(11)160415(17)410430(10)8437(21)48655"],
    "licence": ["S99972594"],
    "passport": ["X7211403X"],
}
"""Values by kind, of which one in a column is enough."""

MANY = {
    "phone_digits": ["6172530000", "7817692950", "5086793131", "6178939901", "5087615650"],
    "name_part": ["Ottoline", "Marisol", "Wilhelmina", "Tarn"],
    "name_shape": ["Ted955 Reilly981", "Shasta644 King743", "Ms. Karla801 Cummerata161"],
    "address": ["881 Main Street", "800 WASHINGTON ST", "959 Lehner Rapid Suite 77"],
    "url": ["https://forum.org/u/ann", "www.ann-lee.net/cv", "http://pages.net/~bob"],
    "ip": ["192.168.17.4", "203.0.113.77", "2001:db8::8a2e:370:7334"],
    "card_digits": ["4111111111111111", "5500000000000004", "378282246310005"],
    "npi": ["1234567893", "1245319599", "1679576722", "1003000126", "1992708929"],
    "vin": ["1M8GDM9AXKP042788", "1HGCM82633A004352", "5YJSA1E27HF000337"],
    "zip": ["02139", "01420", "02062", "01742"],
}
"""Values by kind, of which a column has to have many."""


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
    found = look_at_folder(folder / "csv", shop)
    return [each for each in found if isinstance(each, ValueFinding)]


def kinds(findings: Sequence[ValueFinding]) -> set[str]:
    return {each.kind for each in findings}
