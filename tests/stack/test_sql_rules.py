"""Quality rules in SQL on the real engine: they pass on what is published and fail when spoilt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mesh.build import packages
from mesh.build.dbt import Project
from mesh.build.manifest import read_run_results
from mesh.core.paths import ROOT
from mesh.lake.branches import Branch, drop_branch, open_branch
from mesh.lake.names import new_run_id
from mesh.lake.trino import query
from tests.stack.published import Published

TABLE = "fintech_gold.agg_fintech__monthly_statement"
BALANCES = "agg_fintech__monthly_statement__every_row_balances"
OPENS = "agg_fintech__monthly_statement__every_month_opens_with_the_closing_before"
LATEST = f"statement_month = (select max(statement_month) from {TABLE})"  # a constant

CASES = {
    "a_number": ("select count(*) - count(*) from {object}", {"mustBe": 0}, "pass"),
    "another_number": ("select count(*) from {object}", {"mustBe": 0}, "fail"),
    "a_boolean": ("select count(*) > 0 from {object}", {"mustBe": True}, "pass"),
    "the_other_boolean": ("select count(*) > 0 from {object}", {"mustNotBe": True}, "fail"),
    "inside": ("select 4.5 + 0 * count(*) from {object}", {"mustBeBetween": [4, 5]}, "pass"),
    "at_the_end": ("select 5 + 0 * count(*) from {object}", {"mustBeBetween": [4, 5]}, "pass"),
    "outside": ("select 6 + 0 * count(*) from {object}", {"mustBeBetween": [4, 5]}, "fail"),
    "kept_out": ("select 4 + 0 * count(*) from {object}", {"mustNotBeBetween": [4, 5]}, "fail"),
    "less": ("select 4 + 0 * count(*) from {object}", {"mustBeLessThan": 4}, "fail"),
    "less_or_equal": ("select 4 + 0 * count(*) from {object}", {"mustBeLessOrEqualTo": 4}, "pass"),
    "greater": ("select count(*) from {object}", {"mustBeGreaterThan": 0}, "pass"),
    "no_figure": ("select max(1) from {object} where false", {"mustBeLessThan": 9}, "fail"),
    "no_row": ("select 1 from {object} where false", {"mustBe": 1}, "fail"),
    "several_rows": ("select 1 from {object}", {"mustBe": 1}, "fail"),
}
"""A query, what its figure must be, and how the test ends."""


@pytest.fixture
def branch(published: Published) -> Iterator[Branch]:
    made = open_branch(published.lake, "ci", new_run_id())
    yield made
    drop_branch(published.lake, made)


def outcomes(published: Published, branch: Branch, target: Path, select: str) -> dict[str, str]:
    """The outcome of each test that is selected, by its name."""
    variables: dict[str, object] = {"as_of_date": published.second.summary.as_of_date}
    project = Project(published.lake, branch.catalog, packages.ensure(), variables=variables)
    project.invoke(["test", "--select", select], target)
    found = read_run_results(target).results
    return {each.unique_id.split(".")[2]: each.status for each in found}


def test_the_rules_of_the_monthly_statement_fail_on_a_cent(
    published: Published, branch: Branch, tmp_path: Path
) -> None:
    both = f"{BALANCES} {OPENS}"
    good = {BALANCES: "pass", OPENS: "pass"}
    assert outcomes(published, branch, tmp_path / "good", both) == good
    cent = "closing_receivable_amount = closing_receivable_amount + decimal '0.01'"
    query(published.lake, f"update {TABLE} set {cent} where {LATEST}", branch.catalog)
    row = {BALANCES: "fail", OPENS: "pass"}
    assert outcomes(published, branch, tmp_path / "row", both) == row
    query(
        published.lake,
        f"update {TABLE} set statement_month = date_add('month', 1, statement_month) "
        f"where {LATEST}",
        branch.catalog,
    )
    bad = {BALANCES: "fail", OPENS: "fail"}
    assert outcomes(published, branch, tmp_path / "bad", both) == bad


def test_each_comparison_is_the_engines(
    published: Published, branch: Branch, tmp_path: Path
) -> None:
    folder = ROOT / "tests" / "dbt" / "figures"
    folder.mkdir()
    try:
        for name, (sql, must, _) in CASES.items():
            table = "ref('agg_fintech__monthly_statement')"
            text = f"{{{{ test_gives_figure({table} | string, {sql!r}, {must!r}) }}}}\n"
            (folder / f"assert_figures__{name}.sql").write_text(text)
        found = outcomes(published, branch, tmp_path, "path:tests/dbt/figures")
    finally:
        for each in folder.iterdir():
            each.unlink()
        folder.rmdir()
    assert found == {f"assert_figures__{name}": ends for name, (_, _, ends) in CASES.items()}
