"""Key totals of the products against the same totals taken from the CSV files without dbt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import csv

from mesh.core.paths import ROOT
from mesh.lake.trino import query
from tests.stack.csv_truth import Files
from tests.stack.published import Published

Truth = Callable[[Files], int | Decimal]

COUNTS = {
    "patients_gold.dim_patients__profiles": "patients",
    "medical_gold.fct_medical__allergies": "allergies",
    "medical_gold.fct_medical__care_plans": "careplans",
    "medical_gold.fct_medical__conditions": "conditions",
    "medical_gold.fct_medical__encounters": "encounters",
    "medical_gold.fct_medical__immunizations": "immunizations",
    "medical_gold.fct_medical__prescriptions": "medications",
    "medical_gold.fct_medical__procedures": "procedures",
    "medical_gold.dim_medical__providers": "providers",
    "fintech_gold.fct_fintech__claims": "claims",
    "fintech_gold.dim_fintech__payers": "payers",
    "fintech_gold.fct_fintech__coverage_periods": "payer_transitions",
    "logistics_gold.dim_logistics__sites": "organizations",
    "analytics_gold.dim_analytics__patient_360": "patients",
}

TOTALS: dict[str, tuple[str, Truth]] = {
    "charges": (
        "select sum(charge_amount) from fintech_gold.fct_fintech__claims",
        lambda files: files.total("claims_transactions", "AMOUNT", TYPE="CHARGE"),
    ),
    "payments": (
        "select sum(payment_amount) from fintech_gold.fct_fintech__payments",
        lambda files: files.total("claims_transactions", "PAYMENTS", TYPE="PAYMENT"),
    ),
    "payments as allocated": (
        "select sum(allocated_amount) from fintech_gold.fct_fintech__payment_allocations",
        lambda files: files.total("claims_transactions", "PAYMENTS", TYPE="PAYMENT"),
    ),
    "amounts passed on to the next debtor": (
        "select sum(transferred_amount) from fintech_gold.fct_fintech__claims",
        lambda files: files.total("claims_transactions", "TRANSFERS", TYPE="TRANSFEROUT"),
    ),
    "charges on the accounts of patients": (
        "select sum(charge_amount) from fintech_gold.agg_fintech__patient_balances",
        lambda files: files.total("claims_transactions", "AMOUNT", TYPE="CHARGE"),
    ),
    "charges seen from all sides": (
        "select sum(charge_amount) from analytics_gold.dim_analytics__patient_360",
        lambda files: files.total("claims_transactions", "AMOUNT", TYPE="CHARGE"),
    ),
    "charges in the statements": (
        "select sum(charge_amount) from fintech_gold.agg_fintech__monthly_statement",
        lambda files: files.total("claims_transactions", "AMOUNT", TYPE="CHARGE"),
    ),
    "payments in the statements": (
        "select sum(payment_amount) from fintech_gold.agg_fintech__monthly_statement",
        lambda files: files.total("claims_transactions", "PAYMENTS", TYPE="PAYMENT"),
    ),
    "supplies used": (
        """select sum(quantity) from logistics_gold.fct_logistics__consumption
        where item_type = 'supply'""",
        lambda files: files.total("supplies", "QUANTITY"),
    ),
    "devices used": (
        """select sum(quantity) from logistics_gold.fct_logistics__consumption
        where item_type = 'device'""",
        lambda files: files.rows("devices"),
    ),
    "drugs dispensed": (
        "select sum(dispense_count) from medical_gold.fct_medical__prescriptions",
        lambda files: files.total("medications", "DISPENSES"),
    ),
    "seconds of encounters": (
        """select sum(date_diff('second', started_at, stopped_at))
        from medical_gold.fct_medical__encounters""",
        lambda files: files.seconds("encounters", "START", "STOP"),
    ),
    "heights in centimetres": (
        """select cast(sum(cast(numeric_value as decimal(18, 2))) as decimal(38, 2))
        from medical_gold.fct_medical__observations where observation_code = '8302-2'""",
        lambda files: files.total("observations", "VALUE", CODE="8302-2"),
    ),
    "patients with a condition": (
        "select count(distinct patient_key) from medical_gold.fct_medical__conditions",
        lambda files: files.distinct("conditions", "PATIENT"),
    ),
    "patients with a claim": (
        "select count(distinct patient_key) from fintech_gold.fct_fintech__claims",
        lambda files: files.distinct("claims", "PATIENTID"),
    ),
    "imaging studies": (
        "select count(distinct imaging_study_id) from medical_gold.fct_medical__imaging_studies",
        lambda files: files.distinct("imaging_studies", "Id"),
    ),
    "encounters of the sites": (
        "select sum(encounter_count) from analytics_silver.silver_analytics__site_months",
        lambda files: files.rows("encounters"),
    ),
    "charges of the sites": (
        "select sum(charge_amount) from analytics_silver.silver_analytics__site_months",
        lambda files: files.total("claims_transactions", "AMOUNT", TYPE="CHARGE"),
    ),
}


@pytest.mark.parametrize(("table", "file"), COUNTS.items())
def test_a_product_has_as_many_rows_as_its_file(
    published: Published, table: str, file: str
) -> None:
    """Every row of the file is there, once, although it came in two batches."""
    [(found,)] = query(published.lake, f"select count(*) from {table}", "lake")
    assert found == published.files.rows(file) > 0


def test_observations_are_those_of_the_file_but_for_scores_that_tell_age_or_birthday(
    published: Published,
) -> None:
    """QALY and DALY are held back, and QOLS of the year that is not over yet."""
    rows = published.files.read("observations").select(["CODE", "DATE"]).to_pylist()
    year = published.second.summary.as_of_date[:4]
    kept = [
        row
        for row in rows
        if row["CODE"] not in ("QALY", "DALY") and (row["CODE"] != "QOLS" or row["DATE"] < year)
    ]
    scores = sum(row["CODE"] == "QOLS" for row in kept)
    sql = """select count(*), count_if(observation_code in ('QALY', 'DALY')),
        count_if(observation_code = 'QOLS'),
        count_if(observation_code = 'QOLS' and observed_at = date_trunc('year', observed_at))
        from medical_gold.fct_medical__observations"""
    [found] = query(published.lake, sql, "lake")
    assert tuple(found) == (len(kept), 0, scores, scores)
    assert 0 < scores < len(kept) < len(rows)


@pytest.mark.parametrize("name", TOTALS)
def test_a_total_is_what_the_files_say(published: Published, name: str) -> None:
    """The sum over the product is the sum over the files, to the cent."""
    sql, truth = TOTALS[name]
    [(found,)] = query(published.lake, sql, "lake")
    assert found == truth(published.files) > 0


@pytest.mark.parametrize(
    "sql",
    [
        "select sum(outstanding_amount) from fintech_gold.fct_fintech__claims",
        "select sum(outstanding_amount) from fintech_gold.agg_fintech__outstanding_credit",
        """select sum(amount) from (
            select max_by(closing_receivable_amount, statement_month) as amount
            from fintech_gold.agg_fintech__monthly_statement group by payer_kind
        )""",
        """select sum(amount) from (
            select max_by(account_balance_amount, entry_number) as amount
            from fintech_gold.fct_fintech__patient_accounts group by patient_key
        )""",
    ],
)
def test_what_is_owed_is_what_the_files_leave_open(published: Published, sql: str) -> None:
    """Charged less paid less waived. The generator has every bill paid, so this is nothing."""
    entries = {
        kind: published.files.total("claims_transactions", column, TYPE=kind)
        for kind, column in (
            ("CHARGE", "AMOUNT"),
            ("PAYMENT", "PAYMENTS"),
            ("ADJUSTMENT", "ADJUSTMENTS"),
        )
    }
    left = entries["CHARGE"] - entries["PAYMENT"] - entries["ADJUSTMENT"]
    [(found,)] = query(published.lake, sql, "lake")
    assert found == left


def test_a_patient_has_the_disorders_of_the_files(published: Published) -> None:
    """As many patients have as many different diseases and injuries as the files and the list say."""
    found = query(
        published.lake,
        """select disorder_count, count(*) from analytics_gold.dim_analytics__patient_360
        where disorder_count > 0 group by disorder_count""",
        "lake",
    )
    assert dict(found) == _patients_by_disorders(published.files)


def _patients_by_disorders(files: Files) -> dict[int, int]:
    """Number of patients by how many different disorders they ever had, from 1."""
    listed = csv.read_csv(
        ROOT / "seeds" / "medical" / "reference_medical__condition_kinds.csv",
        convert_options=csv.ConvertOptions(column_types={"condition_code": pa.string()}),
    )
    read = listed.filter(pc.equal(listed["condition_kind"], "disorder"))["condition_code"]
    conditions = files.read("conditions")
    name, code = conditions["DESCRIPTION"], conditions["CODE"]
    said = pc.match_substring_regex(name, r"\([a-z ]+\)$")
    tells = pc.match_substring_regex(name, r"\((disorder|morphologic abnormality)\)$")
    is_disorder = pc.or_(tells, pc.and_not(pc.is_in(code, value_set=read), said))
    disorders = conditions.filter(is_disorder)
    patients = disorders.group_by("PATIENT").aggregate([("CODE", "count_distinct")])
    return dict(Counter(patients["CODE_count_distinct"].to_pylist()))
