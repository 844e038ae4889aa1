"""The sync writes what the contract says and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh.build.manifest import read_manifest
from mesh.build.nodes import Node
from mesh.contracts.merge_text import apply_change
from mesh.contracts.model import Contract
from mesh.contracts.sync import sync, synced
from mesh.core.paths import ROOT
from tests.unit.build import dbt_files
from tests.unit.contracts.made import Change, column, contract, model

KNOWN = frozenset({"has_one_row_per", "is_not_negative"})
NAME = "fct_fintech__claims"

HAND = """\
# Written by hand: the team's own notes.
models:
  - name: fct_fintech__claims
    description: >
      One row per
      claim.
    config:
      meta: {audience: [finance], contract: {id: fintech.claims.v1, version: 1.2.0}}
    columns:
      - name: claim_id  # natural key
        data_type: varchar
        description: "{{ doc('claim_id') }}"
        constraints: [{type: not_null}]
        data_tests:
          - unique
          - is_pseudonymous  # more than the contract asks for
      - name: payer_kind
        data_type: varchar
        description: Who pays.
        data_tests:
          - accepted_values:
              arguments:
                values: [government, private]
      - name: charge_amount
        data_type: decimal(18,2)
        description: What was charged.
        constraints: [{type: not_null}]
        data_tests:
          - is_not_negative
      - name: _loaded_at
        data_type: timestamp(6) with time zone
        description: When it was loaded.
        constraints: [{type: not_null}]

unit_tests:
  # keep the layout of these rows
  - name: fct_fintech__claims__adds_up
    model: fct_fintech__claims
    given:
      - input: ref('x')
        rows:
          - {claim_id: a,   charge_amount: 1.50,
             payer_kind: private}
    expect:
      rows:
        - {claim_id: a, charge_amount: 1.50}
