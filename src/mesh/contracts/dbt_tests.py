"""The generic tests of dbt that a contract asks for.

A required column is a constraint of the model, not a test. What dbt has no test for becomes the
query of a figure (:mod:`mesh.contracts.metric_sql`); what no query can tell gives none, and
:mod:`mesh.contracts.house_sql` says so. Text is documentation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mesh.build.nodes import SETTINGS
from mesh.contracts.metric_sql import allows_nothing, limit_rules, metric_rule
from mesh.contracts.model import Contract, Field, Rule, Table
from mesh.contracts.sql_rules import faults, query_of, title_of

ONE_ROW = "has_one_row_per"
"""Our test of a key of several columns; dbt has none of its own."""
NOT_NEGATIVE = "is_not_negative"
FIGURE = "gives_figure"
"""Our test of a rule in SQL, or of one that is made such a rule."""
OURS = (ONE_ROW, NOT_NEGATIVE, FIGURE)
"""Tests that are asked for without being named, so that another project may lack them."""
WARNINGS = {"warn", "warning", "info", "low"}


@dataclass(frozen=True)
class Wanted:
    """A test that has to be there.

    Args:
        name: The test, with its package where that is not the project.
        column: The column it is on; empty for the model.
        arguments: What it is given.
        severity: ``error`` or ``warn``.
        path: The place in the contract that asks for it.
        title: What it is called, where several of one kind can stand side by side.
        config: What the contract itself narrows or loosens it by, as ``where`` or ``error_if``.
    """

    name: str
    column: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    severity: str = "error"
    path: tuple[str | int, ...] = ()
    title: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def bare(self) -> str:
        """Its name without the package."""
        return self.name.rpartition(".")[2]

    @property
    def words(self) -> str:
        """How it is named in a message."""
        given = f"({json.dumps(dict(self.arguments), default=str)})" if self.arguments else ""
        judged = f" with {json.dumps(dict(self.config), default=str)}" if self.config else ""
        return f"{self.name}{given}{' on ' + self.column if self.column else ''}{judged}"


def wanted_tests(contract: Contract) -> list[Wanted]:
    """The tests that a contract asks for, in its order, each once."""
    table = contract.table
    found = [*_of_table(table)]
    for column in table.columns:
        found += _of_column(table, column)
    kept: dict[tuple[str, ...], Wanted] = {}
    for test in found:
        said = (same_arguments(test.arguments), same_arguments(test.config))
        key = (test.name, test.column, test.title, *said)
        kept.setdefault(key, test)
    return list(kept.values())


def same_arguments(arguments: Mapping[str, Any]) -> str:
    """Arguments in one spelling, for comparing."""
    return json.dumps(_plain(arguments), sort_keys=True, default=str)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, bool) or value is None else str(value)


def _of_table(table: Table) -> Iterator[Wanted]:
    if len(table.key) > 1:
        yield Wanted(ONE_ROW, "", {"columns": list(table.key)}, path=table.path)
    for rule in table.rules:
        yield from tests_of_rule(table, rule)


def _of_column(table: Table, column: Field) -> Iterator[Wanted]:
    alone = table.key == (column.name,)
    if alone or column.unique:
        yield Wanted("unique", column.name, path=column.path)
    for _, test in limits(table, column):
        yield from [test] if test else []
    for rule in column.rules:
        yield from tests_of_rule(table, rule)


def tests_of_rule(table: Table, rule: Rule) -> list[Wanted]:
    """The tests that a quality rule asks for; none where it is text or can be made none."""
    severity = _severity(rule)
    if rule.kind == "custom":
        return [_custom(rule, severity)] if rule.raw.get("engine") == "dbt" else []
    plain = [*_of_metric(rule, severity)] if _is_plain(rule) else []
    made = metric_rule(rule) if rule.kind == "library" else rule
    figure = None if plain or rule.kind == "text" else _figure(table, made, severity)
    return plain or ([figure] if figure else [])


def is_strict(rule: Rule) -> bool:
    """Whether a rule about a metric holds in every row: none may be wrong, and that is an error."""
    return rule.kind == "library" and allows_nothing(rule) and _severity(rule) == "error"


def _severity(rule: Rule) -> str:
    return "warn" if str(rule.raw.get("severity", "")).lower() in WARNINGS else "error"


def _custom(rule: Rule, severity: str) -> Wanted:
    """The test of dbt that a rule names."""
    made = rule.implementation
    given = made if isinstance(made, Mapping) else {"test": made}
    arguments, said = (_mapping(given.get(part)) for part in ("arguments", "config"))
    config = {name: said[name] for name in SETTINGS if name in said}
    return Wanted(
        str(given.get("test")), rule.column, arguments, severity, rule.path, config=config
    )


def limits(table: Table, column: Field) -> Iterator[tuple[str, Wanted | None]]:
    """The limits of a column's values, each with its test; None where there can be none."""
    for name, rule in limit_rules(column):
        value = column.options[name]
        if name == "minimum" and value == 0 and not isinstance(value, bool):
            yield name, Wanted(NOT_NEGATIVE, column.name, path=(*column.path, "logicalTypeOptions"))
        else:
            yield name, _figure(table, rule, "error")


def _is_plain(rule: Rule) -> bool:
    """Whether a rule is one that a generic test of dbt may say: no row at all is wrong."""
    return rule.kind == "library" and allows_nothing(rule) and "pattern" not in rule.arguments


def _figure(table: Table, rule: Rule | None, severity: str) -> Wanted | None:
    if rule is None or any(faults(rule)):
        return None
    given = {"query": query_of(rule), "must": dict(rule.comparisons)}
    return Wanted(FIGURE, rule.column, given, severity, rule.path, figure_title(table, rule))


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def figure_title(table: Table, rule: Rule) -> str:
    """What the test of a rule in SQL is called; versions of a model differ in it."""
    return title_of(rule, table.physical_name.rpartition(".")[2])


def _of_metric(rule: Rule, severity: str) -> Iterator[Wanted]:
    if rule.metric == "duplicateValues":
        columns = rule.arguments.get("properties")
        if rule.column and not columns:
            yield Wanted("unique", rule.column, {}, severity, rule.path)
        elif isinstance(columns, list):
            yield Wanted(ONE_ROW, "", {"columns": columns}, severity, rule.path)
    elif rule.metric == "nullValues" and rule.column:
        yield Wanted("not_null", rule.column, {}, severity, rule.path)
    elif rule.metric == "invalidValues" and rule.column:
        values = rule.arguments.get("validValues")
        if isinstance(values, list):
            yield Wanted("accepted_values", rule.column, {"values": values}, severity, rule.path)
