"""Consumers, the end of a version, who is hurt, and the verbs that tell of changes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mesh.cli.check import checks
from mesh.cli.contract import contracts as contract_verbs
from mesh.contracts.address import find_contract
from mesh.contracts.changes import compare
from mesh.contracts.consumers import Consumer, read_consumers, unknown_uses
from mesh.contracts.gate import require_contracts
from mesh.contracts.house import house_rules
from mesh.contracts.hurt import readers, with_hurt
from mesh.contracts.migration import migration_note
from mesh.contracts.project import open_project
from mesh.contracts.retirement import retirement
from mesh.core.errors import Findings, InputError
from mesh.core.paths import ROOT
from tests.unit.build import dbt_files
from tests.unit.contracts.made import base, column, contract, model, project, text

run = CliRunner()
END = date(2027, 6, 30)
REGISTER = """\
consumers:
  - consumer: Receivables desk
    product: data://fintech/claims/v1
    columns: [claim_id, charge_amount]
    contact: receivables@example.org
  - consumer: Report
    product: fintech/claims
    version: v1
    columns: [payer_kind]
    contact: report@example.org
    acknowledged: [v2]
"""


def _register(root: Path, text_: str = REGISTER) -> None:
    (root / "access").mkdir(exist_ok=True)
    (root / "access" / "consumers.yml").write_text(text_)


def _ending(raw: dict[str, Any]) -> None:
    raw["slaProperties"].append({"property": "endOfLife", "value": END.isoformat()})


def test_consumers_are_read(tmp_path: Path) -> None:
    _register(tmp_path)
    found, findings = read_consumers(tmp_path)
    assert findings == []
    assert [(c.name, c.domain, c.product, c.major) for c in found] == [
        ("Receivables desk", "fintech", "claims", 1), ("Report", "fintech", "claims", 1),
    ]  # fmt: skip
    assert found[1].acknowledged == (2,)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("- {consumer: a, product: b}", "C561"),
        ("- {consumer: a, product: b, contact: c, colums: []}", "C561"),
        ("- nobody", "C561"),
        ("- {consumer: a, product: data://fintech/claims/vx, contact: c}", "C561"),
        ("- {consumer: a, product: data://fintech/claims/v1/more, contact: c}", "C561"),
        ("- {consumer: a, product: fintech/claims, version: latest, contact: c}", "C561"),
        ("- {consumer: a, product: fintech/claims/v1, version: 2, contact: c}", "C561"),
        ("- {consumer: a, product: fintech/claims, contact: c, acknowledged: [soon]}", "C561"),
        ("- {consumer: a, product: fintech/claims, contact: c, acknowledged: yes}", "C561"),
    ],
)
def test_a_bad_entry_of_the_register_is_told(tmp_path: Path, entry: str, code: str) -> None:
    _register(tmp_path, f"consumers:\n  {entry}\n")
    found, [hit] = read_consumers(tmp_path)
    assert found == []
    assert (hit.code, hit.line > 0) == (code, True)


def test_a_use_of_what_is_not_there_is_told() -> None:
    named = [
        Consumer("a", "fintech", "claims", 1, ("gone",), "c", ()),
        Consumer("b", "fintech", "claims", 9, (), "c", ()),
    ]
    assert [f.code for f in unknown_uses(named, [contract()])] == ["C563", "C562"]
    alone = Consumer("a", "", "nothing", None, (), "c", ())
    [hit] = unknown_uses([alone], [contract()])
    assert hit.found == "there is no product nothing"
    capital = Consumer("a", "fintech", "claims", 1, ("CLAIM_ID",), "c", ())
    assert list(unknown_uses([capital], [contract()])) == []


def _second(raw: dict[str, Any]) -> None:
    raw.update(version="2.0.0", id="fintech.claims.v2")
    raw["schema"][0]["physicalName"] += "_v2"


def test_an_agreement_to_a_version_that_no_contract_has_is_told_and_counts_nothing() -> None:
    agreed = Consumer("a", "fintech", "claims", 1, (), "c", (9,))
    ending = contract(_ending)
    [hit] = unknown_uses([agreed], [ending, contract(_second)])
    assert (hit.code, hit.expected) == ("C564", "versions of the product: v1, v2")
    assert [f.code for f in retirement([ending, contract(_second)], [agreed], END)] == ["C541"]
    there = Consumer("a", "fintech", "claims", 1, (), "c", (9, 2))
    assert [f.code for f in retirement([ending, contract(_second)], [there], END)] == ["C542"]
    assert [f.code for f in retirement([ending], [there], END)] == ["C541"]


def test_nothing_is_built_once_a_version_is_gone_before_its_consumers(tmp_path: Path) -> None:
    project(tmp_path, [base(), base(_second)])
    _register(tmp_path)
    require_contracts(tmp_path, END)
    (tmp_path / "contracts/fintech/claims.odcs.yaml").unlink()
    with pytest.raises(Findings, match="C562 Receivables desk"):
        require_contracts(tmp_path, END)


def test_a_version_past_its_end_names_who_is_left(tmp_path: Path) -> None:
    _register(tmp_path)
    consumers, _ = read_consumers(tmp_path)
    ending = contract(_ending)
    assert list(retirement([ending], consumers, date(2027, 6, 29))) == []
    [hit] = retirement([ending, contract(_second)], consumers, END)
    assert hit.code == "C541"
    assert "Receivables desk (receivables@example.org)" in hit.found
    assert "Report" not in hit.found  # it has acknowledged v2 early


def test_a_version_past_its_end_that_nobody_uses_is_a_warning() -> None:
    [hit] = retirement([contract(_ending)], [], END)
    assert (hit.code, hit.severity) == ("C542", "warning")


def test_a_deprecated_version_has_an_end() -> None:
    [hit] = retirement([contract(lambda r: r.update(status="deprecated"))], [], END)
    assert hit.code == "C543"


def test_nothing_is_built_past_the_end_with_consumers_left(tmp_path: Path) -> None:
    project(tmp_path, [base(_ending), base(_second)])
    _register(tmp_path)
    require_contracts(tmp_path, date(2027, 6, 29))
    with pytest.raises(Findings, match="Receivables desk"):
        require_contracts(tmp_path, END)
    _register(
        tmp_path, REGISTER.replace("    contact: rec", "    acknowledged: v2\n    contact: rec")
    )
    require_contracts(tmp_path, END)


def test_nothing_is_built_on_a_broken_contract(tmp_path: Path) -> None:
    project(tmp_path, [base(lambda r: r.update(version="one"))])
    with pytest.raises(Findings) as caught:
        require_contracts(tmp_path)
    assert caught.value.exit_code == 1
    assert "contracts/fintech/claims.odcs.yaml" in str(caught.value) or "C301" in str(caught.value)


def test_run_and_ci_stop_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    from mesh.build import ci
    from mesh.build.run import Options
    from mesh.build.run import run as run_mesh

    def refuse() -> None:
        raise Findings("a contract is broken")

    def started() -> None:
        raise AssertionError("the stack was started")

    monkeypatch.setattr("mesh.contracts.gate.require_contracts", refuse)
    monkeypatch.setattr("mesh.stack.lifecycle.up", started)
    for build in (lambda: run_mesh(Options()), ci.check):
        with pytest.raises(Findings, match="broken"):
            build()


def _reader(name: str, sql: str, *reads: str) -> dict[str, Any]:
    return dbt_files.model(
        name, fqn=("analytics", "silver"), raw_code=sql, depends_on={"nodes": list(reads)}
    )


CLAIMS = "model.mesh.fct_fintech__claims"


def _exposure(*reads: str) -> dict[str, Any]:
    return {
        "unique_id": "exposure.mesh.board", "name": "board", "type": "dashboard", "description": "",
        "owner": {"name": "x"}, "depends_on": {"nodes": list(reads)},
    }  # fmt: skip


def test_a_change_hurts_those_who_name_the_column(tmp_path: Path) -> None:
    claims = "{{ ref('fct_fintech__claims') }}"
    named = _reader("silver_a", f"select claim_id, payer_kind from {claims}", CLAIMS)
    joined = f"select c.charge_amount from {claims} as c inner join d on c.x = d.x"
    other = _reader("silver_b", joined, CLAIMS)
    beyond = _reader("silver_c", "select 1 as a from x", "model.mesh.silver_a")
    made = project(
        tmp_path, nodes=[model(), named, other, beyond],
        exposures={"x": _exposure("model.mesh.silver_c")},
    )  # fmt: skip
    _register(tmp_path)
    found = {r.name: r.columns for r in readers(made.manifest, made.gold[0])}
    assert found["silver_a"] == {"claim_id", "payer_kind"}
    assert found["silver_b"] == {"charge_amount", "x"}
    consumers, _ = read_consumers(tmp_path)
    old = contract()
    new = contract(lambda r: r["schema"][0]["properties"].remove(column(r, "payer_kind")))
    changes = with_hurt(compare(old, new), old, made.gold[0], made.manifest, consumers)
    [hit] = changes
    assert hit.hurt == (
        "model silver_a",
        "model silver_c through silver_a",
        "exposure board through silver_a",
        "consumer Report (report@example.org)",
    )


def test_a_star_reads_every_column(tmp_path: Path) -> None:
    star = _reader("silver_a", "select * from {{ ref('fct_fintech__claims') }}", CLAIMS)
    made = project(tmp_path, nodes=[model(), star])
    [reader] = readers(made.manifest, made.gold[0])
    assert reader.columns is None
    assert reader.uses(["anything"])


def test_the_readers_of_a_real_product_are_found() -> None:
    made = open_project()
    node = made.model_of(find_contract("fintech/claims"))
    assert node is not None
    found = {reader.name: reader for reader in readers(made.manifest, node)}
    direct = found["silver_analytics__encounter_costs"]
    assert direct.columns is not None
    assert "outstanding_amount" in direct.columns
    assert "department" not in direct.columns
    assert found["agg_analytics__site_performance"].through


def test_house_rules_hold_and_bite(tmp_path: Path) -> None:
    assert [f.lines() for f in house_rules(open_project())] == []
    wanted = {"C401", "C402", "C403", "C415", "C420", "C421"}

    def change(raw: dict[str, Any]) -> None:
        raw["id"] = "x"
        raw["name"] = "other"
        column(raw, "claim_id")["classification"] = "secret"
        column(raw, "claim_id").pop("description")

    made = project(tmp_path, [base(change)])
    (tmp_path / "contracts/fintech/other.odcs.yaml").rename(tmp_path / "contracts/x.odcs.yaml")
    moved = project(tmp_path, [], nodes=[model()])
    assert {f.code for f in house_rules(made)} >= wanted - {"C401"}
    assert "C401" in {f.code for f in house_rules(moved)}


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("select gone from fintech_gold.fct_fintech__claims", "no column gone"),
        ("select claim_id from elsewhere.t", "does not read"),
        ("select from", "does not parse"),
        ("drop table fintech_gold.fct_fintech__claims", "no query"),
        (
            'with "elsewhere.t" as (select 1 as claim_id) select claim_id from elsewhere.t',
            "does not read",
        ),
        (
            "with fct_fintech__claims as (select gone from fintech_gold.fct_fintech__claims) "
            "select gone from fct_fintech__claims",
            "no column gone",
        ),
    ],
)
def test_a_sample_query_is_held_against_the_contract(tmp_path: Path, sql: str, fault: str) -> None:
    def change(raw: dict[str, Any]) -> None:
        query = {"name": "q", "question": "?", "role": "analyst", "sql": sql}
        raw["customProperties"].append({"property": "sampleQueries", "value": [query]})

    found = [f for f in house_rules(project(tmp_path, [base(change)])) if f.code == "C430"]
    assert fault in found[0].found


def test_the_migration_note_says_what_to_do() -> None:
    note = migration_note(ROOT, "payers")
    assert "data://fintech/payers/v1" in note
    assert "2027-06-30" in note
    assert "revenue_amount is called premium_amount now" in note
    assert "premium_amount as revenue_amount" in note
    assert "Payer contracting" in note
    with pytest.raises(InputError, match="no earlier version"):
        migration_note(ROOT, "claims")


def test_lint_ends_with_its_exit_code_and_json(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(text(base()))
    bad.write_text(text(base(lambda r: r.update(version="one"))))
    assert run.invoke(contract_verbs, ["lint", str(good)]).exit_code == 0
    done = run.invoke(contract_verbs, ["lint", str(bad), "--format", "json"])
    assert done.exit_code == 1
    [row] = json.loads(done.stdout)
    assert {"file", "line", "column", "code", "found", "expected", "hint"} <= set(row)
    assert (row["code"], row["file"], row["line"]) == ("C301", str(bad), 5)
    both = run.invoke(contract_verbs, ["lint", str(tmp_path), "--format", "json"])
    assert {each["code"] for each in json.loads(both.stdout)} == {"C301"}
    absent = run.invoke(contract_verbs, ["lint", str(tmp_path / "absent.yaml")])
    assert isinstance(absent.exception, InputError)


def test_diff_of_two_files_ends_with_its_exit_code_and_json(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(text(base()))
    new.write_text(text(base(lambda r: column(r, "claim_id").update(physicalType="varchar(5)"))))
    done = run.invoke(contract_verbs, ["diff", str(old), str(new), "--format", "json"])
    assert done.exit_code == 1
    [row] = json.loads(done.stdout)
    assert (row["change"], row["class"], row["step_ok"]) == ("column_narrowed", "breaking", False)
    same = run.invoke(contract_verbs, ["diff", str(old), str(old), "--format", "json"])
    assert (same.exit_code, json.loads(same.stdout)) == (0, [])


def test_our_contracts_pass_their_check() -> None:
    done = run.invoke(checks, ["contracts", "--no-live", "--format", "json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])
    late = run.invoke(
        checks, ["contracts", "--no-live", "--as-of", "2027-07-01", "--format", "json"]
    )
    assert late.exit_code == 1
    assert "Payer contracting" in json.loads(late.stdout)[0]["found"]
