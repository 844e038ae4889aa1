"""T: what has logic has a test, what is published has a key."""

from __future__ import annotations

from collections.abc import Iterator

from mesh.build.nodes import Manifest
from mesh.checks.finding import Finding
from mesh.checks.style.rules import RULES, about
from mesh.checks.style.sql import logic

KEYS = frozenset({"unique", "has_one_row_per"})


@RULES.add("T401")
def logic_is_unit_tested(manifest: Manifest) -> Iterator[Finding]:
    """A model with window, case or date logic has a dbt unit test."""
    tested = {t.attached for t in manifest.tests.values() if t.kind == "unit_test"}
    for model in manifest.models:
        kinds = logic(model.raw_code)
        if kinds and model.unique_id not in tested:
            hint = "add `unit_tests` to its YAML with rows on both sides of each border"
            yield about("T401", model, f"{' and '.join(kinds)} logic without a unit test", hint)


@RULES.add("T402")
def products_have_a_tested_key(manifest: Manifest) -> Iterator[Finding]:
    """The grain of every gold model is tested: unique, or has_one_row_per."""
    keyed = {test.attached for test in manifest.tests.values() if test.generic in KEYS}
    for product in manifest.products:
        if product.unique_id not in keyed:
            hint = "test the columns of its grain with has_one_row_per"
            yield about("T402", product, "no test holds its grain", hint)