"""


def _nodes(tmp: Path, **changes: Any) -> list[Node]:
    path = dbt_files.write(tmp, "manifest.json", dbt_files.manifest(model(**changes)))
    return list(read_manifest(path).models)


def _synced(tmp: Path, text: str, *contracts: Contract) -> tuple[str, list[str]]:
    return synced(text, NAME, contracts or [contract()], _nodes(tmp), KNOWN)


def _changed(tmp: Path, change: Change) -> tuple[str, list[str]]:
    return _synced(tmp, HAND, contract(change))


def _columns(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(text)["models"][0]["columns"]
    return found


def test_a_file_that_agrees_is_left_as_it_is(tmp_path: Path) -> None:
    assert _synced(tmp_path, HAND) == (HAND, [])


def test_one_change_touches_one_line(tmp_path: Path) -> None:
    new, changes = _changed(
        tmp_path, lambda r: column(r, "charge_amount").update(physicalType="decimal(20, 2)")
    )
    assert changes == ["charge_amount.data_type"]
    different = [(a, b) for a, b in zip(HAND.splitlines(), new.splitlines(), strict=True) if a != b]
    assert different == [("        data_type: decimal(18,2)", "        data_type: decimal(20, 2)")]


def test_a_new_column_is_written_with_all_that_it_promises(tmp_path: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["schema"][0]["properties"].insert(
            1,
            {
                "name": "line_count", "logicalType": "integer", "physicalType": "bigint",
                "description": "Number of lines: " + "long " * 30, "required": True, "unique": True,
                "logicalTypeOptions": {"minimum": 0},
            },
        )  # fmt: skip

    new, _ = _changed(tmp_path, change)
    made = _columns(new)[1]
    assert made["name"] == "line_count"
    assert made["data_type"] == "bigint"
    assert made["constraints"] == [{"type": "not_null"}]
    assert made["data_tests"] == ["unique", "is_not_negative"]
    assert made["description"].split() == ("Number of lines: " + "long " * 30).split()
    assert max(map(len, new.splitlines())) < 120
    assert new.endswith(HAND[HAND.index("unit_tests:") :])
    assert "# natural key" in new
    assert "# Written by hand" in new


def test_a_column_that_is_gone_goes(tmp_path: Path) -> None:
    new, changes = _changed(
        tmp_path, lambda r: r["schema"][0]["properties"].remove(column(r, "payer_kind"))
    )
    assert changes == ["column payer_kind removed"]
    assert [each["name"] for each in _columns(new)] == ["claim_id", "charge_amount", "_loaded_at"]


def test_tests_follow_the_rules_and_others_stay(tmp_path: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        rule = column(raw, "payer_kind")["quality"][0]
        rule["arguments"]["validValues"] = ["government", "private", "none"]
        rule["severity"] = "warning"
        column(raw, "claim_id")["quality"] = [
            {"type": "custom", "engine": "dbt", "implementation": {"test": "dbt_utils.not_empty",
             "arguments": {"to": "ref('x')"}}},
        ]  # fmt: skip

    new, _ = _changed(tmp_path, change)
    by_name = {each["name"]: each for each in _columns(new)}
    assert by_name["payer_kind"]["data_tests"] == [
        {
            "accepted_values": {
                "arguments": {"values": ["government", "private", "none"]},
                "config": {"severity": "warn"},
            }
        }
    ]
    assert by_name["claim_id"]["data_tests"] == [
        "unique",
        "is_pseudonymous",
        {"dbt_utils.not_empty": {"arguments": {"to": "ref('x')"}}},
    ]


def test_nullability_goes_both_ways(tmp_path: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        column(raw, "charge_amount").pop("required")
        column(raw, "payer_kind")["required"] = True

    new, _ = _changed(tmp_path, change)
    by_name = {each["name"]: each for each in _columns(new)}
    assert "constraints" not in by_name["charge_amount"]
    assert by_name["payer_kind"]["constraints"] == [{"type": "not_null"}]


def test_a_composite_key_becomes_a_test_of_the_model(tmp_path: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        column(raw, "payer_kind").update(primaryKey=True, primaryKeyPosition=2)

    new, _ = _changed(tmp_path, change)
    [entry] = yaml.safe_load(new)["models"]
    assert entry["data_tests"] == [
        {"has_one_row_per": {"arguments": {"columns": ["claim_id", "payer_kind"]}}}
    ]


def test_a_model_without_yaml_gets_it(tmp_path: Path) -> None:
    new, _ = _synced(tmp_path, "models: []\n")
    again, changes = _synced(tmp_path, new)
    assert (again, changes) == (new, [])
    [entry] = yaml.safe_load(new)["models"]
    assert entry["name"] == NAME
    assert [each["name"] for each in entry["columns"]] == [
        "claim_id", "payer_kind", "charge_amount", "_loaded_at",
    ]  # fmt: skip


def _second(raw: dict[str, Any]) -> None:
    raw["version"] = "2.0.0"
    raw["id"] = "fintech.claims.v2"
    raw["schema"][0]["physicalName"] = "fintech_gold.fct_fintech__claims_v2"
    column(raw, "payer_kind")["name"] = "payer_type"


def _ending(raw: dict[str, Any]) -> None:
    raw["status"] = "deprecated"
    raw["slaProperties"].append({"property": "endOfLife", "value": "2027-06-30"})


def test_a_second_version_makes_two_side_by_side(tmp_path: Path) -> None:
    first, second = contract(_ending), contract(_second)
    new, _ = _synced(tmp_path, HAND, first, second)
    [entry] = yaml.safe_load(new)["models"]
    assert entry["latest_version"] == 2
    one, two = entry["versions"]
    assert (one["v"], two["v"]) == (1, 2)
    assert one["defined_in"] == NAME
    assert one["config"]["alias"] == NAME
    assert str(one["deprecation_date"]) == "2027-06-30"
    assert "columns" not in entry
    assert [c["name"] for c in one["columns"]][1] == "payer_kind"
    assert [c["name"] for c in two["columns"]][1] == "payer_type"
    assert new.endswith(HAND[HAND.index("unit_tests:") :])
    again, changes = _synced(tmp_path, new, first, second)
    assert (again, changes) == (new, [])


def test_our_models_say_what_their_contracts_say() -> None:
    assert sync(ROOT, dry_run=True) == []


names = st.lists(
    st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), min_size=1, max_size=6, unique=True
)
TYPES = {"varchar": "string", "bigint": "integer", "decimal(9, 2)": "number", "date": "date"}
columns = names.flatmap(
    lambda given: st.tuples(
        *(
            st.fixed_dictionaries(
                {
                    "name": st.just(name),
                    "physicalType": st.sampled_from(sorted(TYPES)),
                    "required": st.booleans(),
                    "unique": st.booleans(),
                    "description": st.text("ab: #'\"{}é ", min_size=1, max_size=120),
                }
            )
            for name in given
        )
    )
)


@settings(max_examples=40, deadline=None)
@given(columns)
def test_the_sync_is_stable_and_complete(given_: Any) -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["schema"][0]["properties"] = [
            {**each, "logicalType": TYPES[each["physicalType"]]} for each in given_
        ]

    made = contract(change)
    new, _ = synced(HAND, NAME, [made], [], KNOWN)
    again, changes = synced(new, NAME, [made], [], KNOWN)
    assert (again, changes) == (new, [])
    assert [each["name"] for each in _columns(new)] == [each["name"] for each in given_]
    for written, wanted in zip(_columns(new), given_, strict=True):
        assert written["data_type"] == wanted["physicalType"]
        assert str(written["description"]).split() == wanted["description"].split()
        assert bool(written.get("constraints")) == wanted["required"]
    assert new.endswith(HAND[HAND.index("unit_tests:") :])


@given(
    st.lists(st.sampled_from("abcdef"), max_size=12),
    st.lists(st.sampled_from("abcdef"), max_size=12),
)
def test_a_change_of_a_text_laid_out_alike_is_that_change(old: list[str], new: list[str]) -> None:
    before, after = ("".join(f"{line}\n" for line in lines) for lines in (old, new))
    assert apply_change(before, before, after) == after


def test_lines_that_a_change_does_not_touch_keep_their_layout() -> None:
    original = "a\nb   b\nc\nd  d\ne\n"
    before = "a\nb b\nc\nd d\ne\n"
    assert apply_change(original, before, "a\nb b\nC\nd d\ne\nf\n") == "a\nb   b\nC\nd  d\ne\nf\n"
