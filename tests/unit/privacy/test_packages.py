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
