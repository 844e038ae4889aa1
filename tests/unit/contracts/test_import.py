"""What an older contract says is neither bent nor lost on its way into the standard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mesh.contracts.document import parse
from mesh.contracts.finding import errors
from mesh.contracts.importer import import_file, imported
from tests.unit.contracts.made import found


def _imported(text: str) -> tuple[dict[str, Any], list[str]]:
    return imported(parse(text.encode(), "old.yaml")[0])


def _custom(part: dict[str, Any]) -> dict[str, Any]:
    return {each["property"]: each["value"] for each in part.get("customProperties", ())}


def _dataset(more: str) -> str:
    return f"dataset: ledger\nowner: a@example.org\n{more}\n"


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("200ms", (200, "ms")),
        ("3 milliseconds", (3, "ms")),
        ("5s", (5, "s")),
        ("5 secs", (5, "s")),
        ("15m", (15, "m")),
        ("15 mins", (15, "m")),
        ("2 hrs", (2, "h")),
        ("6 months", (6, "month")),
        ("2M", ("2M", None)),
        ("2 D", (2, "d")),
        ("99.9%", (99.9, "percent")),
        ("3 fortnights", ("3 fortnights", None)),
    ],
)
def test_a_level_keeps_its_unit(written: str, level: tuple[Any, str | None]) -> None:
    made, _ = _imported(_dataset(f'service_levels: {{latency: "{written}"}}'))
    [entry] = made["slaProperties"]
    assert (entry["value"], entry.get("unit")) == level


@pytest.mark.parametrize("version", ["1.10", "2.00", "1e2", "0x10"])
@pytest.mark.parametrize(
    "shape",
    [
        "dataset: x\nowner: o\nversion: {}\n",
        "data_product: {{name: x, owner: o, version: {}}}\n",
        "data_product: {{name: x, owner: o, schema: {{version: {}}}}}\n",
    ],
)
def test_a_version_that_reads_as_a_number_keeps_its_text(shape: str, version: str) -> None:
    made, _ = _imported(shape.format(version))
    assert _custom(made)["versionAsWritten"] == version
    if version == "1.10":
        assert made["version"] == "1.10.0"


def test_status_and_tags_are_fields_of_the_standard(tmp_path: Path) -> None:
    text = _dataset("status: Active\ntags: [finance, daily]\nschema: [{name: a, tags: [key]}]")
    made, unmapped = _imported(text)
    assert (made["status"], made["tags"]) == ("active", ["finance", "daily"])
    assert made["schema"][0]["properties"] == [{"name": "a", "tags": ["key"]}]
    assert unmapped == []
    path = tmp_path / "old.yaml"
    path.write_text(text)
    assert errors(found(import_file(path)[0])) == []


def test_what_is_no_status_and_no_list_of_texts_is_kept_and_named() -> None:
    made, unmapped = _imported(_dataset("status: on hold\ntags: {a: 1}"))
    assert made["status"] == "draft"
    assert "tags" not in made
    assert _custom(made)["imported"] == {"status": "on hold", "tags": {"a": 1}}
    assert [line.split("`")[1] for line in unmapped] == ["status", "tags"]


def test_parts_of_one_name_at_two_places_are_both_kept() -> None:
    made, unmapped = _imported(
        "data_product: {name: x, owner: o, tags: [inner], status: active, note: a, legal: b}\n"
        "tags: [outer, inner]\nstatus: retired\nnote: c\n"
    )
    assert made["tags"] == ["inner", "outer"]
    assert made["status"] == "active"
    assert _custom(made)["imported"] == {
        "data_product.note": "a", "legal": "b", "status": "retired", "note": "c",
    }  # fmt: skip
    assert len(unmapped) == 4


@pytest.mark.parametrize(
    ("given", "required", "kept"),
    [
        ("required: true, nullable: true", True, {"nullable": True}),
        ("required: false, nullable: false", False, {"nullable": False}),
        ("required: true, nullable: false", True, {}),
        ("nullable: false", True, {}),
        ("nullable: true", False, {}),
    ],
)
def test_a_column_that_contradicts_itself_is_named(
    given: str, required: bool, kept: dict[str, Any]
) -> None:
    made, unmapped = _imported(_dataset(f"schema: [{{name: a, {given}}}]"))
    [entry] = made["schema"][0]["properties"]
    assert entry["required"] == required
    assert _custom(entry) == kept
    assert [line.split("`")[1] for line in unmapped] == list(kept)


@pytest.mark.parametrize("rule", ["unique", "not_null"])
def test_values_of_a_rule_that_takes_none_are_kept(rule: str) -> None:
    given = {"column": "a", "rule": rule, "values": [1]}
    made, unmapped = _imported(_dataset(f"schema: [{{name: a}}]\nquality_rules: [{given}]"))
    assert _custom(made)["quality_rules"] == [given]
    assert "quality" not in made["schema"][0]["properties"][0]
    assert any("quality_rules" in line for line in unmapped)
