"""Values of landed tables: every column of an export is labelled, and a changed one is refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from shutil import copytree

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from mesh.build.run import Options, run
from mesh.cli.check import checks
from mesh.core.errors import Findings, InputError
from mesh.landing.files import FILES
from mesh.landing.synthea import generate
from mesh.privacy.classes import Class
from mesh.privacy.values.declared import SourceTable, source_tables
from mesh.privacy.values.identity import Identity, identity_of
from mesh.privacy.values.look import look_at_folder, look_at_lake, profiles_of
from mesh.privacy.values.profile import Profile
from mesh.privacy.values.reading import in_folder
from mesh.privacy.values.verdict import findings_of, kinds_of
from tests.stack.batches import Row, rewrite
from tests.stack.lake_parts import head
from tests.stack.published import PATIENTS, SEED, Published
from tests.unit.privacy.values import shops

ABOUT_PATIENTS = [
    "allergies",
    "careplans",
    "conditions",
    "devices",
    "encounters",
    "imaging_studies",
    "immunizations",
    "medications",
    "observations",
    "payer_transitions",
    "procedures",
    "supplies",
]

LABELS: dict[str, set[str]] = {
    **{f"{stem}.patient": {"patient_id"} for stem in ABOUT_PATIENTS},
    "claims.patientid": {"patient_id"},
    "claims_transactions.patientid": {"patient_id"},
    "claims_transactions.patientinsuranceid": {"patient_id"},
    "devices.udi": {"device"},
    "observations.value": {"patient_address"},
    "organizations.address": {"address"},
    "organizations.zip": {"zip"},
    "organizations.lat": {"coordinates"},
    "organizations.lon": {"coordinates"},
    "organizations.phone": {"phone_digits"},
    "patients.id": {"patient_id"},
    "patients.birthdate": {"birth_date"},
    "patients.ssn": {"ssn"},
    "patients.drivers": {"licence"},
    "patients.passport": {"passport"},
    "patients.first": {"name_part"},
    "patients.middle": {"name_part"},
    "patients.last": {"name_part"},
    "patients.maiden": {"name_part"},
    "patients.address": {"patient_address"},
    "patients.fips": {"zip"},
    "patients.zip": {"zip"},
    "patients.lat": {"coordinates"},
    "patients.lon": {"coordinates"},
    "payer_transitions.owner_name": {"name"},
    "providers.name": {"name_shape"},
    "providers.address": {"address"},
    "providers.zip": {"zip"},
    "providers.lat": {"coordinates"},
    "providers.lon": {"coordinates"},
}
"""What the values of each column are, of the kinds that values show; all other columns have none.

