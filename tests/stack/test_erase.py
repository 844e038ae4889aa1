"""Erasing one person of a published lake, with obstacles, and nobody else."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mesh.build.run import Options, Scope, run
from mesh.core.errors import LakeError
from mesh.core.paths import state_dir
from mesh.core.settings import Lake
from mesh.erase import erasure, landing, plan
from mesh.erase.subject import Subject, find
from mesh.lake.branches import attach, branches, refresh_dev
from mesh.lake.catalogs import drop_catalog
from mesh.lake.clean import clean
from mesh.lake.lock import vacate
from mesh.lake.names import MAIN
from mesh.lake.nessie import Nessie
from mesh.lake.releases import releases
from mesh.lake.trino import query
from mesh.privacy.search import Searcher
from tests.stack.lake_parts import build, fresh_schema
from tests.stack.published import PATIENTS, Published

pytestmark = pytest.mark.last

NOTES = "notes-of-somebody"
PERSONS = {
    "patients_gold.dim_patients__profiles": "patient_key",
    "medical_gold.fct_medical__encounters": "patient_key",
    "medical_gold.fct_medical__observations": "patient_key",
    "medical_silver.silver_medical__conditions": "patient_key",
    "fintech_gold.fct_fintech__claims": "patient_key",
    "fintech_gold.fct_fintech__patient_accounts": "patient_key",
    "logistics_gold.fct_logistics__consumption": "patient_key",
    "analytics_gold.dim_analytics__patient_360": "patient_key",
    "medical_bronze.bronze_medical__synthea_encounters": "patient_id",
}


@pytest.fixture(scope="module")
def export(_two_releases: Published) -> Path:
    return _two_releases.files.folder


@pytest.fixture(scope="module")
def person(export: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The first patient of the export, with what only they have."""
    with (export / "patients.csv").open(newline="", encoding="utf-8") as file:
        return next(csv.DictReader(file))


@pytest.fixture(scope="module")
def copy(export: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export outside of what the mesh keeps, with one town changed, so it is a new batch."""
    folder = tmp_path_factory.mktemp("source") / "again"
    shutil.copytree(export, folder)
    path = folder / "patients.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:-1], lines[-1].replace(",Massachusetts,", ",Elsewhere,")]))
    assert path.read_text() != "".join(lines)
    return folder


def subject_of(person: dict[str, str]) -> Subject:
    return Subject(person["Id"])


def searcher(person: dict[str, str]) -> Searcher:
    own = {name: person[name] for name in ("Id", "SSN", "DRIVERS", "PASSPORT", "ADDRESS")}
    assert all(len(value) >= 8 for value in own.values())
    return Searcher({**own, **subject_of(person).pseudonyms})


def row_checksum(lake: Lake, table: str, column: str, names: str) -> object:
    columns = query(
        lake,
        "select column_name, data_type from information_schema.columns "
        f"where table_schema || '.' || table_name = '{table}' order by 1",
        "lake",
    )
    parts = ", ".join(
        f"json_format(cast({name} as json))"
        if "(" in kind and "array" in kind
        else f"cast({name} as varchar)"
        for name, kind in columns
        if name != "_loaded_at"
    )
    sql = f"select count(*), checksum(array[{parts}]) from {table} where {column} not in ({names})"
    return query(lake, sql, "lake")


@pytest.fixture(scope="module")
def obstacles(_two_releases: Published, person: dict[str, str]) -> Iterator[Lake]:
    """A kept branch with a dropped copy of the person's rows, and a branch of somebody's own."""
    lake = _two_releases.lake
    # Builds that other tests made fail are kept, some still in use by this process: they hold
    # everybody.
    for state in branches(lake):
        vacate(state.name)
    clean(lake, timedelta(0))
    schema = fresh_schema()
    copied = "create table copied as select * from build.patients_landing.synthea_patients"
    vacate(build(lake, schema, [copied, "drop table copied"]).name)
    refresh_dev(lake, force=True)
    with Nessie.of(lake) as nessie:
        nessie.create(NOTES, "BRANCH", nessie.get(MAIN).hash)
    yield lake
    with Nessie.of(lake) as nessie:
        if ref := nessie.find(NOTES):
            nessie.delete(ref)


def test_a_person_is_found_by_every_name_they_have(
    published: Published, person: dict[str, str]
) -> None:
    subject = find(published.lake, person["Id"])
    assert subject.identifier == person["Id"]
    for pseudonym in subject.pseudonyms.values():
        assert find(published.lake, pseudonym).identifier == person["Id"]
    with pytest.raises(LakeError, match="nobody is known"):
        find(published.lake, "nobody")


def test_erasing_a_person(
    published: Published,
    obstacles: Lake,
    person: dict[str, str],
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Planned, cut off, held up by a branch, done, proved, and not undone by the same files."""
    lake, subject = obstacles, subject_of(person)
    everybody = published.files.rows("patients")  # the erasure deletes the generated files
    names = ", ".join(f"'{each}'" for each in (subject.identifier, *subject.pseudonyms.values()))
    before = {table: row_checksum(lake, table, column, names) for table, column in PERSONS.items()}

    planned = plan.make(lake, subject)
    assert planned.landed["patients_landing.synthea_patients"] >= 1
    assert set(PERSONS) <= set(planned.modelled)
    assert NOTES in planned.holders
    assert list(searcher(person).folders([state_dir() / "data"])), "the search finds what is there"

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "sweep", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            erasure.erase(lake, person["Id"])

    held = erasure.erase(lake, person["Id"])
    assert not held.is_complete
    assert list(held.holders) == [NOTES]
    shown = attach(lake, NOTES)
    told = query(lake, "select count(*) from patients_landing.synthea_patients", shown)
    assert told[0][0] >= PATIENTS, "files that another branch needs stay"
    drop_catalog(lake, shown)
    with Nessie.of(lake) as nessie:
        nessie.delete(nessie.get(NOTES))

    done = erasure.erase(lake, person["Id"])
    assert done.hits == ()
    assert done.is_complete
    assert list(searcher(person).folders([state_dir()])) == []
    assert [release.live for release in releases(lake)] == [True]
    after = {table: row_checksum(lake, table, column, names) for table, column in PERSONS.items()}
    assert after == before, "everybody else is as they were"
    record = json.loads(next((state_dir() / "erasures").glob("*.json")).read_text())
    assert record["subject"] == subject.reference
    assert person["Id"] not in json.dumps(record)

    run(Options(source=copy, scope=Scope(select=("patients",)), site=False))
    assert landing.rows_of(lake, MAIN, person["Id"]) == {}
    assert list(searcher(person).folders([state_dir()])) == []
    [(patients,)] = query(lake, "select count(*) from patients_gold.dim_patients__profiles", "lake")
    assert patients == everybody - 1


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
