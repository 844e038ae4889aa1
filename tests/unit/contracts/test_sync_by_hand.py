"""What people wrote into the YAML of a model is there after a sync, and where it was."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from mesh.contracts import sync as syncing
from mesh.contracts.model_yaml import changed, dumped, load
from mesh.contracts.sync import synced
from mesh.core.errors import MeshError
from tests.unit.contracts.made import Change, column, contract, project

NAME = "fct_fintech__claims"

COMMENTED = """\
models:
  - name: fct_fintech__claims
    description: One row per claim.
    config:
      meta: {contract: {id: fintech.claims.v1, version: 1.2.0}}
    # all columns
    columns:
      # the key
      - name: claim_id
        data_type: varchar
        description: Identifier of the claim.
        constraints: [{type: not_null}]
        data_tests: [unique]
      # who pays
      - name: payer_kind  # beside
        data_type: varchar
        description: Who pays.
        data_tests:
          - accepted_values: {arguments: {values: [government, private]}}
          # last test
      # the money
      - name: charge_amount
        data_type: decimal(18, 2)
        description: What was charged.
        constraints: [{type: not_null}]
        data_tests: [is_not_negative]
      - name: _loaded_at
        data_type: timestamp(6) with time zone
        description: When it was loaded.
        constraints: [{type: not_null}]

  # the next model
  - name: other
"""

SHARED = """\
anchors:
  tests: &tests [is_pseudonymous]
  common: &common
    data_type: varchar
    data_tests: &same
      - accepted_values: {arguments: {values: [a]}}
models:
  - name: other
    columns:
      - name: x
        <<: *common
  - name: fct_fintech__claims
    description: One row per claim.
    columns:
      - name: claim_id
        data_tests: *tests
      - name: payer_kind
        <<: *common
"""

INDENTED = """\
models:
    - name:   fct_fintech__claims
      columns:
          # the key
          - name: claim_id
    # the next model
    - name: other
      description: >-
            as   it
            is
"""


def _synced(text: str, change: Change | None = None) -> str:
    return synced(text, NAME, [contract(change)], [], frozenset({"is_not_negative"}))[0]


def _reorder(raw: dict[str, Any]) -> None:
    columns = raw["schema"][0]["properties"]
    columns.insert(0, columns.pop(2))


def _above(text: str) -> dict[str, str]:
    """Each comment on a line of its own with the first line below it that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return {one: other for one, other in pairwise(lines) if one.startswith("#")}


def test_a_comment_moves_with_the_column_below_it() -> None:
    assert _synced(COMMENTED) == COMMENTED
    new = _synced(COMMENTED, _reorder)
    assert _above(new) == {**_above(COMMENTED), "# last test": "- name: _loaded_at"}
    assert sorted(new.splitlines()) == sorted(COMMENTED.splitlines())


def test_a_column_goes_with_its_own_comments_alone() -> None:
    def change(raw: dict[str, Any]) -> None:
        del raw["schema"][0]["properties"][1:]

    gone = ("# who pays", "# last test", "# the money")
    kept = {one: other for one, other in _above(COMMENTED).items() if one not in gone}
    assert _above(_synced(COMMENTED, change)) == kept


def test_what_is_added_does_not_come_between_a_comment_and_what_it_is_about() -> None:
    def change(raw: dict[str, Any]) -> None:
        _loaded_at = column(raw, "_loaded_at")
        _loaded_at["unique"] = column(raw, "payer_kind")["unique"] = True
        new = {"name": "n", "logicalType": "integer", "physicalType": "bigint", "description": "d"}
        raw["schema"][0]["properties"].insert(2, new)
        raw["slaProperties"].append({"property": "endOfLife", "value": "2027-06-30"})

    new = _synced(COMMENTED, change)
    assert _above(new) == {**_above(COMMENTED), "# last test": "- name: n"}
    assert list(yaml.safe_load(new)["models"][0])[-1] == "deprecation_date"


def test_what_others_share_by_an_anchor_is_changed_in_one_place_only() -> None:
    new, old = yaml.safe_load(_synced(SHARED)), yaml.safe_load(SHARED)
    assert new["anchors"] == old["anchors"]
    assert new["models"][0] == old["models"][0]
    by_name = {each["name"]: each for each in new["models"][1]["columns"]}
    assert by_name["claim_id"]["data_tests"] == ["is_pseudonymous", "unique"]
    [values] = by_name["payer_kind"]["data_tests"]
    assert values["accepted_values"]["arguments"]["values"] == ["government", "private"]


def test_a_file_with_odd_indents_stays_yaml_and_says_the_same_of_other_models() -> None:
    new = _synced(INDENTED)
    one, other = yaml.safe_load(new)["models"]
    assert len(one["columns"]) == 4
    assert other == {"name": "other", "description": "as   it is"}
    assert "# the key\n" in new
    assert "# the next model\n" in new
    assert _synced(new) == new


def test_nothing_is_written_that_would_be_read_otherwise() -> None:
    text = "models:\n  - name: a\n    description: x\n"
    data = load(text, "m.yml")
    before = dumped(data)
    data["models"][0]["description"] = float("nan")  # equal to nothing, however it is written
    with pytest.raises(MeshError, match="cannot be changed without harm"):
        changed(text, before, data, "m.yml")


def test_a_file_of_comments_alone_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "models/fintech/gold/fct_fintech__claims.yml"
    path.parent.mkdir(parents=True)
    path.write_text("# to be described\n")
    made = project(tmp_path)
    monkeypatch.setattr(syncing, "open_project", lambda _: made)
    syncing.sync(tmp_path)
    assert path.read_text().startswith(f"# to be described\nmodels:\n  - name: {NAME}\n")


def test_lines_end_as_they_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "models/fintech/gold/fct_fintech__claims.yml"
    path.parent.mkdir(parents=True)
    path.write_bytes(INDENTED.replace("\n", "\r\n").encode())
    made = project(tmp_path)
    monkeypatch.setattr(syncing, "open_project", lambda _: made)
    [written] = syncing.sync(tmp_path)
    assert written.file == "models/fintech/gold/fct_fintech__claims.yml"
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 20


@pytest.mark.parametrize(
    "text",
    [
        "models:\n",
        "version: 2\nmodels:  # none yet\n",
        f"models:\n  - name: {NAME}\n    config:\n    columns:\n",
        f"models:\n  - name: {NAME}\n    versions:\n    config: {{meta: }}\n",
    ],
)
def test_what_is_empty_is_filled(text: str) -> None:
    new = _synced(text)
    [entry] = yaml.safe_load(new)["models"]
    assert (len(entry["columns"]), entry["config"]["meta"]["contract"]["version"]) == (4, "1.2.0")
    assert _synced(new) == new
