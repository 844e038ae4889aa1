"""Lineage for others, with classes and without."""

from pathlib import Path

from mesh.privacy.analysis import Analysis
from mesh.privacy.cache import Store
from mesh.privacy.columns.parts import ColumnRef
from mesh.privacy.lineage import analyse
from mesh.privacy.project import DbtProject
from tests.unit.privacy import factory

SOURCE = factory.source("crm", "people", {"id": None, "email": None, "region": None})
STAGING = factory.node(
    "staging/stg", "select id, lower(email) as mail, region from {{ source('crm', 'people') }}"
)
MART = factory.node(
    "marts/mart",
    "with s as (select * from {{ ref('stg') }})\n"
    "select region, max(mail) as last_mail, count(*) as n from s where id > 0 group by region",
)
CLASSIFIED = factory.source(
    "crm", "people", {"id": None, "email": {"class": "direct"}, "region": {"class": "none"}}
)


def project(*nodes: factory.Raw, source: factory.Raw = SOURCE) -> DbtProject:
    return DbtProject(factory.manifest(nodes, [source]))


def of(node: str, column: str) -> ColumnRef:
    kind = "source.shop.crm" if node == "people" else "model.shop"
    return ColumnRef(f"{kind}.{node}", column)


def test_columns_are_followed_without_any_class() -> None:
    lineage = analyse(project(STAGING, MART))
    assert lineage.columns[of("mart", "last_mail")].direct == {of("stg", "mail")}
    assert lineage.columns[of("mart", "n")].direct == frozenset()
    assert lineage.rows["model.shop.mart"] == {of("stg", "id"), of("stg", "region")}
    assert lineage.problems == {}


def test_the_way_is_followed_over_any_number_of_nodes() -> None:
    lineage = analyse(project(STAGING, MART))
    assert lineage.upstream(of("mart", "last_mail")) == {of("stg", "mail"), of("people", "email")}
    assert lineage.downstream(of("people", "email")) == {of("stg", "mail"), of("mart", "last_mail")}
    assert lineage.downstream(of("people", "id")) == {of("stg", "id")}


def test_classes_and_the_path_are_given_where_they_are_declared() -> None:
    lineage = analyse(project(STAGING, MART, source=CLASSIFIED))
    assert lineage.columns[of("mart", "last_mail")].classes == {
        "direct": frozenset({of("people", "email")})
    }
    assert lineage.path(of("mart", "last_mail"), of("people", "email")) == (
        "crm.people.email [direct] (models/staging/_crm.yml)",
        "stg.mail <- LOWER(email) [direct] (models/staging/stg.sql:1)",
        "mart.last_mail <- MAX(mail) [direct] (models/marts/mart.sql:2)",
    )
    assert lineage.path(of("mart", "n"), of("people", "email")) == ()


def kept(path: Path, *nodes: factory.Raw, source: factory.Raw = CLASSIFIED) -> Analysis:
    whole = project(*nodes, source=source)
    analysis = Analysis(whole, store=Store(whole, 11, path))
    analysis.run()
    return analysis


def walked(analysis: Analysis) -> set[str]:
    """Nodes that were rendered; one that was kept has no text."""
    return {name.split(".")[-1] for name, result in analysis.results.items() if result.texts}


def test_only_what_changed_is_walked_again(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    first = kept(path, STAGING, MART)
    again = kept(path, STAGING, MART)
    assert (walked(first), walked(again)) == ({"stg", "mart"}, set())
    ref = of("mart", "last_mail")
    assert dict(again.taints(ref)) == dict(first.taints(ref)) != {}
    changed = {**MART, "raw_code": MART["raw_code"] + " having count(*) > 1"}
    assert walked(kept(path, STAGING, changed)) == {"mart"}


def test_what_reads_a_changed_column_is_walked_again(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    kept(path, STAGING, MART)
    assert walked(kept(path, STAGING, MART, source=SOURCE)) == {"stg", "mart"}


def test_a_broken_file_costs_time_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    kept(path, STAGING, MART)
    whole = path.read_text()
    for text in ("", "no\n{}", whole[:-5], whole.replace("last_mail", "first_mail")):
        path.write_text(text)
        assert walked(kept(path, STAGING, MART)) == {"stg", "mart"}
