"""Changes that leave names and types alone, and still mislead who reads the product."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mesh.contracts.changes import compare
from mesh.contracts.versions import step_between
from tests.unit.contracts.made import Change, Raw, column, compared, contract, table_rule

CENT = {"logicalType": "number", "physicalType": "decimal(18, 2)", "classification": "sensitive"}


def _before(raw: Raw) -> None:
    charge = column(raw, "charge_amount")
    charge.update(physicalName="charge_amount", transformLogic="sum(x)")
    raw["schema"][0]["properties"].insert(
        3, {"name": "paid_amount", "description": "What was paid.", **CENT}
    )
    column(raw, "claim_id")["relationships"] = [{"type": "foreignKey", "to": "t.claim_id"}]
    raw["schema"][0]["relationships"] = [
        {"type": "foreignKey", "from": ["a.x", "a.y"], "to": ["b.x", "b.y"]}
    ]
    raw["servers"][0].update(environment="prod", roles=[{"role": "porter"}])
    raw["team"]["members"] = [{"username": "one"}, {"username": "two"}]
    table_rule(raw).update(unit="rows", schedule="0 * * * *", scheduler="cron")


def _values(raw: Raw) -> Raw:
    rule: Raw = column(raw, "payer_kind")["quality"][0]
    return rule


def _swap_names(raw: Raw) -> None:
    one, other = column(raw, "charge_amount"), column(raw, "paid_amount")
    one["name"], other["name"] = other["name"], one["name"]


CHANGES: dict[str, tuple[Change, str, str, str]] = {
    "stored under another name": (
        lambda r: column(r, "charge_amount").update(physicalName="chg"),
        "physical_name_changed", "breaking", "charge_amount",
    ),
    "encrypted twin added": (
        lambda r: column(r, "charge_amount").update(encryptedName="charge_x"),
        "encryption_changed", "risky", "charge_amount",
    ),
    "derived otherwise": (
        lambda r: column(r, "charge_amount").update(transformLogic="sum(x) * 1.2"),
        "derivation_changed", "risky", "charge_amount",
    ),
    "derivation no longer said": (
        lambda r: column(r, "charge_amount").pop("transformLogic"),
        "derivation_changed", "risky", "charge_amount",
    ),
    "server of another environment": (
        lambda r: r["servers"][0].update(environment="test"),
        "environment_changed", "breaking", "servers[lake]",
    ),
    "role of a server removed": (
        lambda r: r["servers"][0]["roles"].pop(), "role_removed", "breaking",
        "servers[lake].roles[porter]",
    ),
    "foreign key of a column removed": (
        lambda r: column(r, "claim_id").pop("relationships"),
        "relationship_removed", "risky", "claim_id",
    ),
    "foreign key of the table removed": (
        lambda r: r["schema"][0].pop("relationships"), "relationship_removed", "risky", "table",
    ),
    "figure in percent": (
        lambda r: table_rule(r).update(unit="percent"),
        "rule_changed", "breaking", "table.quality[enough]",
    ),
    "measured less often": (
        lambda r: table_rule(r).update(schedule="0 0 1 1 *"),
        "rule_rescheduled", "risky", "table.quality[enough]",
    ),
    "list of values gone": (
        lambda r: _values(r)["arguments"].pop("validValues"),
        "rule_loosened", "breaking", "payer_kind.quality[known_values]",
    ),
    "role may read no more": (
        lambda r: r["roles"][0].update(access="none"), "role_changed", "breaking", "roles[analyst]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_silent_change_is_told_alone_with_its_class(name: str) -> None:
    change, what, kind, element = CHANGES[name]
    [hit] = compared(_before, change, "1.2.0")
    step = {"breaking": "major", "risky": "minor"}[kind]
    assert (hit.change, hit.kind, hit.element, hit.required_step) == (what, kind, element, step)
    assert not hit.step_ok
    [stepped] = compared(_before, change, "1.3.0")
    assert stepped.step_ok is (kind == "risky")


def test_columns_that_trade_their_names_are_told_and_nothing_else() -> None:
    found = compared(lambda r: (_before(r), _bare(r)), _swap_names, "1.3.0")
    told = {
        (c.element, c.change, c.kind, c.step_ok) for c in found if c.change == "columns_swapped"
    }
    assert told == {
        ("charge_amount", "columns_swapped", "breaking", False),
        ("paid_amount", "columns_swapped", "breaking", False),
    }
    assert {c.change for c in found} == {"columns_swapped"}


def _bare(raw: Raw) -> None:
    column(raw, "charge_amount").pop("physicalName")


def test_descriptions_that_move_in_a_chain_are_no_trade_of_names() -> None:
    def change(raw: Raw) -> None:
        paid = column(raw, "paid_amount")["description"]
        column(raw, "charge_amount").update(description=paid)
        column(raw, "paid_amount").update(description="Something new.")

    assert "columns_swapped" not in {each.change for each in compared(_before, change, "1.2.0")}


def _valid(*values: object) -> Callable[[Raw], None]:
    def change(raw: Raw) -> None:
        _values(raw)["arguments"]["validValues"] = list(values)

    return change


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [((1,), ("1",), ["values_changed"]), ((1,), (1.0,), []), ((1,), (1,), [])],
)
def test_a_value_of_another_type_is_another_value(
    old: tuple[object], new: tuple[object], changes: list[str]
) -> None:
    found = compare(contract(_valid(*old)), contract(_valid(*new)))
    assert [each.change for each in found] == changes


def test_who_joins_or_leaves_is_told_and_breaks_nothing() -> None:
    def joined(raw: Raw) -> None:
        raw["servers"][0]["roles"].append({"role": "clerk"})

    found = compared(_before, joined, "1.3.0")
    assert [(each.element, each.kind) for each in found] == [("servers[lake].roles[clerk]", "safe")]

    found = compared(_before, lambda r: r["team"]["members"].pop(), "1.2.1")
    assert [(each.change, each.step_ok) for each in found] == [("members_changed", True)]


def test_none_at_all_is_the_same_in_rows_and_in_percent() -> None:
    found = compared(_before, lambda r: _values(r).update(unit="percent"), "1.2.1")
    assert [(each.change, each.step_ok) for each in found] == [("reworded", True)]


def test_the_second_comparison_of_a_rule_counts_too() -> None:
    """The schema of 3.1 allows one; a later version may allow more."""

    def later(raw: Raw) -> None:
        raw["apiVersion"] = "v3.9.0"

    both = contract(lambda r: (later(r), table_rule(r).update(mustBeLessThan=99)))
    [hit] = compare(both, contract(later))
    assert (hit.change, hit.kind) == ("rule_loosened", "breaking")
    [back] = compare(contract(later), both)
    assert (back.change, back.kind) == ("rule_tightened", "safe")


def test_a_relationship_is_not_changed_by_its_words() -> None:
    def change(raw: Raw) -> None:
        column(raw, "claim_id")["relationships"] = [{"to": "t.claim_id"}]

    assert compared(_before, change, "1.2.0") == []


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [("1.0.0", "1.0.0-alpha", "back"), ("1.0.0-rc.2", "1.0.0-rc.1", "back"),
     ("1.0.0-rc.2", "1.0.0-rc.10", "none"), ("1.0.0-rc.1", "1.0.0-rc", "back"),
     ("1.0.0-1", "1.0.0-a", "none"), ("1.0.0-9", "1.0.0-" + "1" * 5000, "none"),
     ("1.0.0+a-b", "1.0.0+c", "none"), ("1.0.0-rc.1", "1.1.0-rc.1", "minor")],
)  # fmt: skip
def test_pre_releases_are_ordered(old: str, new: str, step: str) -> None:
    assert step_between(old, new) == step


@pytest.mark.parametrize(
    ("version", "change"),
    [("1.1.9", "version_lowered"), ("1.2.0-rc.1", "version_lowered"),
     ("1.3.0-rc.1", "version_unstable")],
)  # fmt: skip
def test_a_version_that_goes_back_or_is_no_release_is_refused(version: str, change: str) -> None:
    """Also beside another change, for which no such version is a step."""
    found = compared(_before, lambda r: r["roles"].pop(), version)
    assert {(each.change, each.kind, each.step_ok) for each in found} == {
        (change, "breaking", False),
        ("role_removed", "breaking", False),
    }


@pytest.mark.parametrize("before", ["active", "deprecated"])
@pytest.mark.parametrize("after", ["draft", "proposed"])
def test_what_readers_rely_on_is_not_taken_back(before: str, after: str) -> None:
    [hit] = compared(lambda r: r.update(status=before), lambda r: r.update(status=after), "1.3.0")
    assert (hit.change, hit.kind, hit.step_ok) == ("withdrawn", "breaking", False)


@pytest.mark.parametrize(
    ("old", "new", "ok"),
    [("2.0.0-rc.1", "2.0.0-rc.2", True), ("2.0.0-rc.1", "2.0.0", True),
     ("2.0.0-rc.1", "2.0.0-rc.1", False), ("2.0.0-rc.2", "2.0.0-rc.1", False),
     ("1.2.0", "2.0.0-rc.1", True), ("1.2.0", "1.3.0-rc.1", False)],
)  # fmt: skip
def test_a_pre_release_promises_nothing(old: str, new: str, ok: bool) -> None:
    found = compared(lambda r: r.update(version=old), lambda r: r["roles"].pop(), new)
    assert "role_removed" in {each.change for each in found}
    assert all(each.step_ok for each in found) is ok
