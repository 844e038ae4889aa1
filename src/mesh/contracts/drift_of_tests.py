"""Where the tests of dbt are not those that a contract asks for, or look at less than it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mesh.build.nodes import SETTINGS, Manifest, Test
from mesh.contracts.dbt_tests import FIGURE, ONE_ROW, Wanted, same_arguments, wanted_tests
from mesh.contracts.finding import Finding
from mesh.contracts.model import Field
from mesh.contracts.pair import SYNC, Pair


def tests_by_node(manifest: Manifest) -> dict[str, list[Test]]:
    """The generic tests of a project by the id of the node that they are about."""
    found: dict[str, list[Test]] = {}
    for test in manifest.tests.values():
        if test.attached and test.generic:
            found.setdefault(test.attached, []).append(test)
    return found


def is_tested(column: Field, tests: Sequence[Test]) -> bool:
    """Whether a test holds what no constraint does, as in a model that is a view.

    One that only warns, or that leaves rows out, holds nothing.
    """
    return any(
        test.generic == "not_null"
        and test.severity == "error"
        and not test.settings
        and (test.column or "").lower() == column.name.lower()
        for test in tests
    )


def drift_of_tests(pair: Pair, given: Sequence[Test], *, ours: bool) -> Iterator[Finding]:
    """The tests of a contract that are not there, or are there otherwise.

    Args:
        pair: The contract and its model.
        given: The generic tests of the model.
        ours: Whether it is this project, which alone has the test of a rule of ``type: sql``.
    """
    for wanted in wanted_tests(pair.contract):
        element = wanted.column or pair.node.name
        if wanted.name == FIGURE and not ours:
            told = "no test of dbt holds the rule: what it asks takes a test of this mesh"
            held = pair.finding("C517", wanted.path, element, told, "a test that you know of", "")
            yield replace(held, severity="warning")
            continue
        if _is_constraint(pair, wanted):
            continue
        alike = [test for test in given if _alike(wanted, test)]
        if not alike:
            told = f"{pair.yaml} does not test the rule"
            yield pair.finding("C508", wanted.path, element, told, wanted.words)
            continue
        equal = [test for test in alike if _equal(wanted, test)]
        if not equal:
            told = f"{pair.yaml} tests {wanted.bare} with other arguments or severity"
            yield pair.finding("C509", wanted.path, element, told, wanted.words)
        elif not any(_settings(test.settings) == _settings(wanted.config) for test in equal):
            yield _judged_otherwise(pair, wanted, equal[0])


def _is_constraint(pair: Pair, wanted: Wanted) -> bool:
    """Whether it is the test of what a constraint of the model holds already."""
    name = wanted.column.lower()
    held = (column.name.lower() == name and column.not_null for column in pair.node.columns)
    return wanted.name == "not_null" and any(held)


def _judged_otherwise(pair: Pair, wanted: Wanted, test: Test) -> Finding:
    """A test that looks at other rows than the contract says, or lets more of them fail."""
    said = ", ".join(f"{name}: {value}" for name, value in test.settings.items())
    missing = [name for name in wanted.config if name not in test.settings]
    return pair.finding(
        "C509",
        wanted.path,
        wanted.column or pair.node.name,
        f"{pair.yaml} runs {wanted.bare} with {said or 'no ' + ', no '.join(missing)}",
        wanted.words,
        SYNC
        if missing
        else "take it out of the YAML, or say it in the contract: a rule of the engine dbt has"
        " `config` in its implementation",
    )


def _settings(given: Mapping[str, Any]) -> str:
    return same_arguments({n: v for n, v in given.items() if v not in (None, SETTINGS[n])})


def _alike(wanted: Wanted, test: Test) -> bool:
    """Whether a test is the one that is wanted, whatever it is given."""
    if wanted.name == "unique" and test.generic == ONE_ROW:
        return list(test.arguments.get("columns", [])) == [wanted.column]
    named = test.generic == wanted.bare and wanted.title in ("", test.name)
    if wanted.name == ONE_ROW and not wanted.column:
        return named and sorted(test.arguments.get("columns", [])) == sorted(
            wanted.arguments["columns"]
        )
    return named and (test.column or "").lower() == wanted.column.lower()


def _equal(wanted: Wanted, test: Test) -> bool:
    if wanted.name in ("unique", ONE_ROW):
        return test.severity == wanted.severity
    return test.severity == wanted.severity and same_arguments(wanted.arguments) == same_arguments(
        {name: _unwrapped(value) for name, value in test.arguments.items()}
    )


def _unwrapped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value
