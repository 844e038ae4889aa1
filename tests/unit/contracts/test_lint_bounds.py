"""A look at a file of a stranger is bounded: one long text in a thousand places costs little."""

from __future__ import annotations

import time

import pytest

from mesh.contracts.document import parse
from mesh.contracts.finding import Finding
from mesh.contracts.lint import MAX_FINDINGS, lint
from mesh.contracts.trino_types import UnknownType, parse_type

LONG = "x" * 1_900_000
HEAD = """\
apiVersion: v3.1.0
kind: DataContract
id: a
version: 1.0.0
status: active
team: {name: t}
servers: [{server: s, type: trino, host: h, port: 1, catalog: c, schema: s}]
"""


def _found(content: str) -> tuple[list[Finding], float]:
    """The findings of a file, and the seconds of processor time that a look at it takes."""
    began = time.process_time()
    _, found = lint(*parse(content.encode(), "f.yaml"))
    return found, time.process_time() - began


def _columns(entry: str, value: str = LONG) -> str:
    """A table with a column for each alias of a long text."""
    rows = "\n".join(f"      - {{name: c{i}, {entry}: *long}}" for i in range(990))
    return (
        f'{HEAD}contractCreatedTs: 2026-01-01\nname: &long "{value}"\n'
        f"schema:\n  - name: t\n    properties:\n{rows}\n"
    )


def _parts(where: str, entry: str, value: str = LONG) -> str:
    rows = "\n".join(f"  - {entry.replace('LONG', '*long')}" for _ in range(990))
    return f'{HEAD}name: &long "{value}"\n{where}:\n{rows}\n'


HOSTILE = {
    "logical types": (_columns("logicalType"), "C303"),
    "physical types": (_columns("physicalType"), "C302"),
    "physical types of numbers": (_columns("physicalType", "1" * 1_900_000), "C302"),
    "names": (_columns("businessName", LONG + "\\e"), "C315"),
    "lines in names": (_columns("businessName", LONG + "\\nx"), "C315"),
    "units": (_parts("slaProperties", "{property: a, value: 1, unit: LONG}"), "C313"),
    "elements": (_parts("slaProperties", "{property: a, value: 1, element: LONG}"), "C314"),
    "elements of commas": (
        _parts("slaProperties", "{property: a, value: 1, element: LONG}", "a," * 950_000), "C314",
    ),
    "metrics": (
        f'{HEAD}name: &long "{LONG}"\nschema:\n  - name: t\n    quality:\n'
        + "      - {metric: *long, mustBe: 0}\n" * 990, "C308",
    ),
    "tests": (
        f'{HEAD}name: &long "{LONG}"\nschema:\n  - name: t\n    quality:\n'
        + "      - {type: custom, engine: dbt, implementation: *long}\n" * 990, "C308",
    ),
    "fields": (
        HEAD + "name: n\nschema:\n" + "".join(
            f"  - {{name: t{i}, {'y' * 1_000}{i}: 1}}\n" for i in range(450)
        ), "C201",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_long_text_in_many_places_costs_little(name: str) -> None:
    content, code = HOSTILE[name]
    found, seconds = _found(content)
    hits = [each for each in found if each.code == code]
    assert len(hits) > 100
    assert len(found) <= MAX_FINDINGS
    assert seconds < 5
    assert max(len(line) for each in found for line in each.lines()) < 1_000
    assert max(len(each.product) for each in found) <= 60


@pytest.mark.parametrize(
    "text", [LONG, "decimal(" + "9" * 40_000, "row(" * 3 + "a" * 9_000, "bigint " + "b" * 9_000]
)
def test_a_message_about_a_type_quotes_its_start(text: str) -> None:
    with pytest.raises(UnknownType) as caught:
        parse_type(text)
    assert len(str(caught.value)) < 200


def test_once_enough_was_found_no_near_name_is_sought() -> None:
    rows = "".join(f"      - {{name: c{i}, logicalType: strng}}\n" for i in range(20_000))
    content = f"{HEAD}name: n\nschema:\n  - name: t\n    properties:\n{rows}"
    found, seconds = _found(content)
    assert len(found) == MAX_FINDINGS
    assert all("`string`" in each.hint for each in found if each.code == "C303")
    assert seconds < 10


def test_no_number_of_warnings_hides_an_error() -> None:
    levels = "  - {property: a, value: 1, element: x}\n" * 2 * MAX_FINDINGS
    found, _ = _found(f"{HEAD.replace('type: trino, ', '')}name: n\nslaProperties:\n{levels}")
    assert len(found) > MAX_FINDINGS
    assert "error" in {each.severity for each in found}
