"""The tree is held against a revision: what changed, and which step of the version it takes."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mesh.cli.contract import contracts as contract_verbs
from mesh.contracts.compare_all import of_base
from mesh.contracts.gate import require_steps
from mesh.core.errors import Findings, MeshError
from tests.unit.contracts.made import base, column, project, text

run = CliRunner()
END = date(2027, 6, 30)


def test_ci_refuses_a_change_that_lacks_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mesh.build import ci

    def started() -> None:
        raise AssertionError("the stack was started")

    project(tmp_path)
    _committed(tmp_path)
    require_steps("HEAD", tmp_path, END)
    path = tmp_path / "contracts/fintech/claims.odcs.yaml"
    path.write_text(
        text(base(lambda r: r["schema"][0]["properties"].remove(column(r, "payer_kind"))))
    )
    monkeypatch.setattr("mesh.contracts.gate.require_contracts", lambda: None)
    monkeypatch.setattr(
        "mesh.contracts.gate.require_steps", lambda given: require_steps(given, tmp_path, END)
    )
    monkeypatch.setattr("mesh.stack.lifecycle.up", started)
    with pytest.raises(Findings, match="payer_kind is gone, needs a major step"):
        ci.check("HEAD")


def _git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "-C", str(root), *who, *arguments], check=True, capture_output=True)


def _committed(root: Path) -> None:
    """Make the folder a project of somebody else's, and its first commit."""
    (root / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    _git(root, "init", "-q")
    _git(root, "add", ".")
    _git(root, "commit", "-qm", "first")


def test_changes_since_a_revision_are_those_of_the_tree(tmp_path: Path) -> None:
    project(tmp_path)
    _committed(tmp_path)
    assert of_base(tmp_path, "HEAD", END) == []
    path = tmp_path / "contracts/fintech/claims.odcs.yaml"
    path.write_text(text(base(lambda r: r["description"].update(purpose="other"))))
    [hit] = of_base(tmp_path, "HEAD", END)
    assert (hit.change, hit.required_step, hit.step_ok) == ("reworded", "patch", False)
    path.write_text(text(base(lambda r: r.update(version="1.2.x"))))
    with pytest.raises(Findings, match="C301"):
        of_base(tmp_path, "HEAD", END)


def test_a_broken_contract_of_the_base_lets_nothing_pass_as_new(tmp_path: Path) -> None:
    project(tmp_path, [base(lambda r: r.update(statuss="active"))])
    _committed(tmp_path)
    assert of_base(tmp_path, "HEAD", END) == []
    path = tmp_path / "contracts/fintech/claims.odcs.yaml"
    path.write_text(
        text(base(lambda r: r["schema"][0]["properties"].remove(column(r, "payer_kind"))))
    )
    lost, added = of_base(tmp_path, "HEAD", END)
    assert (lost.change, lost.kind, lost.step_ok) == ("base_unreadable", "breaking", False)
    assert "the field `statuss` is not known here" in lost.message
    assert added.change == "product_added"
    path.write_text(text(base(lambda r: r.update(version="9.0.0"))))
    assert all(each.step_ok for each in of_base(tmp_path, "HEAD", END))


def test_a_version_that_stays_is_seen_beside_one_that_goes_or_comes(tmp_path: Path) -> None:
    def later(major: int) -> dict[str, Any]:
        def change(raw: dict[str, Any]) -> None:
            raw.update(version=f"{major}.0.0", id=f"fintech.claims.v{major}")
            raw["schema"][0]["physicalName"] += f"_v{major}"

        return base(change)

    project(tmp_path, [base(), later(2)])
    (tmp_path / "dbt_project.yml").write_text("name: mesh\nprofile: mesh\n")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-qm", "first")
    folder = tmp_path / "contracts/fintech"
    (folder / "claims.v3.odcs.yaml").write_text(text(later(3)))
    assert [c.change for c in of_base(tmp_path, "HEAD", END)] == ["version_added"]
    (folder / "claims.v3.odcs.yaml").unlink()
    (folder / "claims.v2.odcs.yaml").rename(folder / "claims.other.odcs.yaml")
    assert of_base(tmp_path, "HEAD", END) == []
    (folder / "claims.other.odcs.yaml").unlink()
    project(tmp_path, [later(2)])
    (folder / "claims.odcs.yaml").unlink()
    (tmp_path / "target").mkdir()
    (tmp_path / "manifest.json").rename(tmp_path / "target" / "manifest.json")
    [hit] = of_base(tmp_path, "HEAD", END)
    assert (hit.change, hit.step_ok) == ("version_removed", False)
    assert "beside its successor" in hit.message


def test_an_unknown_revision_could_not_run() -> None:
    done = run.invoke(contract_verbs, ["diff", "no-such-revision"])
    assert isinstance(done.exception, MeshError)
    assert done.exception.exit_code == 2
    assert done.exception.message == "there is no revision 'no-such-revision'"
