"""Where the rules let an attribute of people stand in an aggregate, its groups have to be large."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh.privacy.analysis import Analysis
from mesh.privacy.policy import read_policy
from mesh.privacy.project import DbtProject
from mesh.privacy.verdict import all_findings
from tests.unit.privacy import factory

RULES = """
published: [gold]
allow:
  - {in: [gold], classes: [sensitive, quasi], reason: words of a terminology beside figures}
"""
COLUMNS = {
    "person_id": {"class": "direct", "identifier": "medical_record_number", "subject": "patient"},
    "visit_id": {"class": "quasi", "identifier": "other_identifier", "subject": "patient"},
    "code": {"class": "sensitive", "subject": "patient"},
    "gender": {"class": "quasi", "subject": "patient"},
    "seen_on": {"class": "quasi", "identifier": "date", "subject": "patient"},
    "site": {"class": "none"},
}
FROM = "from {{ source('care', 'visits') }}"
PEOPLE = "count(distinct person_id)"
BARE = (
    f"select code, count(*) as n {FROM} group by code",
    f"select code as what, {PEOPLE} as n {FROM} group by 1",
    f"select gender, site, count_if(site = 'a') as n {FROM} group by gender, site",
    f"with a as (select code, count(*) as n {FROM} group by code) select * from a where n > 3",
    f"select code, count(*) as n {FROM} where site <> '11' group by code",
    f"select code as what, count(*) as n {FROM} group by code",
    f"select upper(code) as what, count(*) as n {FROM} group by upper(code)",
    f"select code, count(*) as n {FROM} where year(seen_on) >= 2020 group by code",
)
GUARDED = (
    f"select code, count(*) as n {FROM} group by code having {PEOPLE} >= 11",
    f"select code, if({PEOPLE} > 10, count(*)) as n {FROM} group by code",
    f"with a as (select code, {PEOPLE} as p, count(*) as n {FROM} group by code)"
    " select code, n from a where 11 <= p",
)
OTHER = (
    f"select site, count(*) as n {FROM} group by site",
    f"select seen_on, site, count(*) as n {FROM} group by seen_on, site",
    f"select code, max(site) as last_site {FROM} group by code",
    f"select visit_id, code, count(*) as n {FROM} group by visit_id, code",
)


def codes(tmp_path: Path, sql: str) -> list[str]:
    (tmp_path / "governance").mkdir()
    (tmp_path / "governance" / "privacy.yml").write_text(RULES)
    source = factory.source("care", "visits", COLUMNS)
    project = DbtProject(factory.manifest([factory.node("gold/agg", sql)], [source]))
    return [each.code for each in all_findings(Analysis(project), read_policy(tmp_path))]


@pytest.mark.parametrize("sql", BARE)
def test_a_count_by_an_attribute_of_people_is_refused(tmp_path: Path, sql: str) -> None:
    assert codes(tmp_path, sql) == ["PRIV021"]


@pytest.mark.parametrize("sql", [*GUARDED, *OTHER])
def test_large_groups_and_other_keys_are_fine(tmp_path: Path, sql: str) -> None:
    assert codes(tmp_path, sql) == []
