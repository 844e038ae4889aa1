"""Control characters in a contract are found, and never reach a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mesh.cli.contract import contracts as verbs
from mesh.contracts.finding import errors
from mesh.core.console import print_table
from mesh.core.printable import CONTROL, printable
from tests.unit.contracts.made import base, column, found, text

EVIL = "\x1b[31mred\a"


def _evil(name: str) -> str:
    """A contract whose product has that name, as YAML spells it."""
    return text(base(lambda r: r.update(name=name)))


@pytest.mark.parametrize("name", [EVIL, "a\u202eb", "a\x9bb", "a\u2028b", "two\nlines", "a\tb"])
def test_a_control_character_in_a_name_is_a_finding_at_its_place(name: str) -> None:
    [hit] = errors(found(_evil(name)))
    assert (hit.code, hit.line, hit.element) == ("C315", 4, "name")


def test_a_control_character_is_found_in_texts_field_names_and_lists() -> None:
    raw = base()
    column(raw, "claim_id")["description"] = f"good, {EVIL}"
    column(raw, "payer_kind")["quality"][0]["arguments"]["validValues"] = ["a", EVIL]
    raw["customProperties"].append({"property": "x", "value": {EVIL: 1}})
    hits = [each for each in errors(found(text(raw))) if each.code == "C315"]
    assert len(hits) == 3
    assert not any(CONTROL.search(line) for each in hits for line in each.lines())


def test_texts_may_have_lines_and_tabs_and_other_scripts() -> None:
    raw = base()
    column(raw, "claim_id")["description"] = "One.\n\tTwo: \u00e9, \u65e5\u672c, \U0001f600.\n"
    assert errors(found(text(raw))) == []


@pytest.mark.parametrize("form", ["table", "json"])
def test_lint_prints_no_control_character(tmp_path: Path, form: str) -> None:
    file = tmp_path / "evil.yaml"
    file.write_text(_evil(EVIL).replace("status: active", 'status: "\\e[2Jgone"'))
    done = CliRunner().invoke(verbs, ["lint", str(file), "--format", form])
    assert done.exit_code == 1
    assert "C315" in done.output
    assert not CONTROL.search(done.output)


def test_diff_prints_no_control_character_of_a_file_that_it_refuses(tmp_path: Path) -> None:
    file = tmp_path / "evil.yaml"
    file.write_text(_evil(EVIL).replace("status: active", 'status: "\\e[2Jgone"'))
    done = CliRunner().invoke(verbs, ["diff", str(file), str(file)])
    assert done.exit_code != 0
    assert not CONTROL.search(done.output + str(done.exception))


def test_a_table_prints_no_control_character(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["a"], [[EVIL]])
    assert "\\x1b[31mred\\x07" in capsys.readouterr().out


def test_what_is_spelled_out_is_what_steers() -> None:
    assert printable("a\r\nb\tc\x1b\u202e") == "a\nb\tc\\x1b\\u202e"
