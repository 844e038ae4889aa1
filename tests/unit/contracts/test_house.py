"""What this house asks of a contract beyond the standard: each thing that can lack is told."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mesh.contracts.address import find_contract
from mesh.contracts.document import parse
from mesh.contracts.house import house_rules
from mesh.contracts.lint import lint
from tests.unit.contracts.made import project, text


def _drop(raw: dict[str, Any], name: str, key: str, value: str) -> None:
    raw[name].remove(next(each for each in raw[name] if each.get(key) == value))


LACKS: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "a table": (lambda r: r.pop("schema"), "C404", "schema"),
    "a port": (lambda r: _drop(r, "customProperties", "property", "outputPort"), "C405", "outputPort"),
    **{
        part: (lambda r, part=part: r["description"].update({part: " "}), "C410", part)
        for part in ("purpose", "limitations", "usage")
    },
    "support": (lambda r: r.pop("support"), "C411", "support"),
    "roles": (lambda r: r.pop("roles"), "C412", "roles"),
    **{
        level: (lambda r, level=level: _drop(r, "slaProperties", "property", level), "C413", level)
        for level in ("freshness", "latency", "availability", "accuracy", "retention")
    },
    "a grain": (lambda r: r["schema"][0].pop("dataGranularityDescription"), "C414", "dim_fintech__payers"),
    **{
        part: (lambda r, part=part: r["schema"][0]["properties"][0].pop(part), "C421", "payer_id")
        for part in ("businessName", "logicalType", "physicalType", "description")
    },
    "a role of its own": (
        lambda r: r["customProperties"][-1]["value"][0].update(role="nobody"), "C431", "payers_by_kind",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LACKS)
def test_a_product_that_lacks_what_a_stranger_needs_is_told(tmp_path: Path, name: str) -> None:
    change, code, element = LACKS[name]
    raw = deepcopy(dict(find_contract("data://fintech/payers/v2").raw))
    change(raw)
    made, bad = lint(*parse(text(raw).encode(), "contracts/fintech/payers.v2.odcs.yaml"))
    assert made is not None, bad
    found = house_rules(replace(project(tmp_path), contracts=(made,)))
    hit = next(each for each in found if each.code == code)
    assert element in hit.element
    assert hit.line > 0
    assert hit.expected
    assert hit.hint
