"""The policies of governance/, held against contracts by the Rego of the project and by OPA."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from mesh.access.opa_engine import engine
from mesh.access.opa_engine import evaluate as opa_evaluate
from mesh.checks.policies import FOLDER, QUERY, check, evaluate, policy_input
from mesh.contracts.lint import lint_file
from mesh.core.errors import ArtifactError, MeshError
from mesh.core.paths import ROOT

POLICIES = ROOT / FOLDER
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def profiles() -> dict[str, Any]:
    contract, _ = lint_file(ROOT / "contracts" / "patients" / "profiles.odcs.yaml")
    assert contract is not None
    return json.loads(json.dumps(policy_input(contract.raw)))  # type: ignore[no-any-return]


def columns(given: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = given["contract"]["schema"][0]["properties"]
    return found


def without(given: dict[str, Any], level: str) -> None:
    levels = given["contract"]["slaProperties"]
    given["contract"]["slaProperties"] = [each for each in levels if each["property"] != level]


CASES: dict[str, tuple[Change, list[str]]] = {
    "as it is": (lambda given: None, []),
    "no class": (lambda given: columns(given)[1].pop("classification"), ["P101"]),
    "odd class": (lambda given: columns(given)[1].update(classification="pii"), ["P101"]),
    "null class": (lambda given: columns(given)[1].update(classification=None), ["P101"]),
    "direct": (lambda given: columns(given)[1].update(classification="direct"), ["P102"]),
    "free text": (lambda given: columns(given)[2].update(classification="free_text"), ["P102"]),
    "no team": (lambda given: given["contract"].pop("team"), ["P103"]),
    "no owner": (lambda given: given["contract"]["team"].update(members=[]), ["P103"]),
    "no retention": (lambda given: without(given, "retention"), ["P104"]),
    "no freshness": (lambda given: without(given, "freshness"), ["P105"]),
    "no levels": (lambda given: given["contract"].pop("slaProperties"), ["P104", "P105"]),
    "not encrypted": (lambda given: given["storage"]["lake"].update(at_rest="none"), ["P106"]),
    "no storage": (lambda given: given["storage"].clear(), ["P106"]),
    "no server": (lambda given: given["contract"].pop("servers"), ["P106"]),
    "given away": (
        lambda given: given["contract"]["roles"].append({"role": "pharma_partner"}),
        ["P107"],
    ),
    "a draft": (
        lambda given: (given["contract"].update(status="draft"), given["contract"].pop("team")),
        [],
    ),
}


def changed(profiles: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for change, _ in CASES.values():
        given = deepcopy(profiles)
        change(given)
        found.append(given)
    return found


def test_each_rule_finds_what_it_is_for_and_nothing_else(profiles: dict[str, Any]) -> None:
    answers = evaluate(ROOT, changed(profiles))
    found = {n: sorted(f["code"] for f in a) for n, a in zip(CASES, answers, strict=True)}
    assert found == {name: codes for name, (_, codes) in CASES.items()}


def test_a_real_opa_finds_the_same(profiles: dict[str, Any]) -> None:
    try:
        program = engine()
    except ArtifactError as error:
        pytest.skip(f"no OPA to ask: {error.message}")
    inputs = changed(profiles)
    many = f"[v | some q in input; v := {QUERY} with input as q]"
    theirs = opa_evaluate(many, inputs, {}, [POLICIES / "publish.rego"], program)
    ours = evaluate(ROOT, inputs)
    for one, other in zip(ours, theirs, strict=True):
        assert sorted(map(json.dumps, one)) == sorted(map(json.dumps, other))


def test_the_tests_written_in_rego_pass() -> None:
    try:
        program = engine()
    except ArtifactError as error:
        pytest.skip(f"no OPA to run them: {error.message}")
    done = subprocess.run([program, "test", POLICIES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    written = re.findall(r"^test_\w+", (POLICIES / "publish_test.rego").read_text(), re.MULTILINE)
    assert f"PASS: {len(written)}/{len(written)}" in done.stdout


def test_every_contract_of_this_mesh_keeps_the_policies() -> None:
    assert check() == []


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("access", "governance", "contracts/patients"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_a_finding_names_file_and_line(project: Path) -> None:
    path = project / "contracts" / "patients" / "profiles.odcs.yaml"
    text = path.read_text().replace("classification: quasi", "classification: direct", 1)
    path.write_text(text)
    (finding,) = check(project)
    assert (finding.code, finding.file) == ("P102", "contracts/patients/profiles.odcs.yaml")
    assert "classification: direct" in text.splitlines()[finding.line - 1]


def test_no_policy_is_no_pass(project: Path) -> None:
    shutil.rmtree(project / FOLDER)
    with pytest.raises(MeshError, match="there is no policy"):
        check(project)


@pytest.mark.parametrize(
    "text",
    ["package governance.publish\n\nfindings contains", "package governance.other\n\na := 1\n",
     "package governance.publish\n\nfindings := 1\n",
     'package governance.publish\n\nfindings := ["P101"]\n'],
)  # fmt: skip
def test_a_policy_that_says_nothing_readable_is_an_error(project: Path, text: str) -> None:
    (project / FOLDER / "publish.rego").write_text(text)
    with pytest.raises(MeshError):
        check(project)


def test_broken_storage_is_an_error(project: Path) -> None:
    (project / "governance" / "storage.yml").write_text("storage: [")
    with pytest.raises(MeshError):
        check(project)
