"""Who notices the change of a column: by whatever way SQL names it, and no further than it goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mesh.build.nodes import Manifest, Node
from mesh.contracts.changes import compare
from mesh.contracts.consumers import Consumer
from mesh.contracts.hurt import readers, with_hurt
from mesh.privacy.lineage import Lineage, analyse
from mesh.privacy.project import load
from tests.unit.build import dbt_files
from tests.unit.contracts.made import Change, column, contract, model, project

CLAIMS = "model.mesh.fct_fintech__claims"
SQL = "build.fintech_gold.fct_fintech__claims"


def _reader(name: str, sql: str, *reads: str) -> dict[str, Any]:
    return dbt_files.model(
        name,
        fqn=("analytics", "silver"),
        raw_code=sql,
        compiled_code=sql,
        depends_on={"nodes": list(reads or (CLAIMS,))},
        columns={},
    )


def _made(root: Path, *nodes: dict[str, Any], **changes: Any) -> tuple[Manifest, Node, Lineage]:
    made = project(root, nodes=[model(), *nodes], **changes)
    return made.manifest, made.gold[0], analyse(load(manifest=root / "manifest.json"))


def _hurt(
    known: tuple[Manifest, Node, Lineage], change: Change, consumers: Sequence[Consumer] = ()
) -> set[str]:
    """Whom the breaking changes hurt."""
    manifest, node, lineage = known
    old = contract()
    found = with_hurt(compare(old, contract(change)), old, node, manifest, consumers, lineage)
    assert found
    return {name for each in found for name in each.hurt}


def _drop(name: str) -> Change:
    return lambda raw: raw["schema"][0]["properties"].remove(column(raw, name))


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        (f"select d.a from {SQL} join d using (Claim_ID)", {"claim_id"}),
        (f"select p.payer_kind.city from {SQL} as p", {"payer_kind"}),
        (f"select payer_kind.city from {SQL}", {"payer_kind"}),
        (f"select p.payer_kind.city.part from {SQL} as p", {"payer_kind"}),
        (
            f"select fintech_gold.fct_fintech__claims.claim_id from {SQL}",
            {"fintech_gold", "claim_id"},
        ),
        (f"select payer_kind from {SQL} as p cross join payer_kind", {"payer_kind"}),
        (f"select p.a from {SQL} natural join d as p", None),
        (f"select p.a from {SQL} as p (a, b)", None),
        (f"select d.a from ({SQL} as p inner join d on p.claim_id = d.a)", {"claim_id"}),
        (f"select e from {SQL} as p cross join unnest(p.payer_kind) as u (e)", {"payer_kind", "e"}),
        (f"select count(*) as n from {SQL}", set()),
    ],
)
def test_whatever_names_a_column_reads_it(
    tmp_path: Path, sql: str, columns: set[str] | None
) -> None:
    manifest, node, lineage = _made(tmp_path, _reader("silver_a", sql))
    [found] = readers(manifest, node, lineage)
    assert found.columns == columns  # a schema may be a row: rather one name too many


def test_a_column_is_the_same_in_capitals(tmp_path: Path) -> None:
    known = _made(tmp_path, _reader("silver_a", f"select PAYER_KIND from {SQL}"))
    manifest, node, lineage = known
    [reader] = readers(manifest, node, lineage)
    assert reader.uses(["Payer_Kind"])
    report = Consumer("Report", "fintech", "claims", 1, ("Payer_Kind",), "c", ())
    assert _hurt(known, _drop("payer_kind"), [report]) == {
        "model silver_a",
        "consumer Report (c)",
    }


def test_beyond_the_first_hop_only_those_are_named_that_the_column_comes_to(
    tmp_path: Path,
) -> None:
    first = "select claim_id, payer_kind as kind, charge_amount from " + SQL
    silver = "build.analytics_silver."
    a, b = "model.mesh.silver_a", "model.mesh.silver_b"
    known = _made(
        tmp_path,
        _reader("silver_a", first),
        _reader("silver_b", f"select claim_id, upper(kind) as k from {silver}silver_a", a),
        _reader("silver_c", f"select claim_id from {silver}silver_a", a),
        _reader("silver_d", f"select count(k) as n from {silver}silver_b", b),
        _reader("silver_e", f"select claim_id from {silver}silver_b", b),
        _reader("silver_f", f"select count(*) as n from {silver}silver_b where k = 'x'", b),
        _reader("silver_g", "select this is no query", b),
        exposures={
            name: {
                "unique_id": f"exposure.mesh.{name}", "name": name, "type": "dashboard",
                "description": "", "owner": {"name": "x"},
                "depends_on": {"nodes": [f"model.mesh.silver_{name[-1]}"]},
            }
            for name in ("board_c", "board_d")
        },
    )  # fmt: skip
    assert _hurt(known, _drop("payer_kind")) == {
        "model silver_a",
        "model silver_b through silver_a",
        "model silver_d through silver_a",
        "model silver_f through silver_a",
        "model silver_g through silver_a",  # not to be read: rather one too many
        "exposure board_d through silver_a",
    }


def test_what_decides_the_rows_of_a_model_comes_to_all_that_is_built_from_it(
    tmp_path: Path,
) -> None:
    a = "model.mesh.silver_a"
    known = _made(
        tmp_path,
        _reader("silver_a", f"select claim_id from {SQL} where payer_kind = 'private'"),
        _reader("silver_b", "select count(*) as n from build.analytics_silver.silver_a", a),
    )
    assert _hurt(known, _drop("payer_kind")) == {
        "model silver_a",
        "model silver_b through silver_a",
    }
    assert _hurt(known, _drop("charge_amount")) == set()


def test_a_model_that_reads_the_product_twice_is_named_by_the_way_that_counts(
    tmp_path: Path,
) -> None:
    silver = "build.analytics_silver.silver_a"
    known = _made(
        tmp_path,
        _reader("silver_a", f"select claim_id, payer_kind from {SQL}"),
        _reader(
            "silver_b",
            f"select a.payer_kind, c.charge_amount from {silver} as a "
            f"inner join {SQL} as c on a.claim_id = c.claim_id",
            "model.mesh.silver_a",
            CLAIMS,
        ),
    )
    assert _hurt(known, _drop("payer_kind")) == {
        "model silver_a",
        "model silver_b through silver_a",
    }
    assert _hurt(known, _drop("charge_amount")) == {"model silver_b"}


def test_without_lineage_all_that_is_built_is_named(tmp_path: Path) -> None:
    manifest, node, _ = _made(
        tmp_path,
        _reader("silver_a", f"select payer_kind from {SQL}"),
        _reader("silver_b", "select 1 as a", "model.mesh.silver_a"),
    )
    found = {each.name: each for each in readers(manifest, node)}
    assert found["silver_b"].columns is None
    assert found["silver_b"].uses(["payer_kind"])
