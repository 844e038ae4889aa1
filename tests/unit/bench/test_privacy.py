import json
from pathlib import Path

import pytest

from mesh.bench.privacy import SIZES, manifest, planted, seconds_of
from mesh.core.errors import MeshError
from mesh.privacy.analysis import Analysis
from mesh.privacy.policy import Policy
from mesh.privacy.project import DbtProject
from mesh.privacy.verdict import all_findings


def test_the_generated_project_is_followed_whole_and_holds_its_leaks() -> None:
    found = list(all_findings(Analysis(DbtProject(manifest(40))), Policy()))
    assert found == []
    found = list(all_findings(Analysis(DbtProject(manifest(40, every=40))), Policy()))
    assert {(each.code, each.node, each.column) for each in found} == {("PRIV003", "m39", "c0")}


def test_the_larger_of_the_measured_projects_leaks_and_the_smaller_does_not() -> None:
    assert {size: planted(size) for size in SIZES} == {500: 0, 5000: 1}
    assert (planted(40), planted(40, every=40)) == (0, 1)


def written(path: Path, every: int) -> Path:
    path.write_text(json.dumps(manifest(40, every)))
    return path


def test_a_check_that_finds_what_was_planted_is_measured(tmp_path: Path) -> None:
    assert seconds_of(written(tmp_path / "manifest.json", 40), leaks=1) > 0
    assert seconds_of(written(tmp_path / "manifest.json", 1000), leaks=0) > 0


def test_a_check_that_misses_a_leak_is_no_measure(tmp_path: Path) -> None:
    with pytest.raises(MeshError, match="ended with 0 and 0 findings"):
        seconds_of(written(tmp_path / "manifest.json", 1000), leaks=1)


def test_a_traceback_is_no_measure(tmp_path: Path) -> None:
    """It ends with 1, as a check with findings does."""
    path = written(tmp_path / "manifest.json", 40)
    raw = json.loads(path.read_text())
    del raw["nodes"]["model.shop.m39"]["name"]
    path.write_text(json.dumps(raw))
    with pytest.raises(MeshError, match="ended with 1 and no findings in JSON: KeyError"):
        seconds_of(path, leaks=1)