Money, codes and days of care, gender, race and towns are personal by what they mean, which no value
shows; claims number their insured by the patient's identifier. The organizations' phones stand there
as ten digits. Payers of this generator have no addresses.
"""


def seen_in(folder: Path) -> dict[str, dict[str, Class]]:
    """The kinds of every column of an export, each with its class."""
    located = in_folder(folder, source_tables())
    profiles = profiles_of(located)
    return {
        f"{each.table.name.partition('.synthea_')[2]}.{column}": {
            one.kind.name: one.kind.cls for one in kinds
        }
        for each in located
        for column, kinds in kinds_of(profiles[each.table.name]).items()
    }


def test_every_labelled_column_of_an_export_is_recognised_and_no_other() -> None:
    """Recall 1.0 by class and kind over all columns of the files, precision 1.0 by column."""
    seen = seen_in(generate(PATIENTS, SEED))
    columns = {f"{file.stem}.{column}" for file in FILES for column in file.columns}
    assert set(seen) == columns
    assert set(LABELS) <= columns
    assert {name for name, kinds in LABELS.items() if not kinds <= set(seen[name])} == set()
    assert {name for name, kinds in seen.items() if kinds} == set(LABELS)


def test_the_declarations_cover_what_the_values_show() -> None:
    assert look_at_folder(generate(PATIENTS, SEED)) == []
    declared = {
        f"{file.stem}.{name}": one.cls
        for file in FILES
        for name, one in source_tables()[file.table].columns.items()
    }
    assert {name for name in LABELS if declared[name] is Class.NONE} == {
        f"organizations.{column}" for column in ("address", "zip", "lat", "lon")
    }


HARMLESS = {Class.NONE, Class.TECHNICAL, Class.SENSITIVE}


def test_a_planted_value_is_found_in_every_column_that_is_declared_harmless() -> None:
    """Recall by column: one value of a kind that proves itself, then a column of any other kind."""
    folder = generate(PATIENTS, SEED)
    located = in_folder(folder, source_tables())
    people = next(each for each in located if each.table.holds_people())
    known = identity_of(people.table, people.whole())
    someone = next(rows_of(folder / "patients.csv"))
    one = {kind: values[0] for kind, values in shops.ONE_IS_ENOUGH.items()} | {
        "patient_id": someone["Id"],
        "name": f"{someone['FIRST']} {someone['LAST']}",
        "patient_address": someone["ADDRESS"],
    }
    many = shops.MANY | {
        "name_part": [row["FIRST"] for row in rows_of(folder / "patients.csv")],
        "zip": [row["ZIP"] for row in rows_of(folder / "patients.csv")],
    }
    tried, missed = 0, []
    for each in located:
        rows = pa.Table.from_batches(each.rows())
        for column, declared in each.table.columns.items():
            if declared.cls not in HARMLESS or declared.subject == "organization":
                continue
            if column not in rows.column_names:
                continue
            values = rows[column].to_pylist()
            for kind, value in one.items():
                place = len(values) * 2 // 3
                planted = [*values[:place], value, *values[place + 1 :]]
                missed += [] if turned(each.table, column, planted, known) else [(column, kind)]
                tried += 1
            for kind, several in many.items():
                whole = [several[n % len(several)] for n in range(len(values))]
                missed += [] if turned(each.table, column, whole, known) else [(column, kind)]
                tried += 1
    assert tried > 3_000
    assert missed == []


def turned(table: SourceTable, column: str, values: Sequence[str | None], known: Identity) -> bool:
    """Whether the column is found when it has these values."""
    profile = Profile(known)
    profile.add(pa.record_batch([pa.array(values, pa.string())], names=[column]))
    return any(each.column == column for each in findings_of(table, profile))


def rows_of(path: Path) -> Iterator[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


@pytest.mark.parametrize(
    ("file", "place", "change"),
    [
        (
            "claims.csv",
            "fintech_landing.synthea_claims.statusp",
            lambda n, row: row | {"STATUSP": f"ask clerk{n}@billing-office.net"} if n == 9 else row,
        ),
        (
            "observations.csv",
            "medical_landing.synthea_observations.units",
            lambda n, row: row | {"UNITS": f"987-65-{n % 9000 + 1000}"},
        ),
    ],
)
def test_a_batch_with_a_column_that_turned_personal_is_refused_before_anything_is_built(
    published: Published, tmp_path: Path, file: str, place: str, change: Callable[[int, Row], Row]
) -> None:
    source = tmp_path / "later"
    copytree(published.files.folder, source)
    rewrite(source / file, change)
    lake, before = published.lake, head(published.lake)

    with pytest.raises(Findings) as caught:
        run(Options(source=source))

    assert head(lake) == before
    assert place in caught.value.message
    assert "declare {class: direct" in (caught.value.hint or "")
    assert "billing-office" not in str(caught.value)


def test_a_new_column_is_refused_by_the_landing(published: Published, tmp_path: Path) -> None:
    """What nobody declared cannot come in as a column; the same look names what it holds."""
    source = tmp_path / "wider"
    copytree(published.files.folder, source)
    path = source / "payers.csv"
    header, *rows = path.read_text().splitlines()
    wider = [f"{header},CONTACT", *(f"{row},a{n}@payer.com" for n, row in enumerate(rows))]
    path.write_text("\n".join(wider) + "\n")
    before = head(published.lake)
    with pytest.raises(InputError, match="unknown CONTACT"):
        run(Options(source=source))
    assert head(published.lake) == before
    [finding] = look_at_folder(source)
    assert (finding.column, finding.as_json()["kind"]) == ("contact", "email")
    assert "not declared" in finding.message


def test_what_is_published_can_be_looked_at_by_branch_and_release(published: Published) -> None:
    for ref in ("main", published.first.release):
        done = CliRunner().invoke(checks, ["values", "--branch", ref, "--format", "json"])
        assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    assert look_at_lake(published.lake, "main") == []
