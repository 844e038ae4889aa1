"""What YAML around the queries shows, keeps or says: sources, fixtures, settings, packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mesh.privacy.analysis import Analysis
from mesh.privacy.elementary import kept_by
from mesh.privacy.policy import Policy
from mesh.privacy.project import DbtProject
from mesh.privacy.verdict import all_findings
from mesh.privacy.yaml_settings import with_those_of_yaml
from tests.unit.privacy import factory
from tests.unit.privacy.factory import Raw

PEOPLE = {
    "ssn": {"class": "direct", "identifier": "ssn"},
    "salary": {"class": "sensitive"},
    "diagnosis": {"class": "sensitive"},
    "seen_on": {"class": "quasi", "identifier": "date"},
    "region": {"class": "none"},
    "loaded_at": {"class": "technical"},
}
ON_PROD = "{{ target.name == 'prod' }}"


def people(**more: Any) -> Raw:
    return {**factory.source("crm", "people", PEOPLE), **more}


def found(nodes: list[Raw], sources: list[Raw] | None = None, **more: Any) -> list[tuple[str, str]]:
    raw = {**factory.manifest(nodes, sources or [people()]), **more}
    project = DbtProject(raw, targets=("dev", "prod"))
    return [(each.code, each.column) for each in all_findings(Analysis(project), Policy())]


def twin(cls: str) -> Raw:
    columns = {**PEOPLE, "ssn": {"class": cls}}
    return {**factory.source("old", "persons", columns), "schema": "crm", "identifier": "people"}


@pytest.mark.parametrize("read", ["source('crm', 'people')", "source('old', 'persons')"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_table_that_two_sources_declare_is_what_the_stricter_one_says(
    read: str, turned: bool
) -> None:
    sources = [people(), twin("none")]
    published = factory.node("marts/published", f"select ssn, region from {{{{ {read} }}}}")
    assert found([published], sources[::-1] if turned else sources) == [("PRIV003", "ssn")]


def test_a_table_that_two_sources_declare_alike_is_read_by_both() -> None:
    nodes = [
        factory.node(f"marts/{name}", f"select region from {{{{ source({name!r}, {table!r}) }}}}")
        for name, table in (("crm", "people"), ("old", "persons"))
    ]
    assert found(nodes, [people(), twin("direct")]) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"loaded_at_field": "seen_on"}, ["PRIV014"]),
        ({"loaded_at_field": "from_iso8601_date(ssn)"}, ["PRIV014"]),
        ({"loaded_at_query": "select max(ssn) from lake.crm.people"}, ["PRIV014"]),
        ({"loaded_at_field": "cast(loaded_at as timestamp)"}, []),
        ({"loaded_at_query": "select max(loaded_at) from {{ source('crm', 'people') }}"}, []),
        ({"loaded_at_field": None, "loaded_at_query": None}, []),
    ],
)
def test_freshness_shows_when_the_newest_row_came(said: Raw, expected: list[str]) -> None:
    assert [code for code, _ in found([], [people(**said)])] == expected


def unit_test(given: Raw) -> Raw:
    test = {
        "unique_id": "unit_test.shop.stg.rows",
        "name": "rows",
        "package_name": "shop",
        "original_file_path": "models/_unit.yml",
        "given": [given],
        "expect": {"rows": []},
    }
    return {test["unique_id"]: test}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("select ssn, region from lake.crm.people limit 5", ["PRIV014"]),
        ("select ssn from lake.raw.persons", ["PRIV006"]),
        ("select region from lake.crm.people", []),
        ("select 1 as id, 'north' as region union all select 2, null", []),
    ],
)
def test_rows_of_a_unit_test_are_no_rows_of_people(rows: str, expected: list[str]) -> None:
    tests = unit_test({"input": "ref('stg')", "format": "sql", "rows": rows})
    assert [code for code, _ in found([], unit_tests=tests)] == expected


def generic(name: str, namespace: str | None, **kwargs: Any) -> Raw:
    arguments = {"model": "{{ get_where_subquery(source('crm', 'people')) }}", **kwargs}
    test = factory.node(f"t/{name}", "select 1 as one", "test")
    metadata = {"name": name, "namespace": namespace, "kwargs": arguments}
    return {**test, "test_metadata": metadata}


@pytest.mark.parametrize(
    ("name", "kwargs", "expected"),
    [
        ("dimension_anomalies", {"dimensions": ["diagnosis"]}, ["PRIV012"]),
        ("dimension_anomalies", {"arguments": {"dimensions": ["diagnosis"]}}, ["PRIV012"]),
        ("dimension_anomalies", {"dimensions": ["region"]}, []),
        (
            "column_anomalies",
            {"column_name": "salary", "column_anomalies": ["max", "null_count"]},
            ["PRIV012"],
        ),
        ("column_anomalies", {"column_name": "salary", "column_anomalies": ["null_count"]}, []),
        ("column_anomalies", {"column_name": "salary"}, ["PRIV012", "PRIV012"]),
        ("column_anomalies", {"column_name": "region"}, []),
        (
            "column_anomalies",
            {"column_name": "region", "column_anomalies": ["max"], "dimensions": ["diagnosis"]},
            ["PRIV012"],
        ),
        ("all_columns_anomalies", {"column_anomalies": ["min"]}, ["PRIV012"] * 4),
        ("all_columns_anomalies", {"column_anomalies": ["null_count", "max_length"]}, []),
        ("volume_anomalies", {"dimensions": ["diagnosis"]}, ["PRIV012"]),
        (
            "collect_metrics",
            {"metrics": [{"name": "x", "type": "max", "columns": ["salary"]}]},
            ["PRIV012"],
        ),
        (
            "collect_metrics",
            {"metrics": [{"name": "x", "type": "average", "columns": ["salary"]}]},
            [],
        ),
        ("collect_metrics", {"metrics": [{"type": "row_count"}], "dimensions": ["region"]}, []),
        ("volume_anomalies", {}, []),
    ],
)
def test_monitors_keep_values_in_tables_of_their_own(
    name: str, kwargs: Raw, expected: list[str]
) -> None:
    assert [code for code, _ in found([generic(name, "elementary", **kwargs)])] == expected


@pytest.mark.parametrize(
    ("said", "more", "expected"),
    [
        (None, {}, ["region", "salary", "ssn"]),
        ("varchar", {}, ["region", "salary"]),
        ("varchar", {"exclude_prefix": "SAL"}, ["region"]),
        ("bigint", {"exclude_regexp": "(salary|region)"}, ["ssn"]),
        ("varchar(11)", {"exclude_regexp": "("}, ["region", "salary"]),
    ],
)
def test_monitors_that_nobody_names_are_those_of_numbers(
    said: str | None, more: Raw, expected: list[str]
) -> None:
    tested = {"columns": {"SSN": {"name": "SSN", "data_type": said}}}
    test = generic("all_columns_anomalies", "elementary", **more)
    query = kept_by(test, tested, ["region", "salary", "ssn"])
    assert [each for each in ("region", "salary", "ssn") if f"max({each})" in query] == expected


@pytest.mark.parametrize(
    ("variables", "meta", "expected"),
    [
        ({}, {}, [("PRIV012", "ssn")]),
        ({"test_sample_row_count": 3}, {}, [("PRIV012", "ssn")]),
        ({"test_sample_row_count": 0}, {}, []),
        ({"elementary": {"test_sample_row_count": 0}}, {}, []),
        (
            {"test_sample_row_count": 0},
            {"elementary": {"test_sample_row_count": 5}},
            [("PRIV012", "ssn")],
        ),
        ({}, {"test_sample_row_count": 0}, []),
    ],
)
def test_rows_that_a_package_keeps_of_every_failing_test(
    variables: Raw, meta: Raw, expected: list[tuple[str, str]]
) -> None:
    text = "select ssn from {{ source('crm', 'people') }} where ssn is null"
    test = factory.node("t/people", text, "test", meta=meta)
    macro = factory.macro("handle", "{% macro handle() %}{% endmacro %}", "elementary")
    assert found([test]) == []
    raw = factory.manifest([test], [people()], [macro])
    analysis = Analysis(DbtProject(raw, variables=variables))
    assert [(e.code, e.column) for e in all_findings(analysis, Policy())] == expected


def test_an_argument_of_a_test_holds_no_value_of_a_person() -> None:
    mails = generic("accepted_values", None, column_name="ssn", values=["jane.doe@gmail.com"])
    words = generic("accepted_values", None, column_name="region", values=["north", "south"])
    assert found([mails]) == [("PRIV013", "")]
    assert found([words]) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"description": "For example 536-22-8713."}, [("PRIV013", "ssn")]),
        ({"meta": {"example": "jane.doe@gmail.com"}}, [("PRIV013", "ssn")]),
        ({"description": "Nine digits, 000-00-0000."}, []),
    ],
)
def test_the_words_for_a_column_hold_no_value(said: Raw, expected: list[tuple[str, str]]) -> None:
    model = factory.node("staging/people", "select ssn from {{ source('crm', 'people') }}")
    model["columns"] = {"ssn": {**factory.column("ssn", None), **said}}
    assert found([model]) == expected


def test_whom_to_ask_about_a_table_is_no_value_of_it() -> None:
    model = factory.node("staging/people", "select ssn from {{ source('crm', 'people') }}")
    assert found([{**model, "description": "Ask jane.doe@acme.com."}]) == []
    assert found([{**model, "description": "Ask 536-22-8713."}]) == [("PRIV013", "")]


def test_settings_that_only_the_project_file_decides() -> None:
    schema = {"schema": "{{ 'gold' if target.name == 'prod' else 'scratch' }}"}
    node = factory.node("staging/people", "select ssn from {{ source('crm', 'people') }}")
    assert found([node]) == []
    assert found([{**node, "unrendered_config": schema}]) == [("PRIV003", "ssn")]
    kept = {"store_failures": ON_PROD}
    test = factory.node("t/people", "select ssn from {{ source('crm', 'people') }}", "test")
    assert found([test]) == []
    assert found([{**test, "unrendered_config": kept}]) == [("PRIV012", "ssn")]


def test_settings_that_only_yaml_beside_the_models_decides(tmp_path: Path) -> None:
    models = [{"name": "people", "config": {"enabled": ON_PROD}}, {"name": "other"}]
    (tmp_path / "_models.yml").write_text(yaml.safe_dump({"models": models}))
    node = factory.node("marts/people", "select ssn from {{ source('crm', 'people') }}")
    node = {**node, "patch_path": "shop://_models.yml"}
    disabled = {node["unique_id"]: [node]}
    assert found([], disabled=disabled) == []
    raw = {**factory.manifest([], [people()]), "disabled": disabled}
    told = with_those_of_yaml(raw, tmp_path)
    assert found([], disabled=told["disabled"]) == [("PRIV003", "ssn")]
    (tmp_path / "_models.yml").write_text("models: [")
    assert with_those_of_yaml(raw, tmp_path) is raw


def stored(kind: str, tested: str, column: str | None, **arguments: str) -> dict[str, Any]:
    node = factory.node(f"t/{kind}", "select ssn from {{ source('crm', 'people') }}", "test")
    node["config"] |= {"store_failures": False, "store_failures_as": "ephemeral"}
    told = {"name": kind, "kwargs": arguments, "namespace": None}
    named = {"file_key_name": tested, "column_name": column, "test_metadata": told}
    return {**node, **named, "original_file_path": "models/_people.yml"}


@pytest.mark.parametrize(
    ("kind", "tested", "column"),
    [
        ("unique", "models.people", "ssn"),
        ("kept", "models.people", None),
        ("not_null", "models.people", "ssn"),
        ("accepted_values", "sources.crm", "ssn"),
    ],
)
def test_tests_that_keep_rows_by_jinja_in_yaml(
    tmp_path: Path, kind: str, tested: str, column: str | None
) -> None:
    kept = {"config": {"store_failures": ON_PROD}}
    as_view = {"store_failures_as": "{{ 'view' if target.name == 'prod' else 'ephemeral' }}"}
    columns = [{"name": "SSN", "data_tests": ["unique_too", {"dbt.unique": kept}]}]
    named = {"name": "x", "test_name": "not_null", "column_name": "ssn", **kept}
    people = {"name": "people", "columns": columns, "tests": [{"kept": kept}, named]}
    table = {
        "name": "people",
        "columns": [{"name": "ssn", "tests": [{"accepted_values": as_view}]}],
    }
    file = tmp_path / "models" / "_people.yml"
    file.parent.mkdir()
    entries = {"models": [people], "sources": [{"name": "crm", "tables": [table]}]}
    file.write_text(yaml.safe_dump(entries))
    for node, wanted in (
        (stored(kind, tested, column), [("PRIV012", "ssn")]),
        (stored(kind, "models.other", column), []),
        (stored("relationships", tested, column), []),
    ):
        told = with_those_of_yaml(factory.manifest([node], []), tmp_path)
        assert found(told["nodes"].values()) == wanted


PEOPLE_MODEL = {
    "name": "people",
    "model": "ref('people')",
    "defaults": {"agg_time_dimension": "loaded"},
    "entities": [{"name": "person", "expr": "ssn"}],
    "dimensions": [
        {"name": "region"},
        {"name": "illness", "expr": "diagnosis"},
        {"name": "seen", "expr": "seen_on"},
        {"name": "loaded", "expr": "loaded_at"},
    ],
    "measures": [
        {"name": "pay", "agg": "sum", "expr": "salary"},
        {"name": "most", "agg": "max", "expr": "salary"},
        {"name": "middle", "agg": "median", "expr": "salary"},
        {"name": "people", "agg": "count_distinct", "expr": "ssn"},
    ],
}


@pytest.mark.parametrize(
    ("metrics", "group_by", "where", "expected"),
    [
        (["people"], ["Dimension('person__region')"], "", []),
        (["people"], ["Entity('person')"], "", ["key_0"]),
        (["people"], ["Dimension('person__illness')"], "", ["key_0"]),
        (["people"], ["person__region", "person__illness"], "", ["key_1"]),
        (["people"], ["TimeDimension('person__seen', 'month')"], "", ["key_0"]),
        (["people"], ["TimeDimension('person__seen', 'year')"], "", []),
        (["people"], ["person__seen__year", "TimeDimension('metric_time', 'day')"], "", []),
        (["pay"], [], "", []),
        (["pay"], [], "{{ Dimension('person__illness') }} = 'flu'", []),
        (["pay"], [], "{{ Entity('person') }} = 'x'", ["pay"]),
        (["pay"], ["Dimension('person__region')"], "", ["pay"]),
        (["pay"], ["Dimension('product__colour')"], "", ["pay"]),
        (["most"], [], "", ["most"]),
        (["middle"], [], "{{ Dimension('product__colour') }} = 'red'", ["middle"]),
    ],
)
def test_what_saved_queries_write(
    metrics: list[str], group_by: list[str], where: str, expected: list[str]
) -> None:
    filters = {"where_filters": [{"where_sql_template": where}]} if where else None
    saved = {
        "name": "everybody",
        "unique_id": "saved_query.shop.everybody",
        "package_name": factory.PROJECT,
        "original_file_path": "models/_people.yml",
        "query_params": {"metrics": metrics, "group_by": group_by, "where": filters},
        "exports": [{"name": "e", "config": {"export_as": "table", "schema_name": "share"}}],
    }
    columns = "ssn, salary, diagnosis, seen_on, region, loaded_at"
    people = factory.node(
        "staging/people", f"select {columns} from {{{{ source('crm', 'people') }}}}"
    )
    more = {
        "saved_queries": {"x": saved},
        "semantic_models": {"x": PEOPLE_MODEL},
        "metrics": {
            each: {"name": each, "type_params": {"input_measures": [{"name": each}]}}
            for each in ("pay", "most", "middle", "people")
        },
    }
    assert found([people], **more) == [("PRIV009", each) for each in expected]
    kept = {**saved, "exports": [{"name": "e", "config": {"schema_name": "analytics"}}]}
    assert found([people], **{**more, "saved_queries": {"x": kept}}) == []
    assert found([people], **{**more, "saved_queries": {"x": {**saved, "exports": []}}}) == []
