"""What is checked of a product, and how it came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mesh.build.nodes import Result, Test
from mesh.contracts.dbt_tests import FIGURE, figure_title, tests_of_rule
from mesh.contracts.model import Rule, Table
from mesh.site.catalogue import Catalogue, Product, words
from mesh.site.inputs import Inputs

PASSED, WARNED, FAILED, NOT_RUN, NOT_KNOWN = "passed", "warned", "failed", "not run", "not known"
TOLD = "told only"
"""A rule in words: documentation, nothing tests it."""

_OUTCOMES = {"pass": PASSED, "success": PASSED, "warn": WARNED, "skipped": NOT_RUN}
_METRICS = {
    "duplicateValues": "unique",
    "nullValues": "not_null",
    "invalidValues": "accepted_values",
}
_TELLS = {
    "unique": "No value comes twice",
    "not_null": "Every row has a value",
    "accepted_values": "Only known values",
    "is_not_negative": "Never below zero",
    "is_pseudonymous": "A keyed pseudonym, never a clear identifier",
    "volume_anomalies": "The number of rows develops as before",
}
"""What generic tests make sure of, in words."""


@dataclass(frozen=True)
class Check:
    """A check; ``scope`` is a column, or empty for the whole table."""

    scope: str
    what: str
    kind: str
    severity: str
    outcome: str
    detail: str


def checks_by_product(catalogue: Catalogue, inputs: Inputs) -> dict[str, list[Check]]:
    """The checks of every product, by its page."""
    results = {r.unique_id: r for r in inputs.results.results} if inputs.results else {}
    tests: dict[str, list[Test]] = {}
    for test in inputs.manifest.tests.values():
        # A test of several models belongs to each.
        for node in [test.attached] if test.attached else test.depends_on:
            if test.kind == "test":
                tests.setdefault(node, []).append(test)
    return {
        product.page: _checks(
            product, tests.get(product.node.unique_id, []) if product.node else [], results
        )
        for product in catalogue.products
    }


def _checks(product: Product, tests: Sequence[Test], results: Mapping[str, Result]) -> list[Check]:
    """Tests of the model, and rules that no test stands for, by column."""
    table = product.contract.table
    rules = {_test_of(table, rule): rule for rule in table.all_rules}
    found, used = [], set()
    for test in tests:
        bare = (test.generic or "").rpartition(".")[2]
        key = (test.name if bare == FIGURE else bare, test.column or "")
        rule = rules.get(key)
        used.add(key)
        found.append(_check(test, rule, results))
    for (bare, scope), rule in rules.items():
        if (bare, scope) not in used:
            kind = rule.metric or rule.kind
            told = (TOLD, "") if rule.kind == "text" else (NOT_KNOWN, "no test yet")
            found.append(Check(scope, _words(rule, bare), kind, "error", *told))
    order = {column.name: at for at, column in enumerate(product.contract.table.columns)}
    return sorted(found, key=lambda c: (order.get(c.scope, -1), c.scope, c.what, c.kind))


def _test_of(table: Table, rule: Rule) -> tuple[str, str]:
    """The generic test that a rule asks for, and the column it is on; one in SQL has a name."""
    titles = [test.title for test in tests_of_rule(table, rule) if test.title]
    if titles or rule.kind == "sql":
        return titles[0] if titles else figure_title(table, rule), rule.column
    if rule.kind == "text":
        return "/".join(map(str, rule.path)), rule.column
    made = rule.implementation
    if rule.kind == "custom":
        name = made.get("test") if isinstance(made, Mapping) else made
        return str(name).rpartition(".")[2], rule.column
    return _METRICS.get(rule.metric, rule.metric or rule.identity), rule.column


def _check(test: Test, rule: Rule | None, results: Mapping[str, Result]) -> Check:
    result = results.get(test.unique_id)
    outcome = NOT_KNOWN if result is None else _OUTCOMES.get(result.status, FAILED)
    # Only a figure: the message of a result may hold a value of a row.
    failures = result.failures if result and outcome in (WARNED, FAILED) else None
    detail = f"{failures:,} rows" if failures else ""
    what = _words(rule, test.generic or "") if rule else ""
    what = what or test.description.strip() or _told(test)
    return Check(
        test.column or "", what, test.generic or "own query", test.severity, outcome, detail
    )


def _words(rule: Rule, bare: str) -> str:
    told = " ".join(str(rule.raw.get("description") or "").split())
    return told or _TELLS.get(bare) or words(bare)


def _told(test: Test) -> str:
    if test.generic:
        bare = test.generic.rpartition(".")[2]
        return _TELLS.get(bare) or words(bare)
    return words(test.name.removeprefix("assert_").partition("__")[2] or test.name)


def verdict(found: list[Check]) -> str:
    """How a product stands as a whole: the worst of its outcomes."""
    outcomes = {check.outcome for check in found}
    for each in (FAILED, WARNED):
        if each in outcomes:
            return each
    return PASSED if PASSED in outcomes else NOT_KNOWN
