"""What is allowed follows from contract, purpose, class and mask; everything else is denied."""

from __future__ import annotations

import itertools
from copy import deepcopy
from pathlib import Path

import pytest

from mesh.access.decide import decide
from mesh.access.policy import Grant, Treatment
from mesh.access.source import read_source
from mesh.core.errors import MeshError
from tests.unit.access.projects import CLASSES, PURPOSES, ROLES, write, write_contract


def only(root: Path) -> Grant:
    (grant,) = decide(root).policy.grants
    return grant


def codes(root: Path) -> list[str]:
    return [finding.code for finding in decide(root).findings]


def test_without_a_contract_nobody_reads_anything(tmp_path: Path) -> None:
    assert decide(write(tmp_path)).policy.grants == ()


def test_a_class_that_a_role_does_not_list_is_hidden(tmp_path: Path) -> None:
    write_contract(write(tmp_path))
    grant = only(tmp_path)
    assert (grant.role, grant.name) == ("analyst", "fintech_gold.fct_fintech__payments")
    assert grant.columns == {
        "patient_key": Treatment("hidden"),
        "encounter_id": Treatment("hidden"),
        "amount": Treatment("masked", "rounded", "cast(round(amount, -1) as decimal(18, 2))"),
        "note": Treatment("hidden"),
        "paid_date": Treatment("masked", "by_year", "date_trunc('year', paid_date)"),
        "currency": Treatment("clear"),
    }


def test_a_column_without_a_known_class_counts_as_direct(tmp_path: Path) -> None:
    write_contract(
        write(tmp_path), columns=(("a", "varchar", "harmless"), ("b", "varchar", "none"))
    )
    assert only(tmp_path).classes == {"a": "direct", "b": "none"}
    assert only(tmp_path).columns["a"] == Treatment("hidden")


def test_a_direct_identifier_does_not_become_finer_by_its_name(tmp_path: Path) -> None:
    write_contract(write(tmp_path), columns=(("patient_key", "varchar", "direct"),))
    assert only(tmp_path).classes == {"patient_key": "direct"}


def test_a_domain_that_is_closed_to_a_kind_stays_closed(tmp_path: Path) -> None:
    write_contract(write(tmp_path), "medical", "visits", ("analyst",))
    assert not [g for g in decide(tmp_path).policy.grants if g.role == "analyst"]
    (finding,) = decide(tmp_path).findings
    assert finding.code == "A101"
    assert "medical is closed to bi" in finding.found
    assert finding.line > 0


def test_a_contract_alone_does_not_open_a_product(tmp_path: Path) -> None:
    write_contract(write(tmp_path), "fintech", "payments", ("clinician",))
    assert decide(tmp_path).policy.grants == ()
    assert codes(tmp_path) == ["A102"]


def test_a_role_that_does_not_exist_is_a_finding(tmp_path: Path) -> None:
    write_contract(write(tmp_path), roles=("anybody",))
    assert decide(tmp_path).policy.grants == ()
    assert codes(tmp_path) == ["A104"]


def test_a_steward_reads_the_own_domain_with_its_silver_tables(tmp_path: Path) -> None:
    write_contract(write(tmp_path), "medical", "visits", ())
    write_contract(tmp_path, "fintech", "payments", ())
    for layer in ("silver", "bronze", "identity"):
        folder = tmp_path / "models" / "medical" / layer
        folder.mkdir(parents=True)
        (folder / f"{layer}_medical__visits.sql").write_text("select 1")
    grants = decide(tmp_path).policy.grants
    assert {(g.role, g.name) for g in grants} == {
        ("medical_steward", "medical_gold.fct_medical__visits"),
        ("medical_steward", "medical_silver.silver_medical__visits"),
    }


@pytest.mark.parametrize(("joins", "how"), [([], "hidden"), (["fintech", "medical"], "clear")])
def test_identifiers_that_domains_share_need_a_purpose_that_joins_them(
    tmp_path: Path, joins: list[str], how: str
) -> None:
    purposes, roles = deepcopy(PURPOSES), deepcopy(ROLES)
    purposes["purposes"]["care"] |= {"products": ["medical.*", "fintech.*"], "joins": joins}
    write(tmp_path, purposes=purposes, roles=roles)
    write_contract(tmp_path, "medical", "visits", ("clinician",))
    write_contract(tmp_path, "fintech", "payments", ("clinician",))
    grants = [g for g in decide(tmp_path).policy.grants if g.role == "clinician"]
    assert [g.columns["encounter_id"].how for g in grants] == [how, how]


