"""Each kind of drift between contract, model YAML, SQL and real table is caught by its code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from mesh.contracts.drift import drift
from mesh.contracts.finding import Finding, errors
from mesh.contracts.live import live_drift, real_tables
from mesh.contracts.project import open_project
from mesh.contracts.sql_columns import Output, output_columns
from mesh.contracts.trino_types import parse_type
from tests.unit.contracts.made import base, column, model, project
from tests.unit.contracts.made import tests_of as wanted_tests_of

Raw = dict[str, Any]


def _column(raw: Raw, name: str) -> Raw:
    found: Raw = raw["columns"][name]
    return found


def _rename(raw: Raw, old: str, new: str) -> None:
    raw["raw_code"] = raw["raw_code"].replace(old, new)


def _reorder(raw: Raw) -> None:
    raw["columns"] = dict(reversed(raw["columns"].items()))


MODEL: dict[str, tuple[Callable[[Raw], object], str, str]] = {
    "column missing in YAML": (lambda m: m["columns"].pop("payer_kind"), "C503", "payer_kind"),
    "column only in YAML": (
        lambda m: m["columns"].update(x={"name": "x", "data_type": "bigint"}), "C504", "x",
    ),
    "type differs": (
        lambda m: _column(m, "charge_amount").update(data_type="decimal(18, 3)"),
        "C505", "charge_amount",
    ),
    "type is missing": (
        lambda m: _column(m, "claim_id").update(data_type=None), "C505", "claim_id",
    ),
    "constraint missing": (
        lambda m: _column(m, "claim_id").update(constraints=[]), "C506", "claim_id",
    ),
    "constraint too much": (
        lambda m: _column(m, "payer_kind").update(constraints=[{"type": "not_null"}]),
        "C506", "payer_kind",
    ),
    "column described otherwise": (
        lambda m: _column(m, "claim_id").update(description="x"), "C507", "claim_id",
    ),
    "contract not enforced": (
        lambda m: m["config"].update(contract={"enforced": False}), "C510", "fct_fintech__claims",
    ),
    "columns in another order": (_reorder, "C511", "claim_id"),
    "an end that the contract lacks": (
        lambda m: m.update(deprecation_date="2027-06-30T00:00:00+00:00"),
        "C512", "deprecation_date",
    ),
    "another version in meta": (
        lambda m: m["config"].update(meta={"contract": {"version": "9.0.0"}}), "C513", "version",
    ),
    "another table": (lambda m: m.update(alias="elsewhere"), "C514", "fintech_gold"),
    "model described otherwise": (
        lambda m: m.update(description="One row."), "C516", "fct_fintech__claims",
    ),
    "column missing in SQL": (lambda m: _rename(m, " payer_kind,", ""), "C521", "payer_kind"),
    "column renamed in SQL": (
        lambda m: _rename(m, " payer_kind,", " payer_kind as kind,"), "C522", "kind",
    ),
    "type differs in SQL": (
        lambda m: _rename(m, "decimal(18, 2)", "decimal(18, 4)"), "C523", "charge_amount",
    ),
}  # fmt: skip


def _codes(findings: Sequence[Finding]) -> set[str]:
    return {each.code for each in findings}


def test_a_project_that_agrees_has_no_drift(tmp_path: Path) -> None:
    assert list(drift(project(tmp_path))) == []


@pytest.mark.parametrize("name", MODEL)
def test_drift_of_the_model_is_caught_by_name(tmp_path: Path, name: str) -> None:
    change, code, element = MODEL[name]
    made = model()
    change(made)
    found = list(drift(project(tmp_path, nodes=[made, *wanted_tests_of(made["unique_id"])])))
    hit = next(each for each in found if each.code == code)
    assert element in hit.element
    assert hit.file == "contracts/fintech/claims.odcs.yaml"
    assert hit.line > 0
    assert hit.hint
    extra = {"C521"} if name == "column renamed in SQL" else set()
    assert _codes(found) == {code} | extra


def test_a_rule_without_its_test_is_caught(tmp_path: Path) -> None:
    made = model()
    tests = wanted_tests_of(made["unique_id"])
    for missing in range(4):
        rest = [test for i, test in enumerate(tests) if i != missing]
        [hit] = drift(project(tmp_path, nodes=[made, *rest]))
        assert hit.code == "C508"
        assert hit.line > 0


def test_a_test_of_other_values_is_caught(tmp_path: Path) -> None:
    made = model()
    tests = wanted_tests_of(made["unique_id"])
    tests[1]["test_metadata"]["kwargs"]["values"] = ["government"]
    [hit] = drift(project(tmp_path, nodes=[made, *tests]))
    assert (hit.code, hit.element) == ("C509", "payer_kind")


def test_a_test_that_only_warns_is_caught(tmp_path: Path) -> None:
    made = model()
    tests = wanted_tests_of(made["unique_id"])
    tests[1]["config"]["severity"] = "WARN"
    [hit] = drift(project(tmp_path, nodes=[made, *tests]))
    assert hit.code == "C509"


def test_more_tests_than_the_contract_asks_for_are_welcome(tmp_path: Path) -> None:
    made = model()
    more = wanted_tests_of(made["unique_id"])[0] | {
        "unique_id": "test.mesh.more",
        "column_name": "x",
    }
    found = drift(project(tmp_path, nodes=[made, *wanted_tests_of(made["unique_id"]), more]))
    assert list(found) == []


def test_a_gold_model_without_a_contract_is_caught(tmp_path: Path) -> None:
    [hit] = drift(project(tmp_path, contracts=[]))
    assert (hit.code, hit.element) == ("C501", "fct_fintech__claims")
    assert "contracts/fintech/claims.odcs.yaml" in hit.expected


def test_two_contracts_of_one_model_are_caught_however_they_spell_its_table(tmp_path: Path) -> None:
    other = base(lambda r: r.update(name="other", id="other"))
    other["schema"][0]["physicalName"] = "lake.fintech_gold.fct_fintech__claims"
    hits = [each for each in drift(project(tmp_path, [base(), other])) if each.code == "C320"]
    assert [each.file for each in hits] == ["contracts/fintech/other.odcs.yaml"]
    assert "claims.odcs.yaml" in hits[0].found


def test_a_contract_without_a_model_is_caught(tmp_path: Path) -> None:
    [hit] = drift(project(tmp_path, nodes=[]))
    assert hit.code == "C502"


def test_a_contract_of_a_version_that_is_not_built_is_caught(tmp_path: Path) -> None:
    second = base(lambda r: r.update(version="2.0.0", id="fintech.claims.v2"))
    second["schema"][0]["physicalName"] = "fintech_gold.fct_fintech__claims_v2"
    first = model(version=1, unique_id="model.mesh.fct_fintech__claims.v1")
    found = list(
        drift(project(tmp_path, [base(), second], [first, *wanted_tests_of(first["unique_id"])]))
    )
    assert [(each.code, each.file) for each in found] == [
        ("C502", "contracts/fintech/claims.v2.odcs.yaml")
    ]


def test_a_projection_that_cannot_be_read_is_only_a_warning(tmp_path: Path) -> None:
    made = model(raw_code="select * from somewhere")
    found = list(drift(project(tmp_path, nodes=[made, *wanted_tests_of(made["unique_id"])])))
    assert [(each.code, each.severity) for each in found] == [("C524", "warning")]


@pytest.mark.parametrize(
    ("given", "wanted", "codes"),
    [
        ("varchar(10)", "varchar(20)", ["C523"]),
        ("varchar", "varchar(20)", ["C523"]),
        ("varchar(20)", "varchar(20)", []),
        ("varchar(10)", "varchar", []),
    ],
)
def test_the_length_of_a_text_is_compared_where_the_contract_names_one(
    tmp_path: Path, given: str, wanted: str, codes: list[str]
) -> None:
    raw = base(lambda r: column(r, "payer_kind").update(physicalType=wanted))
    made = model()
    made["columns"]["payer_kind"]["data_type"] = wanted
    _rename(made, " payer_kind,", f" cast(kind as {given}) as payer_kind,")
    nodes = [made, *wanted_tests_of(made["unique_id"])]
    assert [each.code for each in drift(project(tmp_path, [raw], nodes))] == codes


SQL = {
    "select a, b as c from t": ("a", "c"),
    "select cast(a as bigint) as a from t": (("a", "bigint"),),
    "with x as (select 1 as a, cast(b as date) as b from t) select * from x": ("a", ("b", "date")),
    "with x as (select a from t), y as (select b from u) select x.*, y.b from x join y on true": (
        "a", "b",
    ),
    "select count(*) as n, a > 1 as is_big from t group by 2": (
        ("n", "bigint"), ("is_big", "boolean"),
    ),
    "select coalesce(cast(a as varchar), cast(b as varchar)) as a from t": (("a", "varchar"),),
    "select if(a, cast(1 as bigint), null) as a from t": (("a", "bigint"),),
    "select cast(a as date) as a from t union all select b from u": ("a",),
    "with x (p, q) as (select a, b from t) select q, p from x": ("q", "p"),
    "select s.a from (select cast(1 as double) as a) as s": (("a", "double"),),
    "select cast(r as row(x bigint, y array(varchar))) as r from t": (
        ("r", "row(x bigint, y array(varchar))"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("sql", SQL)
def test_columns_are_read_from_sql(tmp_path: Path, sql: str) -> None:
    made = project(tmp_path, nodes=[model(raw_code=sql)])
    [node] = made.gold
    wanted = tuple(
        Output(each) if isinstance(each, str) else Output(each[0], parse_type(each[1]))
        for each in SQL[sql]
    )
    found = output_columns(made.manifest, node)
    assert found is not None
    assert tuple(Output(o.name, o.type) for o in found) == wanted


@pytest.mark.parametrize("sql", ["select * from t", "select x.* from x", "select from where"])
def test_what_the_text_does_not_tell_is_none(tmp_path: Path, sql: str) -> None:
    made = project(tmp_path, nodes=[model(raw_code=sql)])
    [node] = made.gold
    assert output_columns(made.manifest, node) is None


class Recorded:
    """A cursor that gives recorded rows of the information schema."""

    def __init__(self, rows: list[tuple[str, ...]]) -> None:
        self.rows = rows
        self.asked = ""

    def execute(self, operation: str) -> None:
        self.asked = operation

    def fetchall(self) -> list[tuple[str, ...]]:
        return self.rows


REAL = [
    ("fintech_gold", "fct_fintech__claims", "claim_id", "varchar", "NO"),
    ("fintech_gold", "fct_fintech__claims", "payer_kind", "varchar", "YES"),
    ("fintech_gold", "fct_fintech__claims", "charge_amount", "decimal(18,2)", "NO"),
    ("fintech_gold", "fct_fintech__claims", "_loaded_at", "timestamp(6) with time zone", "NO"),
]


def _real(change: Callable[[list[list[str]]], object]) -> list[tuple[str, ...]]:
    rows = [list(row) for row in REAL]
    change(rows)
    return [tuple(row) for row in rows]


LIVE: dict[str, tuple[Callable[[list[list[str]]], object], str, str]] = {
    "column gone": (lambda r: r.pop(1), "C532", "payer_kind"),
    "column more": (lambda r: r.append([*r[0][:2], "x", "bigint", "YES"]), "C533", "x"),
    "other type": (lambda r: r[2].__setitem__(3, "decimal(18,4)"), "C534", "charge_amount"),
    "nullable": (lambda r: r[0].__setitem__(4, "YES"), "C535", "claim_id"),
    "not nullable": (lambda r: r[1].__setitem__(4, "NO"), "C535", "payer_kind"),
    "other order": (lambda r: r.insert(1, r.pop(2)), "C536", "payer_kind"),
}


def test_a_real_table_that_agrees_has_no_drift(tmp_path: Path) -> None:
    cursor = Recorded(REAL)
    assert list(live_drift(project(tmp_path), cursor, "lake")) == []
    assert '"lake".information_schema.columns' in cursor.asked
    assert "'fintech_gold'" in cursor.asked


@pytest.mark.parametrize("name", LIVE)
def test_drift_of_the_real_table_is_caught_by_name(tmp_path: Path, name: str) -> None:
    change, code, element = LIVE[name]
    [hit] = live_drift(project(tmp_path), Recorded(_real(change)), "lake")
    assert (hit.code, hit.element) == (code, element)
    assert hit.line > 0


def test_a_table_that_is_not_there_is_caught(tmp_path: Path) -> None:
    [hit] = live_drift(project(tmp_path), Recorded([]), "lake")
    assert hit.code == "C531"


def test_a_catalog_without_any_of_them_is_one_finding(tmp_path: Path) -> None:
    other = base(
        lambda r: (r.update(name="payers"), r["schema"][0].update(physicalName="fintech_gold.p"))
    )
    [hit] = live_drift(project(tmp_path, [base(), other]), Recorded([]), "lake")
    assert (hit.code, "none of the 2 tables" in hit.found) == ("C531", True)


def test_names_cannot_break_out_of_the_statement() -> None:
    cursor = Recorded([])
    real_tables(cursor, 'la"ke', {"o'brien"})
    assert '"la""ke".information_schema' in cursor.asked
    assert "'o''brien'" in cursor.asked


def test_a_type_that_iceberg_lacks_is_explained(tmp_path: Path) -> None:
    change = base(lambda r: column(r, "claim_id").update(physicalType="varchar(10)"))
    [hit] = errors(list(live_drift(project(tmp_path, [change]), Recorded(REAL), "lake")))
    assert "Iceberg" in hit.hint


def test_our_products_agree_with_their_models() -> None:
    made = open_project()
    assert [finding.lines() for finding in drift(made)] == []
    assert len(made.gold) == len(made.contracts) >= 34


def test_each_table_of_a_contract_is_held_against_its_own_model(tmp_path: Path) -> None:
    def second(raw: Raw) -> None:
        table = deepcopy(raw["schema"][0])
        raw["schema"].append({**table, "name": "fct_fintech__bills", "physicalName": "s.bills"})

    other = model(unique_id="model.mesh.fct_fintech__bills", name="fct_fintech__bills")
    other.update(alias="bills", schema="s", columns={})
    nodes = [model(), *wanted_tests_of(model()["unique_id"]), other]
    made = project(tmp_path, [base(second)], nodes)
    found = list(drift(made))
    assert [each.code for each in found].count("C503") == 4
    line, _ = made.contracts[0].place(made.contracts[0].tables[1].path)
    assert all(each.line >= line for each in found)
    [hit] = drift(project(tmp_path, [base(second)], nodes[:-1]))
    assert (hit.code, hit.element, hit.line >= line) == ("C502", "fct_fintech__bills", True)
