from mesh.bench.privacy import manifest
from mesh.privacy.analysis import Analysis
from mesh.privacy.policy import Policy
from mesh.privacy.project import DbtProject
from mesh.privacy.verdict import all_findings


def test_the_generated_project_is_followed_whole_and_holds_its_leaks() -> None:
    raw = manifest(40)
    mart = raw["nodes"]["model.shop.m39"]
    mart["raw_code"] = mart["raw_code"].replace("count(distinct a.c0)", "max(a.c0)")
    found = list(all_findings(Analysis(DbtProject(raw)), Policy()))
    assert {(each.code, each.node, each.column) for each in found} == {("PRIV003", "m39", "c0")}
