"""Models that bring the pseudonyms of domains together are found, whatever way they name them."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest

from mesh.access.links import linking
from mesh.access.source import read_source
from mesh.core.paths import ROOT
from mesh.privacy.project import DbtProject
from tests.unit.access.projects import PURPOSES, write
from tests.unit.privacy import factory

KEYS = "{{ ref('identity_patients__keys') }}"
CROSSWALK = "{{ ref('identity_patients__crosswalk') }}"
MODEL = "medical/silver/silver_medical__people"
VAULT = {"domain": {"class": "none"}, "key": {"class": "direct", "identifier": "secret"}}


def codes(root: Path, sql: str, models: tuple[str, ...] = (), name: str = MODEL) -> list[str]:
    purposes = deepcopy(PURPOSES)
    purposes["purposes"]["care"]["models"] = list(models)
    write(root, purposes=purposes)
    nodes = [
        factory.node(
            "patients/identity/identity_patients__keys",
            "select 'p' as patient_id, 'medical' as domain, 'k' as patient_key",
        ),
        factory.node(
            "patients/identity/identity_patients__crosswalk",
            f"select max(if(domain = 'medical', patient_key)) as a from {KEYS} group by patient_id",
        ),
        factory.node("patients/silver/people", "select 'p' as patient_id"),
        factory.node(name, sql),
    ]
    source = factory.source("patients_vault", "pseudonym_keys", VAULT)
    project = DbtProject(factory.manifest(nodes, [source]))
    return [each.code for each in linking(project, read_source(root))]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (f"select * from {CROSSWALK}", ["A106"]),
        ("select * from {{ ref('mesh', 'identity_patients__crosswalk') }}", ["A106"]),
        ("{% set name = 'crosswalk' %}select * from {{ ref('identity_patients__' ~ name) }}", ["A106"]),
        ("select * from lake.analytics.identity_patients__crosswalk", ["A106"]),
        (f"select * from {KEYS}", ["A108"]),
        (f"select * from {KEYS} where domain = 'fintech'", ["A108"]),
        (f"select * from {KEYS} where domain = 'medical' or patient_id is not null", ["A108"]),
        (f"select * from {KEYS} where domain in ('medical', 'fintech')", ["A108"]),
        (f"select * from {KEYS} where domain <> 'medical'", ["A108"]),
        (f"select * from {KEYS} as k (domain, patient_id, patient_key) where domain = 'medical'", ["A108"]),
        (
            f"select a.patient_key as x, b.patient_key as y from {KEYS} as a join {KEYS} as b "
            "on a.patient_id = b.patient_id where a.domain = 'medical' and b.domain = 'fintech'",
            ["A108"],
        ),
        (
            f"select b.patient_key from {KEYS} as a right join {KEYS} as b "
            "on b.domain = 'medical' where a.domain = 'medical'",
            ["A108"],
        ),
        (
            "select {{ pseudonym('patient_id', 'medical') }} as a, "
            "{{ pseudonym('patient_id', 'fintech') }} as b from {{ ref('people') }}",
            ["A108"],
        ),
        ("select key from {{ source('patients_vault', 'pseudonym_keys') }}", ["A108"]),
    ],
)  # fmt: skip
def test_keys_of_other_domains_are_found(tmp_path: Path, sql: str, expected: list[str]) -> None:
    assert codes(tmp_path, sql) == expected
    assert codes(tmp_path, sql, models=("silver_medical__people",)) == []


@pytest.mark.parametrize(
    "sql",
    [
        f"with keys as (select patient_key from {KEYS} where domain = 'medical') select * from keys",
        f"select * from {KEYS} as k where k.domain = 'medical' and (patient_id > 'a' or true)",
        "select k.patient_key from {{ ref('people') }} as p "
        f"left join {KEYS} as k on k.patient_id = p.patient_id and k.domain = 'medical'",
        "select {{ pseudonym('patient_id', 'medical') }} as a from {{ ref('people') }}",
        "select * from {{ ref('people') }}",
        "select 'identity_patients__crosswalk' as word from {{ ref('people') }}",
    ],
)  # fmt: skip
def test_a_model_may_read_the_keys_of_its_own_domain(tmp_path: Path, sql: str) -> None:
    assert codes(tmp_path, sql) == []


def test_keys_that_only_a_hook_reads_are_found(tmp_path: Path) -> None:
    """dbt knows of them by its own parsing; no query shows that they are restricted."""
    sql = f"select 1 as a{{# {KEYS} #}}"
    assert codes(tmp_path, sql) == ["A108"]


def test_the_models_of_this_mesh_keep_to_their_domain() -> None:
    from mesh.privacy.project import load

    assert linking(load(ROOT), read_source(ROOT)) == []