def test_the_shared_identifier_of_one_domain_alone_is_open(tmp_path: Path) -> None:
    write(tmp_path)
    write_contract(tmp_path, "medical", "visits", ("clinician",))
    (grant,) = [g for g in decide(tmp_path).policy.grants if g.role == "clinician"]
    assert grant.columns["encounter_id"].how == "clear"


def test_an_exception_and_a_row_filter_are_taken_over(tmp_path: Path) -> None:
    roles = deepcopy(ROLES)
    roles["roles"]["analyst"] |= {
        "exceptions": {"fintech.payments": {"amount": "clear", "currency": "hidden"}},
        "rows": {"fintech.payments": {"keep": "amount > 0", "because": "refunds are not theirs"}},
    }
    write_contract(write(tmp_path, roles=roles))
    grant = only(tmp_path)
    assert grant.keep == "amount > 0"
    assert grant.columns["amount"].how == "clear"
    assert grant.columns["currency"].how == "hidden"


@pytest.mark.parametrize(
    "keep",
    ["is_suppressed", "amount > (select 0)", "amount >", "amount > 0; drop table x",
     "amount in (select amount from other)", "other.amount > 0"],
)  # fmt: skip
def test_a_row_filter_is_a_condition_over_the_products_columns(tmp_path: Path, keep: str) -> None:
    roles = deepcopy(ROLES)
    roles["roles"]["analyst"]["rows"] = {"fintech.payments": {"keep": keep, "because": "b"}}
    write_contract(write(tmp_path, roles=roles))
    assert codes(tmp_path) == ["A107"]


WEAK = (
    "coalesce(amount, 0) > 0", "amount + 0 > 0", "amount > 0 or amount < 5", "random() < 0.5",
    "not (amount > 0 and amount < 5)", "amount > amount", "cast(amount as varchar) = '1'",
    "currency like 'a%'", "amount in (1, amount)",
)  # fmt: skip
STRONG = (
    "amount > 0", "not amount > 0", "amount > 0 and amount <= 5", "0 < amount",
    "currency not in ('a', 'b')", "amount is not null", "amount between -1 and 5",
    "(amount > 0) and not (currency in ('a'))",
)  # fmt: skip


@pytest.mark.parametrize("keep", [*WEAK, *STRONG])
def test_a_row_filter_is_one_that_the_engine_asks_first(tmp_path: Path, keep: str) -> None:
    roles = deepcopy(ROLES)
    roles["roles"]["analyst"]["rows"] = {"fintech.payments": {"keep": keep, "because": "b"}}
    write_contract(write(tmp_path, roles=roles))
    assert codes(tmp_path) == (["A109"] if keep in WEAK else [])


def test_an_exception_is_about_a_column_of_the_product(tmp_path: Path) -> None:
    roles = deepcopy(ROLES)
    roles["roles"]["analyst"]["exceptions"] = {"fintech.payments": {"amont": "clear"}}
    write_contract(write(tmp_path, roles=roles))
    assert codes(tmp_path) == ["A107"]


def test_a_name_that_is_a_pattern_is_refused(tmp_path: Path) -> None:
    write_contract(write(tmp_path), columns=(("a.*", "varchar", "none"),))
    assert "A103" in codes(tmp_path)


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("roles", {"catalog": "lake.*"}, "lower-case"),
        ("roles", {"extra": 1}, "Extra inputs"),
        (
            "purposes",
            {"purposes": {"p": {"because": "b", "products": ["fintech"]}}},
            "domain.product",
        ),
        ("classes", {"derived": {"odd": {}}}, "derived.odd is no class"),
        ("classes", {"closed": {"medical": {"kinds": ["odd"], "because": "b"}}}, "kind odd"),
    ],
)
def test_what_is_not_known_is_refused_with_its_place(
    tmp_path: Path, file: str, change: dict[str, object], message: str
) -> None:
    parts = {"classes": deepcopy(CLASSES), "purposes": deepcopy(PURPOSES), "roles": deepcopy(ROLES)}
    parts[file] |= change
    write(tmp_path, **parts)
    with pytest.raises(MeshError, match=message) as caught:
        read_source(tmp_path)
    assert str(caught.value.where).startswith(f"access/{file}.yml")


