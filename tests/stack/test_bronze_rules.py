"""What each domain refuses to believe: every rule of a bronze model, on both sides of its border.

The SQL that was built is asked again, with planted rows in the place of the landing table, so
nothing is written. What is missing or of no type is tested with the macro.
"""

from __future__ import annotations

import re

import pytest

from mesh.build.manifest import Manifest, read_manifest
from mesh.build.nodes import Node
from mesh.build.run import run_folder
from mesh.core.settings import Lake
from mesh.lake.trino import query
from mesh.landing.files import BY_NAME, SourceFile
from tests.stack.published import Published

Row = dict[str, str | None]
Cases = list[tuple[Row, str | None]]

EARLY, LATE = "2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z"
DAY_BEFORE, DAY = "2019-12-31", "2020-01-01"
MOMENTS: Cases = [
    ({"start": LATE, "stop": EARLY}, "stop is before start"),
    ({"start": LATE, "stop": LATE}, None),
    ({"start": LATE, "stop": None}, None),
]
DAYS: Cases = [
    ({"start": DAY, "stop": DAY_BEFORE}, "stop is before start"),
    ({"start": DAY, "stop": DAY}, None),
    ({"start": DAY, "stop": None}, None),
]
NOTHING = {"payments": "0", "adjustments": "0", "outstanding": "0"}
CHARGE: Row = NOTHING | {
    "type": "CHARGE",
    "amount": "1",
    "transfers": None,
    "transfertype": "1",
    "transferoutid": None,
    "method": None,
}
IN: Row = CHARGE | {"type": "TRANSFERIN", "transfers": "1", "transferoutid": "1"}
OUT: Row = CHARGE | {"type": "TRANSFEROUT", "transfers": "1", "amount": None}
PAYMENT: Row = OUT | {"type": "PAYMENT", "transfers": None, "payments": "1", "method": "COPAY"}

PLANTED: dict[str, Cases] = {
    "patients": [
        ({"birthdate": DAY, "deathdate": DAY_BEFORE}, "deathdate is before birthdate"),
        ({"birthdate": DAY, "deathdate": DAY}, None),
        ({"birthdate": "2199-12-31", "deathdate": None}, "birthdate is after the landing"),
    ],
    "allergies": DAYS,
    "careplans": DAYS,
    "conditions": DAYS,
    "encounters": [
        *MOMENTS,
        ({"encounterclass": "spa"}, "encounterclass is not a known class"),
    ],
    "medications": [
        *MOMENTS,
        ({"dispenses": "-1"}, "dispenses is negative"),
        ({"dispenses": "0"}, None),
    ],
    "observations": [
        ({"type": "image"}, "type is neither numeric nor text"),
        ({"type": "numeric", "value": "tall"}, "value is not a finite number"),
        ({"type": "numeric", "value": "NaN"}, "value is not a finite number"),
        ({"type": "numeric", "value": "Infinity"}, "value is not a finite number"),
        ({"type": "numeric", "value": "-1.5e3"}, None),
        ({"type": "text", "value": "tall"}, None),
    ],
    "procedures": MOMENTS,
    "claims": [
        ({"status1": "OPEN"}, "status1 is not known"),
        ({"statusp": "OPEN"}, "statusp is not known"),
        ({"healthcareclaimtypeid1": "3"}, "healthcareclaimtypeid1 is not known"),
        (
            {"servicedate": LATE, "lastbilleddate1": EARLY},
            "lastbilleddate1 is before servicedate",
        ),
        ({"servicedate": LATE, "lastbilleddate1": LATE}, None),
        ({"outstanding1": "-0.01", "outstandingp": "1"}, "an outstanding amount is negative"),
        ({"outstanding1": "1", "outstandingp": "-0.01"}, "an outstanding amount is negative"),
        ({"outstanding1": "0", "outstandingp": "0"}, None),
    ],
    "claims_transactions": [
        (CHARGE, None),
        (IN, None),
        (OUT, None),
        (PAYMENT, None),
        (CHARGE | {"type": "GIFT"}, "type is not known"),
        (CHARGE | {"amount": None}, "amount is missing"),
        (IN | {"amount": None}, "amount is missing"),
        (IN | {"transfers": None}, "transfers is missing"),
        (OUT | {"transfers": None}, "transfers is missing"),
        (CHARGE | {"transfertype": None}, "transfertype is missing"),
        (IN | {"transfertype": None}, "transfertype is missing"),
        (CHARGE | {"transfertype": "3"}, "transfertype is not known"),
        (IN | {"transferoutid": None}, "transferoutid is missing"),
        (PAYMENT | {"method": None}, "method is missing"),
        (PAYMENT | {"method": "GOLD"}, "method is not known"),
        *(
            (CHARGE | {column: "-0.01"}, "an amount is negative")
            for column in ("amount", "payments", "adjustments", "transfers", "outstanding")
        ),
    ],
    "payers": [
        ({"ownership": "OTHER"}, "ownership is not known"),
        ({"qols_avg": "much"}, "qols_avg is not a valid number"),
        ({"qols_avg": None}, None),
    ],
    "payer_transitions": [
        ({"start_date": LATE, "end_date": EARLY}, "end_date is not after start_date"),
        ({"start_date": LATE, "end_date": LATE}, "end_date is not after start_date"),
        ({"start_date": EARLY, "end_date": LATE}, None),
        ({"plan_ownership": "Friend"}, "plan_ownership is not known"),
    ],
    "devices": MOMENTS,
    "supplies": [({"quantity": "-1"}, "quantity is negative"), ({"quantity": "0"}, None)],
}

