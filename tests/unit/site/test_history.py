"""The changelog of a product, from git and from its contract."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from mesh.site.history import Change, git_changes, own_changes
from tests.unit.site import factory as make


def git(folder: Path, *arguments: str, day: str = "2026-01-01") -> None:
    told = {"NAME": "t", "EMAIL": "t@example.org", "DATE": f"{day}T00:00:00Z"}
    names = {f"GIT_{who}_{what}": told[what] for who in ("AUTHOR", "COMMITTER") for what in told}
    command = ["git", "-C", str(folder), "-c", "commit.gpgsign=false", *arguments]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **names})


def test_history_comes_from_commits_with_the_version_they_led_to(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "contracts").mkdir()
    file = tmp_path / "contracts" / "claims.odcs.yaml"
    for day, version, text in (("2026-01-01", "1.0.0", "Publish claims"),
                               ("2026-02-01", "1.1.0", "Name the currency"),
                               ("2026-03-01", "1.1.0", "Say it better\x1f")):  # fmt: skip
        file.write_text(f"name: claims # {text!r}\nversion: {version}\n")
        (tmp_path / "other.txt").write_text(day)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", text, day=day)
    found = git_changes(tmp_path, "contracts")
    assert found is not None
    assert list(found) == ["contracts/claims.odcs.yaml"]
    assert found["contracts/claims.odcs.yaml"][1:] == (
        Change("2026-02-01", "Name the currency", "1.1.0"),
        Change("2026-01-01", "Publish claims", "1.0.0"),
    )
    assert found["contracts/claims.odcs.yaml"][0].version == ""


def test_without_git_there_is_no_history(tmp_path: Path) -> None:
    assert git_changes(tmp_path, "contracts") is None


def test_a_contract_may_hold_its_own_changelog() -> None:
    entry = {"version": "1.0.0", "date": "2026-01-01", "description": "First."}
    product = make.contract(customProperties=[{"property": "changelog", "value": [entry, "odd"]}])
    assert own_changes(product) == (Change("2026-01-01", "First.", "1.0.0"),)
