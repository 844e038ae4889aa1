"""Whatever stands where in a contract is a finding or is borne; nothing raises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mesh.contracts.changes import compare
from mesh.contracts.consumers import _major
from mesh.contracts.dbt_tests import wanted_tests
from mesh.contracts.diff import changes_between
from mesh.contracts.document import parse
from mesh.contracts.drift import drift
from mesh.contracts.exporter import FORMS, export
from mesh.contracts.finding import errors
from mesh.contracts.house import house_rules
from mesh.contracts.lint import collisions, lint
from mesh.contracts.model import Contract
from mesh.contracts.project import ContractProject
from mesh.contracts.trino_types import UnknownType, parse_type
from tests.unit.contracts import made

DROPPED = object()
ODD = (DROPPED, None, "", "x", -1, 1.5, True, [], {}, [None], ["a", "b"], [{}], {"a": 1})
EMPTY = "apiVersion:\nkind: DataContract\nid: a\nversion:\nstatus: active\nteam: {name: t}\n"


def _full(raw: dict[str, Any]) -> None:
    """Every kind of part beside those of the base."""
    charge = made.column(raw, "charge_amount")
    charge.update(physicalName="charge", encryptedName="charge_x", transformLogic="sum(x)")
    charge["relationships"] = [{"type": "foreignKey", "to": "t.c"}]
    raw["schema"][0]["quality"] += [
        {"id": "b", "metric": "rowCount", "mustBeBetween": [1, 9], "unit": "rows"},
        {"id": "d", "type": "custom", "engine": "dbt", "implementation": {"test": "t"}},
    ]
    raw["customProperties"] += [{"property": "sampleQueries", "value": [{"sql": "select 1"}]}]
    raw["slaProperties"] += [{"property": "endOfLife", "value": "2027-01-01"}]


def _paths(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in inside:
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from _paths(value, (*above, key))


def _mutants(api: str) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    whole = made.base(_full)
    whole["apiVersion"] = api
    for path in _paths(whole):
        for value in ODD:
            raw = deepcopy(whole)
            at: Any = raw
            for step in path[:-1]:
                at = at[step]
            if value is DROPPED:
                del at[path[-1]]
            else:
                at[path[-1]] = value
            yield path, raw


def _used(old: Contract, new: Contract, project: ContractProject) -> None:
    """Everything that is done with a contract in order."""
    compare(old, new)
    compare(new, old)
    list(changes_between([old], [new], date(2026, 1, 1)))
    list(collisions([old, new]))
    wanted_tests(new)
    one = ContractProject(project.root, project.name, (new,), (), project.manifest)
    list(drift(one))
    list(house_rules(one))


@pytest.mark.parametrize("api", ["v3.1.0", "v3.9.0"])
def test_no_odd_value_at_any_place_makes_the_tools_raise(tmp_path: Path, api: str) -> None:
    """The later version has no schema here, so nothing but the rules stands guard."""
    project = made.project(tmp_path)
    old = made.contract(_full)
    sound = broken = 0
    for path, raw in _mutants(api):
        new, findings = lint(*parse(json.dumps(raw).encode(), "f.yaml"))
        assert all(each.lines() for each in findings)
        if new is None:
            broken += 1
            assert errors(findings), path
        else:
            sound += 1
            _used(old, new, project)
    assert sound > 100
    assert broken > 100


def test_an_empty_version_of_standard_and_contract_are_told_with_places() -> None:
    found = errors(made.found(EMPTY))
    assert {(each.code, each.line) for each in found} >= {("C204", 1), ("C301", 4)}


def test_a_later_standard_does_not_excuse_a_contract_from_having_a_version() -> None:
    raw = made.base(lambda r: r.update(apiVersion="v3.9.0"))
    del raw["version"]
    assert "C301" in {each.code for each in errors(made.found(made.text(raw)))}


def test_a_contract_without_a_table_can_be_used() -> None:
    bare = made.contract(lambda r: r.pop("schema"))
    assert bare.table.columns == ()
    assert all(export(bare, form) for form in FORMS)


def test_digits_that_are_no_number_are_no_number() -> None:
    with pytest.raises(UnknownType):
        parse_type("decimal(\u00b2)")
    assert _major("v" + "9" * 5000) is None