RULE = re.compile(r"'([^'\n]+)'\s*:")


def bronze(manifest: Manifest) -> dict[str, Node]:
    """The bronze models by the stem of their file."""
    models = [model for model in manifest.models if model.layer == "bronze"]
    return {model.name.partition("__synthea_")[2]: model for model in models}


def rules_of(model: Node) -> set[str]:
    """The reasons that a model names itself."""
    _, _, after = model.raw_code.partition("rules={")
    return set(RULE.findall(after))


def literal(value: str | None) -> str:
    return "cast(null as varchar)" if value is None else f"'{value}'"


def planted(file: SourceFile, cases: Cases) -> str:
    """A landed row that passed, once for each case and changed as it says."""
    rows = []
    for number, (changes, _) in enumerate(cases):
        assert changes.keys() <= set(file.columns)
        cells = [
            f'{literal(changes[name])} as "{name}"' if name in changes else f'"{name}"'
            for name in file.columns
        ]
        technical = f"'planted' as _batch_id, _source_file, bigint '{number}' as _row_number"
        rows.append(f"select {', '.join(cells)}, {technical}, _loaded_at from one_row")
    return " union all ".join(rows)


def reasons(lake: Lake, sql: str, file: SourceFile, cases: Cases) -> list[list[str]]:
    """Why the built SQL of a bronze model rejects each case."""
    landing = f'"build"."{file.namespace}"."synthea_{file.stem}"'
    assert sql.count(landing) == 1
    first = f"(select * from lake.{file.table} order by _loaded_at desc, _row_number limit 1)"
    asked = sql.replace(landing, f"({planted(file, cases)})").replace('"build".', '"lake".')
    rows = query(
        lake,
        f"with one_row as {first} select _row_number, _rejection_reasons from ({asked}) order by 1",
    )
    return [list(found) for _, found in rows]


@pytest.mark.parametrize("stem", PLANTED)
def test_a_rule_of_a_domain_rejects_what_it_should_and_no_more(
    published: Published, stem: str
) -> None:
    manifest = read_manifest(run_folder(published.second.summary.run_id))
    cases = PLANTED[stem]
    sql = bronze(manifest)[stem].compiled_code or ""
    expected = [[reason] if reason else [] for _, reason in cases]
    assert reasons(published.lake, sql, BY_NAME[f"{stem}.csv"], cases) == expected


def test_every_rule_is_tried(published: Published) -> None:
    manifest = read_manifest(run_folder(published.second.summary.run_id))
    named = {stem: rules_of(model) for stem, model in bronze(manifest).items()}
    tried = {stem: {reason for _, reason in cases if reason} for stem, cases in PLANTED.items()}
    assert {stem: rules for stem, rules in named.items() if rules} == tried
