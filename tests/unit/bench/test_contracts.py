"""The generated project of the measure is one that check and diff have something to say about."""

from __future__ import annotations

from pathlib import Path

from mesh.bench.contracts import CHANGED, generate
from mesh.contracts.compare_all import of_base
from mesh.contracts.project import read_contracts
from mesh.contracts.retirement import today


def test_a_generated_project_is_in_order_and_partly_changed(tmp_path: Path) -> None:
    generate(tmp_path, CHANGED + 1)
    contracts, findings = read_contracts(tmp_path)
    assert findings == []
    assert len(contracts) == CHANGED + 1
    changes = of_base(tmp_path, "HEAD", today())
    assert {change.change for change in changes} == {"reworded", "support_changed"}
    assert {change.product for change in changes} == {
        "data://shop/table_0/v1", f"data://shop/table_{CHANGED}/v1",
    }  # fmt: skip
    assert all(change.step_ok for change in changes)
