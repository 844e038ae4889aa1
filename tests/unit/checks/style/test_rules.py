"""A project that breaks every rule, and this tree, which breaks none."""

import shutil

import pytest

from mesh.build.manifest import read_manifest
from mesh.build.parse import parse, tree_manifest
from mesh.checks.style import RULES
from mesh.core.paths import ROOT

BROKEN = ROOT / "tests" / "fixtures" / "broken_mesh"

EXPECTED = {
    "D101": {"synthea_claims", "silver_medical__claims"},
    "D102": {"synthea_claims.id", "bronze_fintech__synthea_claims.claim_id"},
    "D103": {
        "bronze_fintech__synthea_claims_foreign",
        "claims.line_count",
        "claims.payer_count",
        "claims.payer_key",
        "silver_fintech__payers.payer_id",
    },
    "D104": {"dim_patients__people"},
    "D105": {"label", "label.column", "iceberg_table", "iceberg_table.partitioned_by"},
    "D106": {
        "bronze_fintech__synthea_claims",
        "bronze_fintech__synthea_claims_foreign",
        "silver_medical__claims",
    },
    "I601": {"claims"},
    "L301": {"fintech", "silver_fintech__payers"},
    "L302": {"claims", "silver_medical__claims"},
    "L303": {
        "dim_patients__people",
        "dim_patients__people.patient_key",
        "dim_patients__people.birth_date",
    },
    "L304": {"silver_medical__claims"},
    "L305": {"bronze_fintech__synthea_claims", "bronze_fintech__synthea_claims_foreign"},
    "L306": {"synthea_claims", "silver_medical__claims"},
    "L307": {"dim_patients__people"},
    "N201": {"claims"},
    "N202": {"claims"},
    "N203": {"it_works", "claims_are_positive"},
    "N204": {"synthea_claims"},
    "N205": {"label"},
    "P501": {"silver_medical__claims.patient_id"},
    "P502": {"dim_patients__people.birth_date"},
    "P503": {"synthea_claims.id"},
    "T401": {"claims"},
    "T402": {"dim_patients__people"},
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    folder = tmp_path_factory.mktemp("broken") / "project"
    shutil.copytree(BROKEN, folder)
    shutil.copy(ROOT / "profiles.yml", folder)
    shutil.copy(ROOT / "macros" / "naming" / "generate_schema_name.sql", folder / "macros")
    parse(folder, folder / "target")
    found: dict[str, set[str]] = {}
    for finding in RULES.findings(read_manifest(folder / "target")):
        assert (folder / finding.path).exists(), finding
        assert finding.message
        assert finding.hint
        assert finding.severity == "error"
        name = f"{finding.node}.{finding.column}" if finding.column else finding.node
        found.setdefault(finding.code, set()).add(name)
    return found


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_the_rule_fails_where_it_must(broken: dict[str, set[str]], code: str) -> None:
    assert broken.get(code, set()) >= EXPECTED[code]


def test_no_rule_finds_more_than_there_is(broken: dict[str, set[str]]) -> None:
    exact = {"D103", "D104", "D106", "I601", "L301", "L304", "L305", "N201", "N205", "P502"}
    assert {code: broken[code] for code in exact} == {code: EXPECTED[code] for code in exact}


def test_this_tree_breaks_none() -> None:
    assert RULES.findings(tree_manifest()) == []


def test_rules_can_be_narrowed() -> None:
    rules = {rule.code for rule in RULES}
    assert {code for code in rules if code.startswith("D")} == {
        "D101", "D102", "D103", "D104", "D105", "D106"
    }  # fmt: skip
