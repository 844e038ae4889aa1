"""Rows that fail a test are kept where the flags of the project say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh.privacy.analysis import Analysis
from mesh.privacy.policy import Policy
from mesh.privacy.project import DbtProject, stores_failures
from mesh.privacy.verdict import all_findings
from tests.unit.privacy import factory


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: shop", False),
        ("flags: {store_failures: false}", False),
        ("flags: {store_failures: true}", True),
        ("flags: {store_failures: \"{{ env_var('KEEP', 'no') }}\"}", True),
        ("flags:", False),
    ],
)
def test_the_flag_of_the_project_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, expected: bool
) -> None:
    monkeypatch.delenv("DBT_STORE_FAILURES", raising=False)
    (tmp_path / "dbt_project.yml").write_text(text)
    assert stores_failures(tmp_path) is expected
    monkeypatch.setenv("DBT_STORE_FAILURES", "true")
    assert stores_failures(tmp_path)


@pytest.mark.parametrize(
    ("flag", "config", "expected"),
    [
        (True, {}, ["PRIV012"]),
        (True, {"store_failures": None}, ["PRIV012"]),
        (True, {"store_failures": False}, []),
        (True, {"store_failures_as": "ephemeral"}, []),
        (False, {}, []),
        (False, {"store_failures": True}, ["PRIV012"]),
    ],
)
def test_a_test_that_says_nothing_follows_the_flag(
    flag: bool, config: dict[str, object], expected: list[str]
) -> None:
    node = factory.node(
        "t/people", "select ssn from {{ source('crm', 'people') }}", "test", **config
    )
    source = factory.source("crm", "people", {"ssn": {"class": "direct"}})
    project = DbtProject(factory.manifest([node], [source]), stores_failures=flag)
    assert [each.code for each in all_findings(Analysis(project), Policy())] == expected
