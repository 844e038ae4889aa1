"""OPA and Trino's rules say the same about everything; asked of a real OPA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mesh.access import opa
from mesh.access.decide import decide
from mesh.access.opa_engine import engine, evaluate
from mesh.access.policy import Policy
from mesh.access.simulate import Simulator, Table
from mesh.access.trino import compile_rules
from mesh.core.errors import ArtifactError
from mesh.core.paths import ROOT
from tests.unit.access.questions import questions

REGO = ROOT / opa.POLICY


@pytest.fixture(scope="module")
def program() -> Path:
    try:
        return engine()
    except ArtifactError as error:
        pytest.skip(f"no OPA to ask: {error.message}")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return decide().policy


@pytest.fixture(scope="module")
def simulator(policy: Policy) -> Simulator:
    return Simulator(compile_rules(policy))


def ask(program: Path, policy: Policy, rule: str, inputs: list[Any], **options: Any) -> list[Any]:
    """A rule's value for many inputs in one evaluation; None where it has none."""
    many = f"[v | some q in input; v := data.mesh.access.{rule} with input as q]"
    data = opa.compile_data(policy, **options)
    found = evaluate(many, inputs, data, [REGO], program)
    assert isinstance(found, list)
    return found


def test_both_give_the_same_answer_over_the_whole_matrix(
    program: Path, policy: Policy, simulator: Simulator
) -> None:
    asked = list(questions(policy, simulator))
    answers = ask(program, policy, "allow", [each.input() for each in asked])
    wrong = [(q, a) for q, a in zip(asked, answers, strict=True) if a is not q.expected]
    assert not wrong, wrong[:5]
    assert len(asked) > 20_000
    granted = [q for q in asked if q.expected and q.user != policy.service_account]
    assert len(granted) > 1_000


def test_masks_and_filters_are_the_same(
    program: Path, policy: Policy, simulator: Simulator
) -> None:
    context = {"softwareStack": {}}
    asked, inputs = [], []
    for grant in policy.grants:
        table = Table(policy.catalog, grant.schema, grant.table)
        names = {
            "catalogName": table.catalog,
            "schemaName": table.schema,
            "tableName": table.table,
        }
        asked.append((grant, table))
        resources = [{"column": {**names, "columnName": each}} for each in grant.columns]
        inputs.append(
            {
                "context": {**context, "identity": {"user": grant.role, "groups": []}},
                "action": {
                    "operation": "GetColumnMask",
                    "filterResources": resources,
                    "resource": {"table": names},
                },
            }
        )
    masks = ask(program, policy, "batch_column_masks", inputs)
    filters = ask(program, policy, "row_filters", inputs)
    masked = 0
    for (grant, table), found, rows in zip(asked, masks, filters, strict=True):
        by_name = {
            list(grant.columns)[each["index"]]: each["viewExpression"]["expression"]
            for each in found
        }
        expected = {
            name: simulator.treatment(grant.role, table, name).expression
            for name in grant.columns
            if simulator.treatment(grant.role, table, name).how == "masked"
        }
        masked += len(expected)
        assert by_name == expected, (grant.role, grant.name)
        keep = simulator.keep(grant.role, table)
        assert rows == ([{"expression": keep}] if keep else []), (grant.role, grant.name)
    assert masked > 100


def test_a_batch_keeps_what_would_be_allowed_one_by_one(program: Path, policy: Policy) -> None:
    identity = {"identity": {"user": "analyst", "groups": []}}
    table = {
        "catalogName": "lake",
        "schemaName": "patients_gold",
        "tableName": "dim_patients__profiles",
        "columns": ["patient_key", "age_band", "gender"],
    }
    columns = {"operation": "FilterColumns", "filterResources": [{"table": table}]}
    catalogs = {
        "operation": "FilterCatalogs",
        "filterResources": [{"catalog": {"name": n}} for n in ("dev", "lake", "build", "system")],
    }
    inputs = [{"context": identity, "action": action} for action in (columns, catalogs)]
    assert ask(program, policy, "batch", inputs) == [[1, 2], [1, 3]]


def test_groups_stand_for_roles_where_the_rules_say_so(program: Path, policy: Policy) -> None:
    def asked(user: str, groups: list[str]) -> dict[str, Any]:
        table = {
            "catalogName": "lake",
            "schemaName": "medical_gold",
            "tableName": "fct_medical__conditions",
            "columns": ["condition_code"],
        }
        return {
            "context": {"identity": {"user": user, "groups": groups}},
            "action": {"operation": "SelectFromColumns", "resource": {"table": table}},
        }

    inputs = [asked("somebody", ["clinician"]), asked("clinician", []), asked("x", ["analyst"])]
    assert ask(program, policy, "allow", inputs, identity="group") == [True, False, False]
    assert ask(program, policy, "allow", inputs) == [False, True, False]


def test_an_unknown_column_is_refused(program: Path, policy: Policy) -> None:
    """Stricter than Trino's rules, which cannot say "all others"."""
    table = {
        "catalogName": "lake",
        "schemaName": "patients_gold",
        "tableName": "dim_patients__profiles",
        "columns": ["added_since"],
    }
    asked = {
        "context": {"identity": {"user": "analyst", "groups": []}},
        "action": {"operation": "SelectFromColumns", "resource": {"table": table}},
    }
    assert ask(program, policy, "allow", [asked]) == [False]
