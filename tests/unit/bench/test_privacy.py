from mesh.bench.privacy import manifest
from mesh.privacy.analysis import Analysis
from mesh.privacy.policy import Policy
from mesh.privacy.project import DbtProject
from mesh.privacy.verdict import all_findings


def test_the_generated_project_is_followed_whole_and_holds_its_leaks() -> None:
    found = list(all_findings(Analysis(DbtProject(manifest(40))), Policy()))
    assert found == []
    found = list(all_findings(Analysis(DbtProject(manifest(40, every=40))), Policy()))
    assert {(each.code, each.node, each.column) for each in found} == {("PRIV003", "m39", "c0")}
