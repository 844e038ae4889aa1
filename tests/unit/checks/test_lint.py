import subprocess
from pathlib import Path

import pytest

from mesh.checks import lint
from mesh.core.errors import MeshError
from mesh.core.paths import ROOT

LIST = """
default_language: &system {{language: system, files: '[.]txt$'}}
repos:
  - repo: local
    hooks:
      - {{<<: *system, id: words-fix, name: mend, entry: "{fix}", stages: [manual]}}
      - {{<<: *system, id: words, name: words, entry: "{check}", exclude: ^old}}
      - {{<<: *system, id: none, name: none, entry: absent, files: '[.]nothing$'}}
"""


def tree(folder: Path, check: str, fix: str = "true") -> Path:
    (folder / lint.CONFIG).write_text(LIST.format(check=check, fix=fix))
    (folder / "a.txt").write_text("bad\n")
    (folder / "old.txt").write_text("bad\n")
    return folder


def status(outcomes: list[lint.Outcome]) -> dict[str, str]:
    return {outcome.hook: outcome.status for outcome in outcomes}


def test_every_hook_of_the_repository_is_local_and_its_tool_is_locked() -> None:
    hooks = lint.hooks()
    assert {hook.check for hook in hooks} >= {"ruff", "mypy", "sqlfluff", "yamllint", "style"}
    assert all(hook.entry[0].startswith(lint.ENVIRONMENT) for hook in hooks)


def test_a_hook_from_the_network_is_refused(tmp_path: Path) -> None:
    (tmp_path / lint.CONFIG).write_text("repos: [{repo: 'https://example.org/x', hooks: []}]")
    with pytest.raises(MeshError, match="network"):
        lint.hooks(tmp_path)


def test_findings_fail(tmp_path: Path) -> None:
    assert status(lint.run(["a.txt"], root=tree(tmp_path, "grep good"))) == {
        "words": "failed",
        "none": "skipped",
    }


def test_a_hook_gets_the_files_it_asks_for(tmp_path: Path) -> None:
    outcome = lint.run(["a.txt", "old.txt", "b.md"], root=tree(tmp_path, "grep -H bad"))[0]
    assert (outcome.output, outcome.files) == ("a.txt:bad", 1)


def test_a_tool_that_cannot_run_is_not_a_finding(tmp_path: Path) -> None:
    assert status(lint.run(["a.txt"], root=tree(tmp_path, "no-such-tool")))["words"] == "broken"
    root = tree(tmp_path, "sh -c 'exit 3'")
    assert status(lint.run(["a.txt"], root=root))["words"] == "broken"


def test_mending_comes_first(tmp_path: Path) -> None:
    root = tree(tmp_path, "grep good", fix="sed -i s/bad/good/")
    assert status(lint.run(["a.txt"], root=root))["words"] == "failed"
    outcomes = lint.run(["a.txt"], root=root, fix=True, only=["words"])
    assert status(outcomes) == {"words-fix": "passed", "words": "passed"}


def test_an_unknown_check_is_named(tmp_path: Path) -> None:
    with pytest.raises(MeshError, match="no check spelling") as caught:
        lint.run([], root=tree(tmp_path, "true"), only=["spelling"])
    assert caught.value.expected == "words, none"


def test_new_files_are_checked_and_ignored_ones_not(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("hidden.txt\n")
    for name in ("hidden.txt", "ä new.txt"):
        (tmp_path / name).write_text("x\n")
    assert lint.tracked(tmp_path) == [".gitignore", "ä new.txt"]


def test_no_checkout_is_said(tmp_path: Path) -> None:
    with pytest.raises(MeshError, match="git cannot list"):
        lint.tracked(tmp_path)


def test_this_checkout_lists_its_own_sources() -> None:
    assert "src/mesh/checks/lint.py" in lint.tracked(ROOT)