@pytest.mark.parametrize(
    ("key", "value"),
    [("purposes", ["odd"]), ("sees", {"odd": "clear"}), ("sees", {"none": "odd"}),
     ("steward_of", "odd")],
)  # fmt: skip
def test_a_role_names_only_what_exists(tmp_path: Path, key: str, value: object) -> None:
    roles = deepcopy(ROLES)
    roles["roles"]["analyst"][key] = value
    with pytest.raises(MeshError, match="odd"):
        read_source(write(tmp_path, roles=roles))


class TestThisMesh:
    """The rules of this repository keep what they promise."""

    def test_medical_data_is_closed_to_reporting(self) -> None:
        source, policy = read_source(), decide().policy
        closed = {n for n, role in source.roles.items() if role.kind in ("bi", "partner", "public")}
        assert {"analyst", "site_manager", "public_reporting", "pharma_partner"} <= closed
        for grant in policy.grants:
            if grant.role in closed:
                assert not grant.schema.startswith("medical_")
                shown = {n for n, c in grant.classes.items() if grant.columns[n].how != "hidden"}
                assert "health" not in {grant.classes[name] for name in shown}, grant

    def test_only_stewards_read_below_gold_and_only_their_domain(self) -> None:
        for grant in decide().policy.grants:
            domain, _, layer = grant.schema.rpartition("_")
            assert layer in ("gold", "silver"), grant.name
            if layer == "silver":
                assert grant.role == f"{domain}_steward"

    def test_direct_identifiers_and_free_text_are_for_stewards_only(self) -> None:
        for grant in decide().policy.grants:
            for name, class_ in grant.classes.items():
                if class_ in ("direct", "free_text") and grant.columns[name].how != "hidden":
                    assert grant.role.endswith("_steward")

    def test_those_who_read_two_domains_cannot_join_them(self) -> None:
        for role in ("supply_planner", "data_scientist", "analyst", "privacy_officer"):
            shown = {
                (grant.schema, name)
                for grant in decide().policy.grants
                if grant.role == role
                for name, class_ in grant.classes.items()
                if class_ == "link" and grant.columns[name].how != "hidden"
            }
            assert not shown, role

    def test_nobody_sees_the_same_figure_of_a_person_in_two_domains(self) -> None:
        """Equal figures would put the rows of both side by side, whatever their keys are."""
        seen: dict[str, dict[str, set[str]]] = {}
        for grant in decide().policy.grants:
            if "pseudonym" in grant.classes.values() and not grant.role.endswith("_steward"):
                domain, _, _ = grant.product.partition(".")
                seen.setdefault(grant.role, {}).setdefault(domain, set()).update(
                    name
                    for name, class_ in grant.classes.items()
                    if class_ in ("health", "sensitive") and grant.columns[name].how == "clear"
                )
        assert seen["data_scientist"].keys() == {"patients", "medical", "analytics"}
        for role, domains in seen.items():
            for one, other in itertools.combinations(sorted(domains), 2):
                assert not domains[one] & domains[other], role

    def test_sample_queries_of_contracts_name_roles_that_may_run_them(self) -> None:
        import sqlglot
        from sqlglot import exp

        from mesh.access.simulate import Simulator, Table
        from mesh.access.trino import compile_rules
        from mesh.contracts.lint import lint_file
        from mesh.core.paths import ROOT

        policy = decide().policy
        simulator = Simulator(compile_rules(policy))
        asked = 0
        for path in sorted((ROOT / "contracts").rglob("*.odcs.yaml")):
            contract, _ = lint_file(path)
            assert contract is not None
            for query in contract.sample_queries:
                tree = sqlglot.parse_one(query["sql"], dialect="trino")
                columns = {column.name for column in tree.find_all(exp.Column)}
                schema, _, name = contract.table.physical_name.partition(".")
                known = {column.name for column in contract.table.columns}
                table = Table(policy.catalog, schema, name)
                assert simulator.selects(query["role"], table, columns & known), query
                asked += 1
        assert asked > 50
