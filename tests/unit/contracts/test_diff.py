"""Each kind of change is classified, and demands its step of the version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from mesh.contracts.changes import compare
from mesh.contracts.diff import changes_between
from mesh.contracts.versions import step_between
from tests.unit.contracts.made import Change, Raw, base, column, compared, contract, table_rule

TODAY = date(2026, 6, 1)


def _level(raw: Raw, name: str) -> Raw:
    level: Raw = next(each for each in raw["slaProperties"] if each["property"] == name)
    return level


def _values(raw: Raw, values: list[str]) -> None:
    column(raw, "payer_kind")["quality"][0]["arguments"]["validValues"] = values


def _drop(raw: Raw, name: str) -> None:
    raw["schema"][0]["properties"].remove(column(raw, name))


def _add(raw: Raw, at: int = 99, **fields: Any) -> None:
    new = {"logicalType": "string", "physicalType": "varchar", **fields}
    raw["schema"][0]["properties"].insert(at, new)


def _swap(raw: Raw) -> None:
    columns = raw["schema"][0]["properties"]
    columns[0], columns[1] = columns[1], columns[0]


CHANGES: dict[str, tuple[Change, str, str, str]] = {
    "column dropped": (lambda r: _drop(r, "payer_kind"), "column_dropped", "breaking", "major"),
    "column renamed": (
        lambda r: column(r, "payer_kind").update(name="payer_type"),
        "column_renamed", "breaking", "major",
    ),
    "column retyped": (
        lambda r: column(r, "payer_kind").update(logicalType="integer", physicalType="bigint"),
        "column_retyped", "breaking", "major",
    ),
    "column narrowed": (
        lambda r: column(r, "charge_amount").update(physicalType="decimal(10, 2)"),
        "column_narrowed", "breaking", "major",
    ),
    "column widened": (
        lambda r: column(r, "charge_amount").update(physicalType="decimal(20, 2)"),
        "column_widened", "risky", "minor",
    ),
    "made nullable": (
        lambda r: column(r, "charge_amount").pop("required"), "made_nullable", "breaking", "major",
    ),
    "made required": (
        lambda r: column(r, "payer_kind").update(required=True), "made_required", "safe", "minor",
    ),
    "column added": (lambda r: _add(r, name="new"), "column_added", "safe", "minor"),
    "column added in between": (
        lambda r: _add(r, 1, name="n"), "columns_shifted", "risky", "minor",
    ),
    "columns reordered": (_swap, "columns_reordered", "risky", "minor"),
    "key changed": (
        lambda r: column(r, "payer_kind").update(primaryKey=True, primaryKeyPosition=2),
        "key_changed", "breaking", "major",
    ),
    "grain changed": (
        lambda r: r["schema"][0].update(dataGranularityDescription="One row per line"),
        "grain_changed", "breaking", "major",
    ),
    "uniqueness dropped": (
        lambda r: column(r, "claim_id").pop("unique"), "uniqueness_dropped", "breaking", "major",
    ),
    "unit changed": (
        lambda r: column(r, "charge_amount")["customProperties"][0].update(value="EUR"),
        "unit_changed", "breaking", "major",
    ),
    "meaning changed": (
        lambda r: column(r, "charge_amount").update(businessName="Payments"),
        "meaning_changed", "risky", "minor",
    ),
    "format changed": (
        lambda r: column(r, "claim_id").update(logicalTypeOptions={"pattern": "b+"}),
        "format_changed", "breaking", "major",
    ),
    "range loosened": (
        lambda r: column(r, "charge_amount").update(logicalTypeOptions={"minimum": -5}),
        "range_loosened", "breaking", "major",
    ),
    "range tightened": (
        lambda r: column(r, "charge_amount").update(logicalTypeOptions={"minimum": 1}),
        "range_tightened", "safe", "minor",
    ),
    "value added": (
        lambda r: _values(r, ["government", "private", "x"]), "value_added", "risky", "minor",
    ),
    "value removed": (lambda r: _values(r, ["private"]), "value_removed", "breaking", "major"),
    "rule loosened": (
        lambda r: table_rule(r).update(mustBeGreaterThan=1), "rule_loosened", "breaking", "major",
    ),
    "rule tightened": (
        lambda r: table_rule(r).update(mustBeGreaterThan=100), "rule_tightened", "safe", "minor",
    ),
    "rule only warns": (
        lambda r: table_rule(r).update(severity="warning"), "rule_loosened", "breaking", "major",
    ),
    "rule removed": (
        lambda r: r["schema"][0].pop("quality"), "rule_removed", "breaking", "major",
    ),
    "rule added": (
        lambda r: r["schema"][0]["quality"].append({"id": "n", "metric": "rowCount", "mustBe": 1}),
        "rule_added", "safe", "minor",
    ),
    "freshness lowered": (
        lambda r: _level(r, "freshness").update(value=2, unit="d"),
        "service_level_lowered", "breaking", "major",
    ),
    "freshness raised": (
        lambda r: _level(r, "freshness").update(value=90, unit="minutes"),
        "service_level_raised", "safe", "minor",
    ),
    "availability lowered": (
        lambda r: _level(r, "availability").update(value=99),
        "service_level_lowered", "breaking", "major",
    ),
    "retention shortened": (
        lambda r: _level(r, "retention").update(value=18, unit="months"),
        "retention_shortened", "breaking", "major",
    ),
    "level removed": (
        lambda r: r["slaProperties"].pop(0), "service_level_removed", "breaking", "major",
    ),
    "level added": (
        lambda r: r["slaProperties"].append({"property": "timeToRepair", "value": 4, "unit": "h"}),
        "service_level_added", "safe", "minor",
    ),
    "end announced": (
        lambda r: r["slaProperties"].append({"property": "endOfLife", "value": "2027-01-01"}),
        "end_announced", "risky", "minor",
    ),
    "classification raised": (
        lambda r: column(r, "payer_kind").update(classification="sensitive"),
        "classification_raised", "breaking", "major",
    ),
    "classification lowered": (
        lambda r: column(r, "charge_amount").update(classification="none"),
        "classification_lowered", "risky", "minor",
    ),
    "owner changed": (
        lambda r: r.update(team={"name": "Other team"}), "owner_changed", "risky", "minor",
    ),
    "deprecated": (lambda r: r.update(status="deprecated"), "deprecated", "risky", "minor"),
    "retired": (lambda r: r.update(status="retired"), "retired", "breaking", "major"),
    "table moved": (
        lambda r: r["schema"][0].update(physicalName="fintech_gold.other"),
        "table_moved", "breaking", "major",
    ),
    "address moved": (lambda r: r.update(domain="medical"), "address_moved", "breaking", "major"),
    "server moved": (
        lambda r: r["servers"][0].update(catalog="other"), "server_moved", "breaking", "major",
    ),
    "role removed": (lambda r: r["roles"].pop(), "role_removed", "breaking", "major"),
    "role added": (lambda r: r["roles"].append({"role": "new"}), "role_added", "safe", "minor"),
    "price changed": (
        lambda r: r.update(price={"priceAmount": 1}), "price_changed", "risky", "minor",
    ),
    "reworded": (
        lambda r: column(r, "claim_id").update(description="Other words."),
        "reworded", "safe", "patch",
    ),
    "purpose reworded": (
        lambda r: r["description"].update(purpose="other"), "reworded", "safe", "patch",
    ),
}  # fmt: skip


def old_raw(raw: Raw) -> None:
    column(raw, "claim_id").update(unique=True, logicalTypeOptions={"pattern": "a+"})


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_named_classified_and_stepped(name: str) -> None:
    change, what, kind, step = CHANGES[name]
    [hit] = [each for each in compared(old_raw, change, "1.2.0") if each.change == what]
    assert (hit.kind, hit.required_step, hit.step_ok) == (kind, step, False)
    assert hit.message
    assert hit.element
    after = {"major": "2.0.0", "minor": "1.3.0", "patch": "1.2.1"}[step]
    stepped = [each for each in compared(old_raw, change, after) if each.change == what]
    assert [each.step_ok for each in stepped] == [True] or step == "major"


@pytest.mark.parametrize(
    "name", [name for name, entry in CHANGES.items() if entry[2] == "breaking"]
)
def test_a_breaking_change_is_not_content_with_a_minor_step(name: str) -> None:
    change, what, _, _ = CHANGES[name]
    hit = next(each for each in compared(old_raw, change, "1.3.0") if each.change == what)
    assert not hit.step_ok


@pytest.mark.parametrize("name", CHANGES)
def test_nothing_else_is_told_but_what_changed(name: str) -> None:
    change, what, _, _ = CHANGES[name]
    allowed = {
        "column renamed": {"column_renamed"},
        "column added in between": {"columns_shifted", "column_added"},
        "table moved": {"table_moved"},
    }.get(name, {what})
    assert {each.change for each in compared(old_raw, change, "1.2.0")} == allowed


def test_equal_contracts_have_no_changes() -> None:
    assert compare(contract(), contract()) == []


def test_a_column_of_another_meaning_is_dropped_and_added() -> None:
    def change(raw: Raw) -> None:
        column(raw, "payer_kind").update(name="weather", description="How it was.")

    found = {each.change for each in compare(contract(), contract(change))}
    assert found == {"column_dropped", "column_added"}


def test_nested_fields_are_compared() -> None:
    def nested(kind: str) -> Callable[[Raw], None]:
        def change(raw: Raw) -> None:
            inner = {"name": "a", "logicalType": "string", "physicalType": kind}
            outer = {"logicalType": "object", "physicalType": f"row(a {kind})"}
            _add(raw, name="o", properties=[inner], **outer)

        return change

    found = compare(contract(nested("varchar")), contract(nested("varchar(3)")))
    assert {(each.element, each.change) for each in found} == {
        ("o", "column_narrowed"), ("o.a", "column_narrowed"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [("1.0.0", "2.0.0", "major"), ("1.0.0", "1.1.0", "minor"), ("1.0.0", "1.0.1", "patch"),
     ("1.0.0", "1.0.0", "none"), ("1.1.0", "1.0.9", "back"), ("1.0.0-rc.1", "1.0.0", "none")],
)  # fmt: skip
def test_a_step_is_the_first_number_that_grows(old: str, new: str, step: str) -> None:
    assert step_between(old, new) == step


def test_a_version_that_goes_back_is_told() -> None:
    found = compare(contract(), contract(lambda r: r.update(version="1.1.9")))
    assert [(each.change, each.step_ok) for each in found] == [("version_lowered", False)]


def test_before_one_a_minor_step_may_break() -> None:
    old = contract(lambda r: r.update(version="0.1.0"))

    def change(raw: Raw) -> None:
        raw["version"] = "0.2.0"
        _drop(raw, "payer_kind")

    [hit] = compare(old, contract(change))
    assert (hit.kind, hit.required_step, hit.step_ok) == ("breaking", "minor", True)


def _second(raw: Raw) -> None:
    raw["version"] = "2.0.0"
    raw["schema"][0]["physicalName"] = "fintech_gold.fct_fintech__claims_v2"
    _drop(raw, "payer_kind")


def test_a_second_version_beside_the_first_is_safe() -> None:
    changes = list(changes_between([contract()], [contract(), contract(_second)], TODAY))
    assert [c.change for _, found in changes for c in found] == ["version_added"]


def test_a_version_that_replaces_the_first_in_place_is_refused() -> None:
    [(_, found), (_, [added])] = changes_between([contract()], [contract(_second)], TODAY)
    assert (added.change, "in place of v1" in added.message) == ("version_added", True)
    removed = next(each for each in found if each.change == "version_removed")
    assert (removed.kind, removed.step_ok) == ("breaking", False)
    assert "beside its successor" in removed.message
    assert any(each.change == "column_dropped" for each in found)


def test_a_version_that_goes_from_beside_one_that_stays_is_no_product_that_goes() -> None:
    """Nor is what differs between the two told: it was so before."""
    for old, new, kept in (
        ([contract()], [], [contract(_second)]),
        ([contract(), contract(_second)], [contract(_second)], []),
    ):
        found = [c for _, changes in changes_between(old, new, TODAY, kept) for c in changes]
        assert [(c.change, c.step_ok) for c in found] == [("version_removed", False)]
        assert "beside its successor" in found[0].message
    [(_, [young])] = changes_between([contract(_second)], [], TODAY, [contract()])
    assert young.change == "version_removed"
    assert "successor" not in young.message  # an earlier one is none


def test_a_third_version_beside_two_that_stay_is_no_new_product() -> None:
    def change(raw: Raw) -> None:
        _second(raw)
        raw["version"] = "3.0.0"

    third = contract(change)
    [(_, [hit])] = changes_between([], [third], TODAY, [contract(_second), contract()])
    assert (hit.change, hit.message.rpartition(" ")[2]) == ("version_added", "v2")


def _ending(raw: Raw) -> None:
    raw["slaProperties"].append({"property": "endOfLife", "value": "2026-05-31"})


def test_a_first_version_that_goes_back_is_no_product_that_goes() -> None:
    before = contract(lambda r: r.update(version="1.0.0"))
    after = contract(lambda r: r.update(version="0.9.0"))
    (_, [removed, *_]), *_ = changes_between([before], [after], TODAY)
    assert not removed.step_ok
    assert removed.message == "the version went back from 1.0.0 to 0.9.0"


def test_a_version_may_go_after_its_end() -> None:
    [(_, found)] = [
        pair for pair in changes_between([contract(_ending)], [contract(_second)], TODAY)
        if pair[0].major == 1
    ]  # fmt: skip
    assert [(each.change, each.step_ok) for each in found] == [("version_removed", True)]


def test_a_product_that_vanishes_is_breaking() -> None:
    [(_, [hit])] = changes_between([contract()], [], TODAY)
    assert (hit.change, hit.step_ok) == ("product_removed", False)


def test_a_product_that_moves_is_the_same_product() -> None:
    moved = contract(lambda r: r.update(domain="medical", version="2.0.0"))
    [(_, found)] = changes_between([contract()], [moved], TODAY)
    assert "address_moved" in {each.change for each in found}


@pytest.mark.parametrize("change", [{"domain": "medical"}, {"name": "bills"}])
def test_an_address_that_moves_stays_until_its_end(change: dict[str, str]) -> None:
    """A major step alone does not do: whoever reads it would find nothing."""
    moved = contract(lambda r: r.update(**change, version="2.0.0"))
    for old, ok in ((contract(), False), (contract(_ending), True)):
        [(_, found)] = changes_between([old], [moved], TODAY)
        [gone] = [each for each in found if each.change == "version_removed"]
        assert gone.step_ok is ok
        assert gone.product == "data://fintech/claims/v1"


def test_json_has_the_promised_fields() -> None:
    [hit] = compare(contract(), contract(lambda r: _drop(r, "payer_kind")))
    assert set(hit.as_json()) == {
        "product", "element", "change", "class", "required_step", "step_ok", "hurt", "message",
    }  # fmt: skip
    assert base()["version"] == "1.2.0"
