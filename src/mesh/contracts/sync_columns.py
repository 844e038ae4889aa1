"""Columns of a contract, with what they promise, written into the YAML of a model."""

from __future__ import annotations

from collections.abc import Mapping

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from mesh.build.nodes import Node
from mesh.contracts.commented import own, put
from mesh.contracts.dbt_tests import wanted_tests
from mesh.contracts.model import Contract, Field
from mesh.contracts.sync_tests import (
    forbids_null,
    has_test,
    is_constrained,
    is_test,
    sync_tests,
    tests_of,
)
from mesh.contracts.trino_types import same
from mesh.contracts.yaml_text import folded, quoted


def sync_columns(
    entry: CommentedMap,
    contract: Contract,
    node: Node | None,
    known: frozenset[str],
    changes: list[str],
) -> None:
    """Make the columns of an entry those of the contract, in its order."""
    given = own(entry, "columns")
    columns = given if isinstance(given, CommentedSeq) else CommentedSeq()
    items = [own(columns, at) for at in range(len(columns))]
    by_name = {str(c.get("name")).lower(): c for c in items if isinstance(c, CommentedMap)}
    rendered = {c.name.lower(): c.description for c in node.columns} if node else {}
    wanted = contract.table.columns
    for field in wanted:
        name = field.name.lower()
        if name not in by_name:
            by_name[name] = CommentedMap(name=quoted(field.name))
            changes.append(f"column {field.name}")
        _column(by_name[name], field, rendered.get(name), changes)
        _column_tests(by_name[name], entry, contract, field.name, known, changes)
    order = [field.name.lower() for field in wanted]
    there = [str(c.get("name")).lower() for c in columns if isinstance(c, Mapping)]
    if order != there:
        gone = [name for name in there if name not in order]
        changes += [f"column {name} removed" for name in gone] or ["order of the columns"]
        put(entry, "columns", CommentedSeq([by_name[name] for name in order]))


def _column(entry: CommentedMap, field: Field, rendered: str | None, changes: list[str]) -> None:
    if field.physical and not same(str(entry.get("data_type") or ""), field.physical):
        put(entry, "data_type", field.physical, 1)
        changes.append(f"{field.name}.data_type")
    said = entry.get("description")
    shown = rendered if said is not None and rendered is not None else said
    # What a doc block says counts as said: the reference to it stays.
    if " ".join(str(shown or "").split()) != " ".join(field.description.split()):
        put(entry, "description", folded(field.description), 2)
        changes.append(f"{field.name}.description")
    _constraint(entry, field, changes)


def _constraint(entry: CommentedMap, field: Field, changes: list[str]) -> None:
    given = entry.get("constraints") or []
    there = is_constrained(entry)
    if there == field.required or (field.required and forbids_null(entry)):
        return
    changes.append(f"{field.name}.constraints")
    if field.required:
        constraint = CommentedMap(type="not_null")
        constraint.fa.set_flow_style()
        made = CommentedSeq([*given, constraint])
        made.fa.set_flow_style()
        put(entry, "constraints", made, 3)
        return
    rest = [each for each in given if each.get("type") != "not_null"]
    if rest:
        entry["constraints"] = CommentedSeq(rest)
    else:
        del entry["constraints"]


def _column_tests(
    column: CommentedMap,
    entry: CommentedMap,
    contract: Contract,
    name: str,
    known: frozenset[str],
    changes: list[str],
) -> None:
    """The tests of a column, without those that the model's own list holds in other words."""
    held = {
        test.name
        for test in wanted_tests(contract)
        if test.column == name
        and test.name == "unique"
        and any(is_test(each, test) for each in tests_of(entry))
        and not has_test(column, "unique")
    }
    sync_tests(column, contract, name, known, changes, held)
