import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mesh.build.nodes import Manifest
from mesh.checks import lint
from mesh.checks.finding import Finding
from mesh.checks.style import RULES
from mesh.cli.check import checks

EMPTY = Manifest("", "", "", {}, {}, {}, {}, {}, {})


def test_the_rules_can_be_listed() -> None:
    done = CliRunner().invoke(checks, ["style", "--rules", "--format", "json"])
    assert done.exit_code == 0
    assert {row["code"] for row in json.loads(done.stdout)} == {rule.code for rule in RULES}


def test_a_tree_in_order_is_no_finding() -> None:
    done = CliRunner().invoke(checks, ["style", "--format", "json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])


def test_a_finding_ends_with_one_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty project has no macro iceberg_table."""
    monkeypatch.setattr("mesh.build.parse.tree_manifest", lambda: EMPTY)
    [finding] = RULES.findings(EMPTY)
    done = CliRunner().invoke(checks, ["style"])
    assert done.exit_code == 1
    assert f"{finding.path}: I601 iceberg_table: the macro is missing" in done.stdout
    assert f"hint: {finding.hint}" in done.stdout
    narrowed = CliRunner().invoke(checks, ["style", "--rule", "D"])
    assert narrowed.exit_code == 0


@pytest.mark.parametrize(("status", "code"), [("passed", 0), ("failed", 1), ("broken", 2)])
def test_lint_ends_as_its_worst_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, status: str, code: int
) -> None:
    commands = {"passed": "true", "failed": "false", "broken": "no-such-tool"}
    (tmp_path / lint.CONFIG).write_text(
        "repos: [{repo: local, hooks: ["
        f"{{id: words, name: words, entry: {commands[status]!r}, files: txt}}]}}]"
    )
    monkeypatch.setattr(lint, "tracked", lambda: ["a.txt"])
    hooks = lint.hooks(tmp_path)
    monkeypatch.setattr(lint, "hooks", lambda root: hooks)
    done = CliRunner().invoke(checks, ["lint", "--format", "json"])
    assert done.exit_code == code
    [outcome] = json.loads(done.stdout)
    assert (outcome["hook"], outcome["status"], outcome["files"]) == ("words", status, 1)


def test_findings_are_sorted_by_file() -> None:
    later = Finding("b.sql", "D101", "b", "", "m", "h")
    assert sorted([later, Finding("a.sql", "T401", "a", "", "m", "h")])[-1] == later
