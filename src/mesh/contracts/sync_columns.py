"""Columns and generic tests of a contract, written into the YAML of a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from mesh.build.nodes import Node
from mesh.contracts.dbt_tests import ONE_ROW, OURS, Wanted, same_arguments, wanted_tests
from mesh.contracts.model import Contract, Field
from mesh.contracts.trino_types import same
from mesh.contracts.yaml_text import block, folded, quoted


def sync_columns(
    entry: CommentedMap,
    contract: Contract,
    node: Node | None,
    known: frozenset[str],
    changes: list[str],
) -> None:
    """Make the columns of an entry those of the contract, in its order."""
    given = entry.get("columns")
    columns = given if isinstance(given, CommentedSeq) else CommentedSeq()
    by_name = {str(c.get("name")).lower(): c for c in columns if isinstance(c, CommentedMap)}
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
        made = CommentedSeq([by_name[name] for name in order])
        entry["columns"] = made


def _column(entry: CommentedMap, field: Field, rendered: str | None, changes: list[str]) -> None:
    if field.physical and not same(str(entry.get("data_type") or ""), field.physical):
        _insert(entry, "data_type", field.physical, 1)
        changes.append(f"{field.name}.data_type")
    said = entry.get("description")
    shown = rendered if said is not None and rendered is not None else said
    # What a doc block says counts as said: the reference to it stays.
    if " ".join(str(shown or "").split()) != " ".join(field.description.split()):
        _insert(entry, "description", folded(field.description), 2)
        changes.append(f"{field.name}.description")
    _constraint(entry, field, changes)


def _insert(entry: CommentedMap, name: str, value: Any, place: int) -> None:
    if name in entry:
        entry[name] = value
    else:
        entry.insert(min(place, len(entry)), name, value)


def _constraint(entry: CommentedMap, field: Field, changes: list[str]) -> None:
    given = entry.get("constraints") or []
    there = any(each.get("type") == "not_null" for each in given)
    if there == field.required or (field.required and _has_test(entry, "not_null")):
        return
    changes.append(f"{field.name}.constraints")
    if field.required:
        constraint = CommentedMap(type="not_null")
        constraint.fa.set_flow_style()
        made = CommentedSeq([*given, constraint])
        made.fa.set_flow_style()
        _insert(entry, "constraints", made, 3)
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
    whole = entry.get("data_tests") or entry.get("tests") or []
    held = {
        test.name
        for test in wanted_tests(contract)
        if test.column == name
        and test.name == "unique"
        and any(_is(each, test) for each in whole)
        and not _has_test(column, "unique")
    }
    sync_tests(column, contract, name, known, changes, held)


def sync_tests(
    entry: CommentedMap,
    contract: Contract,
    column: str,
    known: frozenset[str],
    changes: list[str],
    held: Collection[str] = (),
) -> None:
    """Add the tests that the contract asks for and that are missing; others stay."""
    wanted = [t for t in wanted_tests(contract) if t.column == column and _possible(t, known)]
    for test in wanted:
        if test.name in held or (test.name == "not_null" and entry.get("constraints")):
            continue
        key = "tests" if "tests" in entry else "data_tests"
        given = entry.get(key)
        tests = given if isinstance(given, CommentedSeq) else CommentedSeq()
        found = next((i for i, each in enumerate(tests) if _is(each, test)), None)
        if found is not None and _equal(tests[found], test):
            continue
        where = f"{column}." if column else ""
        if found is None:
            tests.append(_written(test))
        else:
            tests[found] = _written(test)
        changes.append(f"{where}data_tests: {test.name}")
        entry[key] = tests


def _possible(test: Wanted, known: frozenset[str]) -> bool:
    """Whether the project can run a test that is asked for without naming it."""
    return test.name not in OURS or test.name in known


def _has_test(entry: Mapping[str, Any], name: str) -> bool:
    tests = entry.get("data_tests") or entry.get("tests") or []
    return any(_name(each) == name for each in tests)


def _name(entry: Any) -> str:
    if isinstance(entry, Mapping):
        return str(entry.get("test_name") or next(iter(entry), ""))
    return str(entry)


def _body(entry: Any) -> Mapping[str, Any]:
    """What a test is given in YAML, with its name and settings."""
    if not isinstance(entry, Mapping):
        return {}
    body = entry if "test_name" in entry else next(iter(entry.values()), {})
    return body if isinstance(body, Mapping) else {}


def _given(entry: Any) -> tuple[dict[str, Any], str]:
    """The arguments and the severity of a test as it stands in YAML."""
    body = _body(entry)
    config = body.get("config") or {}
    severity = str(body.get("severity") or config.get("severity") or "error").lower()
    own = {"config", "severity", "arguments", "name", "description", "test_name", "where", "tags"}
    given = {**{k: v for k, v in body.items() if k not in own}, **(body.get("arguments") or {})}
    return given, severity


def _is(entry: Any, test: Wanted) -> bool:
    name = _name(entry).rpartition(".")[2]
    arguments, _ = _given(entry)
    if test.name == "unique" and name == ONE_ROW:
        return list(arguments.get("columns") or []) == [test.column]
    if test.name == ONE_ROW and name in (ONE_ROW, "unique_combination_of_columns"):
        columns = arguments.get("columns") or arguments.get("combination_of_columns") or []
        return sorted(map(str, columns)) == sorted(map(str, test.arguments["columns"]))
    return name == test.bare and (not test.title or _body(entry).get("name") == test.title)


def _equal(entry: Any, test: Wanted) -> bool:
    arguments, severity = _given(entry)
    if severity != test.severity:
        return False
    if test.name in ("unique", ONE_ROW):
        return True
    return same_arguments(arguments) == same_arguments(test.arguments)


def _written(test: Wanted) -> Any:
    if not test.arguments and test.severity == "error":
        return test.name
    body = CommentedMap()
    if test.title:
        body["name"] = test.title
    if test.arguments:
        body["arguments"] = _yaml(test.arguments)
    if test.severity != "error":
        config = CommentedMap(severity=test.severity)
        config.fa.set_flow_style()
        body["config"] = config
    return CommentedMap({test.name: body})


def _yaml(value: Any) -> Any:
    if isinstance(value, Mapping):
        return CommentedMap({name: _yaml(each) for name, each in value.items()})
    if isinstance(value, list | tuple):
        made = CommentedSeq([_yaml(each) for each in value])
        made.fa.set_flow_style()
        return made
    return block(value) if isinstance(value, str) else value
