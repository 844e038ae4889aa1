"""Generic tests of a contract, written into the YAML of a model beside those that stand there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from mesh.build.nodes import SETTINGS
from mesh.contracts.commented import append, own, put
from mesh.contracts.dbt_tests import ONE_ROW, OURS, Wanted, same_arguments, wanted_tests
from mesh.contracts.model import Contract
from mesh.contracts.yaml_text import block

CONFIG = {
    "alias", "database", "enabled", "error_if", "fail_calc", "limit", "meta", "schema", "severity",
    "store_failures", "store_failures_as", "tags", "warn_if", "where",
}  # fmt: skip
"""Settings of a test that dbt also takes beside its arguments."""
OWN = CONFIG | {"arguments", "config", "description", "name", "test_name"}
"""Keys of a test in YAML that are no arguments of it."""


def sync_tests(
    entry: CommentedMap,
    contract: Contract,
    column: str,
    known: frozenset[str],
    changes: list[str],
    held: Collection[str] = (),
) -> None:
    """Have the tests that the contract asks for stand there; others stay as they are.

    A test that says what is wanted is left alone. Else one of that name, which no other rule has
    taken, gets the arguments and the severity of the contract, and keeps what else it says.
    """
    key = "tests" if "tests" in entry else "data_tests"
    given = entry.get(key)
    tests = given if isinstance(given, CommentedSeq) else CommentedSeq()
    wanted = [
        test
        for test in wanted_tests(contract)
        if test.column == column
        and _possible(test, known)
        and test.name not in held
        and not (test.name == "not_null" and is_constrained(entry))
    ]
    for test, place in _places(tests, wanted):
        if place is not None and _equal(tests[place], test):
            continue
        if key not in entry:
            put(entry, key, tests)
        tests = own(entry, key)
        if place is None:
            append(tests, _written(test))
        else:
            tests[place] = _amended(own(tests, place), test)
        where = f"{column}." if column else ""
        changes.append(f"{where}data_tests: {test.name}")


def _places(tests: Sequence[Any], wanted: Sequence[Wanted]) -> list[tuple[Wanted, int | None]]:
    """Where each test that is wanted stands, no two in one place; None where it stands nowhere.

    Those that say what is wanted come first, so that no other rule takes their place.
    """
    places: list[int | None] = [None] * len(wanted)
    for fits in (_equal, is_test):
        for number, test in enumerate(wanted):
            if places[number] is None:
                free = (i for i in range(len(tests)) if i not in places)
                places[number] = next((i for i in free if fits(tests[i], test)), None)
    return list(zip(wanted, places, strict=True))


def _possible(test: Wanted, known: frozenset[str]) -> bool:
    """Whether the project can run a test that is asked for without naming it."""
    return test.name not in OURS or test.name in known


def is_constrained(entry: Mapping[str, Any]) -> bool:
    """Whether a constraint forbids NULL in the column."""
    return any(each.get("type") == "not_null" for each in entry.get("constraints") or [])


def tests_of(entry: Mapping[str, Any]) -> Sequence[Any]:
    """The tests in the entry of a column or model, under either name that dbt has for them."""
    return entry.get("data_tests") or entry.get("tests") or []


def forbids_null(entry: Mapping[str, Any]) -> bool:
    """Whether a test forbids NULL in the column, in every row and with an error."""
    given = (_settings(each) for each in tests_of(entry) if _name(each) == "not_null")
    return any(not _loosened(settings) for settings in given)


def _loosened(settings: Mapping[str, Any]) -> bool:
    severe = _severity(settings) == "error"
    return not severe or any(settings.get(n) not in (None, dbts) for n, dbts in SETTINGS.items())


def _severity(settings: Mapping[str, Any]) -> str:
    return str(settings.get("severity") or "error").lower()


def has_test(entry: Mapping[str, Any], name: str) -> bool:
    """Whether a test of that name stands in the entry of a column or model."""
    return any(_name(each) == name for each in tests_of(entry))


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


def _arguments(entry: Any) -> dict[str, Any]:
    """The arguments of a test as it stands in YAML, in either place where dbt takes them."""
    body = _body(entry)
    return {**{k: v for k, v in body.items() if k not in OWN}, **(body.get("arguments") or {})}


def _settings(entry: Any) -> dict[str, Any]:
    """The settings of a test as it stands in YAML, in either place where dbt takes them."""
    body = _body(entry)
    return {**{k: v for k, v in body.items() if k in CONFIG}, **(body.get("config") or {})}


def is_test(entry: Any, test: Wanted) -> bool:
    """Whether what stands in YAML is that test, whatever it is given."""
    name = _name(entry).rpartition(".")[2]
    arguments = _arguments(entry)
    if test.name == "unique" and name == ONE_ROW:
        return list(arguments.get("columns") or []) == [test.column]
    if test.name == ONE_ROW and name in (ONE_ROW, "unique_combination_of_columns"):
        columns = arguments.get("columns") or arguments.get("combination_of_columns") or []
        return sorted(map(str, columns)) == sorted(map(str, test.arguments["columns"]))
    return name == test.bare and (not test.title or _body(entry).get("name") == test.title)


def _equal(entry: Any, test: Wanted) -> bool:
    """Whether what stands in YAML is that test, given what is wanted."""
    if not is_test(entry, test) or any(_settings_to_change(entry, test)):
        return False
    return _by_key(test) or same_arguments(_arguments(entry)) == same_arguments(test.arguments)


def _by_key(test: Wanted) -> bool:
    """Whether its columns alone tell a test, which can then be spelled in several ways."""
    return test.name in ("unique", ONE_ROW)


def _settings_to_change(entry: Any, test: Wanted) -> Iterator[str]:
    """The severity and what else the contract says about how a test is judged."""
    given = _settings(entry)
    if _severity(given) != test.severity:
        yield "severity"
    for name, value in test.config.items():
        if same_arguments({name: given.get(name)}) != same_arguments({name: value}):
            yield name


def _amended(entry: Any, test: Wanted) -> Any:
    """A test with the arguments and the severity that are wanted, and all else that it says."""
    body = _body(entry)
    if not isinstance(body, CommentedMap):
        return _written(test)
    if body is not entry:
        body = own(entry, next(iter(entry)))
    for group in ("arguments", "config"):
        own(body, group)
    given = {} if _by_key(test) else _arguments(entry)
    wanted = {} if _by_key(test) else test.arguments
    for name in [each for each in given if each not in wanted]:
        _drop(body, "arguments", name)
    for name, value in wanted.items():
        if same_arguments({name: given.get(name)}) != same_arguments({name: value}):
            _put(body, "arguments", name, _yaml(value))
    for name in list(_settings_to_change(entry, test)):
        value = test.severity if name == "severity" else test.config[name]
        if value == "error" and name == "severity":
            _drop(body, "config", name)
        else:
            _put(body, "config", name, value)
    return entry if body else _written(test)


def _holders(body: CommentedMap, group: str, name: str) -> Iterator[CommentedMap]:
    """Where an argument or a setting may stand: in its group, or beside it as dbt also has it."""
    inner = body.get(group)
    if isinstance(inner, CommentedMap):
        yield inner
    if name not in OWN if group == "arguments" else name in CONFIG:
        yield body


def _drop(body: CommentedMap, group: str, name: str) -> None:
    for holder in _holders(body, group, name):
        holder.pop(name, None)
    if not body.get(group, True):
        del body[group]


def _put(body: CommentedMap, group: str, name: str, value: Any) -> None:
    """Write an argument or a setting where it stands, or into its group."""
    holder = next((h for h in _holders(body, group, name) if name in h), None)
    if holder is None:
        holder = body.get(group)
    if not isinstance(holder, CommentedMap):
        holder = body[group] = CommentedMap()
        if group == "config":
            holder.fa.set_flow_style()
    holder[name] = value


def _written(test: Wanted) -> Any:
    body = CommentedMap()
    if test.title:
        body["name"] = test.title
    if test.arguments:
        body["arguments"] = _yaml(test.arguments)
    for name, value in {"severity": test.severity, **test.config}.items():
        if (name, value) != ("severity", "error"):
            _put(body, "config", name, _yaml(value))
    return CommentedMap({test.name: body}) if body else test.name


def _yaml(value: Any) -> Any:
    if isinstance(value, Mapping):
        return CommentedMap({name: _yaml(each) for name, each in value.items()})
    if isinstance(value, list | tuple):
        made = CommentedSeq([_yaml(each) for each in value])
        made.fa.set_flow_style()
        return made
    return block(value) if isinstance(value, str) else value
