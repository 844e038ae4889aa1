"""Rendered rules are committed, and the check says when they are stale."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from mesh.access import opa, trino
from mesh.access.ask import ask
from mesh.access.compiled import check, compile_all, write
from mesh.access.matrix import cells, compare, policy_at
from mesh.core.errors import Findings, InputError, MeshError
from tests.unit.access import projects


@pytest.fixture
def project(tmp_path: Path) -> Path:
    projects.write(tmp_path)
    projects.write_contract(tmp_path)
    return tmp_path


def test_the_committed_rules_are_those_of_the_tree() -> None:
    assert check() == []


def test_what_was_rendered_is_not_stale(project: Path) -> None:
    assert {finding.code for finding in check(project)} == {"A201"}
    assert write(project) == [trino.FILE, opa.FILE]
    assert check(project) == []
    assert write(project) == []


@pytest.mark.parametrize("file", [trino.FILE, opa.FILE])
def test_a_change_by_hand_is_found_with_its_line(project: Path, file: str) -> None:
    write(project)
    path = project / file
    lines = path.read_text().splitlines(keepends=True)
    lines[2] = lines[2].replace("mesh", "eve").replace("lake", "dev")
    path.write_text("".join(lines))
    (finding,) = check(project)
    assert (finding.code, finding.file, finding.line) == ("A201", file, 3)


def test_a_change_of_a_contract_makes_the_rules_stale(project: Path) -> None:
    write(project)
    projects.write_contract(project, columns=(("amount", "decimal(18, 2)", "direct"),))
    assert {finding.file for finding in check(project)} == {trino.FILE, opa.FILE}


def test_nothing_is_rendered_from_faulty_sources(project: Path) -> None:
    projects.write_contract(project, roles=("anybody",))
    with pytest.raises(Findings, match="there is no role 'anybody'"):
        write(project)
    assert not (project / trino.FILE).exists()


def test_the_text_is_the_rules_one_on_a_line(project: Path) -> None:
    compiled = compile_all(project)
    text = compiled.files[trino.FILE]
    rules = trino.compile_rules(compiled.policy)
    assert json.loads(text) == rules
    assert set(rules) == set(trino.SECTIONS)
    assert text.count("\n") < 2 * len(rules) + sum(map(len, rules.values())) + 3
    assert json.loads(compiled.files[opa.FILE]) == opa.compile_data(compiled.policy)


def test_rules_can_be_for_groups_of_people(project: Path) -> None:
    rules = trino.compile_rules(compile_all(project).policy, "group")
    readers = [rule for rule in rules["tables"] if rule.get("schema") == "fintech_gold"]
    assert [rule["group"] for rule in readers] == ["analyst"]
    assert all("user" not in rule for rule in readers)


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)


def test_a_diff_says_what_opens_and_what_closes(project: Path) -> None:
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "base")
    columns = [list(each) for each in projects.COLUMNS]
    columns[3][2] = "none"  # note: free text becomes harmless, they say
    columns[5][2] = "direct"  # currency closes
    projects.write_contract(project, columns=tuple((a, b, c) for a, b, c in columns))
    projects.write_contract(project, "medical", "visits", ("clinician",))
    found = compare(policy_at("main", project), compile_all(project).policy)
    by_column = {(d.role, d.column): (d.effect, d.before, d.after) for d in found}
    assert by_column["analyst", "note"] == ("opens", "hidden", "clear")
    assert by_column["analyst", "currency"] == ("closes", "clear", "hidden")
    assert by_column["clinician", "amount"] == ("opens", "denied", "clear")
    assert found[0].effect == "opens"
    assert ("analyst", "amount") not in by_column


def test_a_diff_with_nothing_to_compare_says_so(project: Path) -> None:
    git(project, "init", "-q", "-b", "main")
    git(project, "commit", "-q", "--allow-empty", "-m", "empty")
    with pytest.raises(InputError, match="has no access rules"):
        policy_at("main", project)
    with pytest.raises(MeshError, match="no revision"):
        policy_at("nowhere", project)


def test_the_matrix_has_a_cell_for_every_column(project: Path) -> None:
    found = {cell.column: cell.says for cell in cells(compile_all(project).policy)}
    assert found == {
        "patient_key": "hidden",
        "encounter_id": "hidden",
        "amount": "masked: rounded",
        "note": "hidden",
        "paid_date": "masked: by_year",
        "currency": "clear",
    }


class TestAsk:
    @pytest.mark.parametrize(
        ("name", "allowed", "how"),
        [
            ("fintech_gold.fct_fintech__payments", True, "allowed"),
            ("lake.fintech_gold.fct_fintech__payments", True, "allowed"),
            ("fintech_gold.fct_fintech__payments.amount", True, "masked"),
            ("lake.fintech_gold.fct_fintech__payments.currency", True, "clear"),
            ("fintech_gold.fct_fintech__payments.note", False, "denied"),
            ("fintech_gold.fct_fintech__payments$files", False, "denied"),
            ("dev.fintech_gold.fct_fintech__payments", False, "denied"),
        ],
    )
    def test_it_answers_from_the_rendered_rules(
        self, project: Path, name: str, allowed: bool, how: str
    ) -> None:
        write(project)
        answer = ask("analyst", name, project)
        assert (answer.allowed, answer.how) == (allowed, how)

    def test_a_table_says_what_is_masked_and_hidden(self, project: Path) -> None:
        write(project)
        answer = ask("analyst", "fintech_gold.fct_fintech__payments", project)
        assert answer.hidden == ("patient_key", "encounter_id", "note")
        assert set(answer.masked) == {"amount", "paid_date"}

    def test_a_stranger_is_refused_and_told_the_roles(self, project: Path) -> None:
        write(project)
        with pytest.raises(InputError, match="there is no role 'eve'") as told:
            ask("eve", "fintech_gold.fct_fintech__payments", project)
        assert "analyst" in "\n".join(told.value.lines())

    def test_a_column_that_the_product_has_not_is_refused_with_a_near_one(
        self, project: Path
    ) -> None:
        write(project)
        with pytest.raises(InputError, match="has no column 'amounts'") as told:
            ask("analyst", "fintech_gold.fct_fintech__payments.amounts", project)
        assert "did you mean amount?" in "\n".join(told.value.lines())

    def test_a_name_of_no_table_is_refused(self, project: Path) -> None:
        write(project)
        with pytest.raises(InputError, match="names no table"):
            ask("analyst", "payments", project)
