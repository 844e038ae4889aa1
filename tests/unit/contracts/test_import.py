"""What an older contract says is neither bent nor lost on its way into the standard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mesh.contracts.document import parse
from mesh.contracts.finding import errors
from mesh.contracts.importer import import_file, imported
from mesh.core.errors import Findings
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


@pytest.mark.parametrize("name", ["no", "1.50", "0x1F", "12:30", "on"])
def test_a_name_is_what_was_written(name: str) -> None:
    made, _ = _imported(
        f"dataset: {name}\nowner: {name}\nschema: [{{name: {name}}}, x{name}]\n"
        f"quality_rules: [{{column: {name}, rule: unique}}]"
    )
    assert (made["name"], made["team"]["name"]) == (name, name)
    column, other = made["schema"][0]["properties"]
    assert (column["name"], column["unique"], other["name"]) == (name, True, f"x{name}")


def test_owners_in_a_list_are_all_named() -> None:
    made, unmapped = _imported("dataset: x\nowner: [a@example.org, Finance]\n")
    assert made["team"] == {
        "name": "a@example.org",
        "members": [
            {"username": "a@example.org", "role": "owner"},
            {"username": "Finance", "role": "owner"},
        ],
    }
    assert [each["channel"] for each in made["support"]] == ["a@example.org"]
    assert unmapped == []


def test_what_is_no_text_where_a_text_belongs_is_kept_and_named() -> None:
    made, unmapped = _imported(
        "data_product:\n  name: x\n  owner: {team: t}\n  access: {read: [a, b]}\n"
        "  schema: [{name: a, description: {en: x}, type: {kind: int}}]\n"
    )
    assert "team" not in made
    assert _custom(made) == {"read": ["a", "b"], "imported": {"owner": {"team": "t"}}}
    [entry] = made["schema"][0]["properties"]
    assert _custom(entry) == {"description": {"en": "x"}, "type": {"kind": "int"}}
    named = ["read", "owner", "description", "type"]
    assert [line.split("`")[1] for line in unmapped] == named


def test_what_cannot_be_mapped_is_named_with_its_own_place() -> None:
    _, unmapped = _imported(
        _dataset(
            "version: 1.10\nschema:\n  - {name: a, type: int, pii: no}\n"
            "  - name: b\n    type: blub\n    pii: yes\ntype: x\npii: maybe"
        )
    )
    kept = "kept in customProperties"
    assert unmapped == [
        f"old.yaml:3: the standard has no field for `version`: {kept}",
        f"old.yaml:9: the standard has no field for `type`: {kept}",
        f"old.yaml:10: the standard has no field for `pii`: {kept}",
        f"old.yaml:5: the standard has no field for `pii` of the column `a`: {kept}",
        f"old.yaml:7: the standard has no field for `type` of the column `b`: {kept}",
        f"old.yaml:8: the standard has no field for `pii` of the column `b`: {kept}",
    ]


def test_a_key_of_several_columns_is_one_of_the_standard(tmp_path: Path) -> None:
    text = _dataset(
        "version: 01.02\nschema: [{name: a, primary_key: true}, {name: b, primary_key: true}]\n"
        "quality_rules: [{columns: [a, b], rule: unique}, {columns: [a, c], rule: unique}]"
    )
    made, _ = _imported(text)
    [table] = made["schema"]
    assert [each["primaryKeyPosition"] for each in table["properties"]] == [1, 2]
    rule, other = table["quality"]
    assert (rule["metric"], rule["arguments"]) == ("duplicateValues", {"properties": ["a", "b"]})
    assert other["type"] == "text"
    path = tmp_path / "old.yaml"
    path.write_text(text)
    assert errors(found(import_file(path)[0])) == []


@pytest.mark.parametrize("before", ["", "data_product:\n"])
def test_a_file_that_makes_no_contract_is_refused_with_its_own_line(
    tmp_path: Path, before: str
) -> None:
    inner = "  " if before else ""
    named = "name: orders" if before else "dataset: orders"
    lines = [named, "owner: sales", "schema:", "- name: id", "- name: amount", "- name: id"]
    file = tmp_path / "old.yaml"
    file.write_text(before + "\n".join(inner + each for each in lines))
    with pytest.raises(Findings) as refused:
        import_file(file)
    said = str(refused.value)
    assert f"old.yaml:{7 if before else 6}:" in said
    assert "the column id stands twice\n" in said
