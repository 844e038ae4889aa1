"""The list of kinds against what the pinned generator can record."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from zipfile import ZipFile

from mesh.core.paths import ROOT
from mesh.stack import artifacts

LIST = ROOT / "seeds" / "medical" / "reference_medical__condition_kinds.csv"
TELLS = re.compile(r"\(([a-z ]+)\)$")


def test_every_condition_of_the_generator_has_one_kind() -> None:
    """Its name says the kind or the list does; where both do, they agree."""
    with LIST.open(encoding="utf-8", newline="") as file:
        listed = {row["condition_code"]: row["condition_kind"] for row in csv.DictReader(file)}
    kinds: dict[str, set[str | None]] = {}
    for code, name in _conditions():
        said = TELLS.search(name)
        kinds.setdefault(code, set()).add(said[1] if said else listed.get(code))
    assert {code: found for code, found in kinds.items() if len(found) > 1 or None in found} == {}
    assert listed.keys() <= kinds.keys()


def _conditions() -> Iterator[tuple[str, str]]:
    """Code and name of every condition that a module of the generator can begin."""
    for jar in artifacts.classpath("synthea"):
        with ZipFile(jar) as archive:
            for file in archive.namelist():
                if file.startswith("modules/") and file.endswith(".json"):
                    states = json.loads(archive.read(file)).get("states", {})
                    for state in states.values():
                        if state["type"] == "ConditionOnset":
                            yield from ((str(c["code"]), c["display"]) for c in state["codes"])
