from pathlib import Path

from mesh.privacy.analysis import Analysis
from mesh.privacy.policy import Policy
from mesh.privacy.project import DbtProject, local_packages
from mesh.privacy.verdict import all_findings
from tests.unit.privacy import factory


def test_a_package_in_the_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "dbt_project.yml").write_text("name: sub\n")
    (tmp_path / "packages.yml").write_text("packages: [{local: pkg}, {package: a/b, version: 1}]\n")
    assert local_packages(tmp_path) == {"sub"}


def test_models_of_a_package_in_the_folder_are_looked_at() -> None:
    node = factory.node("marts/people", "select ssn from {{ source('crm', 'people') }}", "model")
    node = {**node, "package_name": "sub"}
    source = factory.source("crm", "people", columns={"ssn": {"class": "direct"}})
    raw = factory.manifest([node], [source], [])
    found = {}
    for local in (frozenset[str](), frozenset({"sub"})):
        project = DbtProject(raw, local_packages=local)
        errors = all_findings(Analysis(project), Policy())
        found[len(local)] = {(each.code, each.node, each.column) for each in errors}
    assert found[1] - found[0] == {("PRIV003", "people", "ssn")}


def test_a_package_may_ask_what_a_relation_is_and_have_private_macros() -> None:
    """As dbt_utils does in star, union_relations, pivot and unpivot."""
    asks = """{% macro _is_relation(obj) %}
        {% if not (obj is mapping and obj.get('metadata', {}).get('type', '').endswith('Relation')) %}
            {% do exceptions.raise_compiler_error('no relation') %}
        {% endif %}
        {% endmacro %}"""
    star = """{% macro star(from, except) %}{% do helpers._is_relation(from) %}
        {% for each in adapter.get_columns_in_relation(from) if each.name not in except %}
            {{ each.name }}{{ ',' if not loop.last }}
        {% endfor %}{% endmacro %}"""
    source = factory.source(
        "crm", "people", columns={"ssn": {"class": "direct"}, "region": {"class": "none"}}
    )
    text = "select {{{{ helpers.star(source('crm', 'people'), {left_out}) }}}} from {{{{ source('crm', 'people') }}}}"
    nodes = [
        factory.node("marts/regions", text.format(left_out="['ssn']")),
        factory.node("marts/people", text.format(left_out="['region']")),
    ]
    macros = [
        factory.macro("_is_relation", asks, "helpers"),
        factory.macro("star", star, "helpers"),
    ]
    findings = all_findings(
        Analysis(DbtProject(factory.manifest(nodes, [source], macros))), Policy()
    )
    assert {(each.code, each.node, each.column) for each in findings} == {
        ("PRIV003", "people", "ssn")
    }
