"""Values of every kind in columns that are declared harmless, and values that only look like it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mesh.cli.check import checks
from mesh.core.errors import InputError
from mesh.privacy.values.look import look_at_folder
from tests.unit.privacy.values import shops
from tests.unit.privacy.values.shops import MANY, ONE_IS_ENOUGH, PEOPLE, kinds, look

NOTHING = ["stable", "see plan", "n/a"]


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, vs in ONE_IS_ENOUGH.items() for v in vs])
def test_one_value_is_enough_for_what_proves_itself(tmp_path: Path, kind: str, value: str) -> None:
    found = look(tmp_path, {"remark": [*NOTHING * 30, value]})
    assert kind in kinds(found)
    [finding] = [each for each in found if each.kind == kind]
    assert (finding.code, finding.level, finding.cls) == ("PRIV020", "error", "direct")
    assert (finding.node, finding.column) == ("shop_landing.notes", "remark")


@pytest.mark.parametrize(("kind", "values"), MANY.items())
def test_a_column_of_values_is_found_that_one_would_not_prove(
    tmp_path: Path, kind: str, values: list[str]
) -> None:
    assert kind in kinds(look(tmp_path / "many", {"code": values}))
    alone = [*(f"item {number}" for number in range(30)), values[0]]
    assert kind not in kinds(look(tmp_path / "alone", {"code": alone}))


LOOK_ALIKES = {
    "order_number": ["ORD-2020-0001234", "112-3456789-1234567", "100-20-30000", "000-12-3456"],
    "version": ["1.12.0", "10.2.0.1", "2.0.0.3", "v1.2.3.4"],
    "timestamp": ["2016-05-06T01:39:58Z", "2018-05-18 00:38:00", "12:30:45", "2020-01-01"],
    "ndc": ["0002-8215-01", "50580-449-10", "00093-7146-56", "12345-6789-0"],
    "snomed": ["224299000", "706298007", "16335031000119103", "10509002"],
    "loinc": ["8302-2", "72166-2", "93035-4", "56799-0"],
    "price": ["16607.83", "858037.27", "0.00", "1,234,567.89"],
    "share": ["0.836378979710134", "0.978332362426", "0.1234567", "0.99999"],
    "uid": ["1.2.840.99999999.1.11223350.1526603880854", "1.2.840.10008.5.1.4.1.1.1.3"] * 2,
    "key": [f"7e7c20f3-3ddb-1e13-6039-61ff6dedc3{number:02d}" for number in range(4)],
    "town": ["Lawrence", "Quincy", "Boston", "Fort Worth"],
    "drug": ["24 HR Metformin hydrochloride 500 MG", "1 ML Epinephrine 1 MG/ML Injection"] * 2,
    "finding": ["Never smoked tobacco (finding)", "3 to 5 times a week", "6 Minute Walk", "No"],
    "system": ["http://snomed.info/sct", "http://loinc.org", "https://www.hl7.org/fhir"] * 1
    + ["SNOMED-CT"],
    "made_up": ["info@hospital.org", "name@example.org", "555-0100", "(617) 555-0123"],
    "hash": ["d41d8cd98f00b204e9800998ecf8427e", "0cc175b9c0f1b6a831c399e269772661"] * 2,
    "udi_like": ["(10)8437", "(21)48655", "S1234", "X12X"],
}


@pytest.mark.parametrize(("column", "values"), LOOK_ALIKES.items())
def test_what_only_looks_like_it_is_no_finding(
    tmp_path: Path, column: str, values: list[str]
) -> None:
    assert look(tmp_path, {column: values}) == []


def test_a_rare_value_in_a_mostly_empty_column_of_many_rows_is_seen(tmp_path: Path) -> None:
    rows = [""] * 60_000
    rows[41_234] = "reach me at rare@clinic.org"
    [finding] = look(tmp_path, {"row": [str(n) for n in range(len(rows))], "remark": rows})
    assert (finding.column, finding.kind, finding.share) == ("remark", "email", 1.0)
    rows = [f"note {number}" for number in range(60_000)]
    rows[59_999] = "rare@clinic.org"
    [finding] = look(tmp_path, {"remark": rows})
    assert (finding.kind, finding.share) == ("email", 1 / 60_000)
    assert "less than 1%" in finding.message


def test_dates_of_birth_are_told_from_other_dates_by_the_person_of_the_row(tmp_path: Path) -> None:
    people = [person[0] for person in PEOPLE]
    columns = {
        "who": people,
        "booked_on": shops.BIRTHS,
        "other_day": ["1931-04-06", "1999-01-01", "2001-01-01", "2002-02-02"],
    }
    declared = {"who": shops.DECLARED["id"], "booked_on": shops.NONE, "other_day": shops.NONE}
    found = look(tmp_path, columns, declared)
    assert [(each.column, each.kind, each.cls) for each in found] == [
        ("booked_on", "birth_date", "quasi")
    ]
    found = look(tmp_path, {"dob": ["1950-01-02", "04/05/1961", "19701231"]})
    assert kinds(found) == {"birth_date"}


def test_two_columns_beside_each_other_are_coordinates(tmp_path: Path) -> None:
    north, west = ["42.36011", "42.58648", "41.70521"], ["-71.05892", "-71.80521", "-70.87857"]
    found = look(tmp_path, {"a": north, "b": west, "c": ["1.5", "2", "3"]})
    assert [(each.column, each.kind) for each in found] == [
        ("a", "coordinates"),
        ("b", "coordinates"),
    ]
    assert look(tmp_path / "one", {"a": north, "b": ["x", "y", "z"]}) == []


def test_words_that_many_people_wrote_are_free_text(tmp_path: Path) -> None:
    written = [f"The {n}th visit went well and we agreed on number {n * 7}" for n in range(40)]
    assert kinds(look(tmp_path, {"remark": written})) == {"free_text"}
    listed = ["Encounter for a problem that the list of codes has a name for"] * 40
    assert look(tmp_path, {"remark": listed}) == []


def test_what_is_declared_as_much_or_more_is_fine(tmp_path: Path) -> None:
    mail = ["j.doe@hospital.org", "k.roe@hospital.org", "stable"]
    for word in ("direct", "DIRECT"):
        assert look(tmp_path, {"remark": mail}, {"remark": {"class": word}}) == []
    for word in ("quasi", "sensitive", "technical", "none", "no_such_class"):
        assert look(tmp_path, {"remark": mail}, {"remark": {"class": word}})
    [finding] = look(tmp_path, {"remark": mail}, {})
    assert "not declared" in finding.message


def test_free_text_may_hold_an_identifier_but_not_be_one(tmp_path: Path) -> None:
    declared = {"remark": {"class": "free_text"}}
    assert look(tmp_path, {"remark": [*NOTHING, "j.doe@hospital.org"]}, declared) == []
    assert look(tmp_path, {"remark": ["j.doe@hospital.org"] * 3}, declared)


def test_what_an_organization_has_is_nobodys(tmp_path: Path) -> None:
    columns = {"street": MANY["address"], "mail": ["ann.lee@hospital.org"] * 3}
    declared = {name: {"class": "none", "subject": "organization"} for name in columns}
    assert [each.column for each in look(tmp_path, columns, declared)] == ["mail"]


def test_a_waiver_excuses_one_column(tmp_path: Path) -> None:
    columns = {"a": ["j.doe@hospital.org"], "b": ["k.roe@hospital.org"]}
    (tmp_path / "governance").mkdir()
    (tmp_path / "governance" / "waivers.yml").write_text(
        "waivers: [{code: PRIV020, node: shop_landing.notes, column: a, owner: medical, "
        "reason: the sender stops it by then, until: 2999-12-31}]"
    )
    assert [each.column for each in look(tmp_path, columns)] == ["b"]


def test_no_finding_quotes_a_value(tmp_path: Path) -> None:
    values = [value for several in ONE_IS_ENOUGH.values() for value in several]
    found = look(tmp_path, {"remark": values})
    text = json.dumps([each.as_json() for each in found])
    assert len(found) >= 8
    assert not [value for value in values if value in text]
    assert {"kind", "share", "declared", "class", "hint"} <= set(found[0].as_json())


def test_no_finding_quotes_a_cell_of_a_first_line_that_is_a_row(tmp_path: Path) -> None:
    mail, number = "j.doe@hospital.org", "123-45-6789"
    for row in (["Marisol", number, "Hanson"], ["Marisol", "1988-02-29", "Hanson"]):
        path = tmp_path / row[1] / "people.csv"
        shops.write(path, {cell: [mail] for cell in row})
        found = look_at_folder(path.parent, tmp_path)
        assert {each.column for each in found} == {"column 1", "column 2", "column 3"}
    shops.write(tmp_path / "odd" / "leads.csv", {"mail": [mail], "m/f": [mail], "Ref No": [mail]})
    found = look_at_folder(tmp_path / "odd", tmp_path)
    assert [each.column for each in found] == ["column 2", "mail", "ref no"]


def test_the_command_says_by_its_exit_code_what_it_found(tmp_path: Path) -> None:
    shops.write(tmp_path / "bad" / "leads.csv", {"remark": ["j.doe@hospital.org"]})
    bad = CliRunner().invoke(
        checks, ["values", "--source", str(tmp_path / "bad"), "--format", "json"]
    )
    assert bad.exit_code == 1
    [finding] = json.loads(bad.stdout)
    assert (finding["node"], finding["column"], finding["kind"]) == ("leads", "remark", "email")
    shops.write(tmp_path / "good" / "leads.csv", {"remark": ["stable"]})
    good = CliRunner().invoke(checks, ["values", "--source", str(tmp_path / "good")])
    assert good.exit_code == 0
    with pytest.raises(InputError, match="there are no CSV files"):
        look_at_folder(tmp_path)


def test_a_file_that_is_cut_off_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("remark,state\nstable,Ohio\nsecret of Ann")
    with pytest.raises(InputError, match="the row has 1 field") as told:
        look_at_folder(tmp_path)
    assert told.value.where == f"{tmp_path / 'leads.csv'}:3"
    assert "Ann" not in "\n".join(told.value.lines())


def test_the_command_line_starts_without_the_detectors() -> None:
    code = "import sys, mesh.cli.check; print([m for m in sys.modules if m in ('phonenumbers', 'pyarrow', 'pyiceberg')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
