"""Says at the end of a run what there is now: for people as tables, for tools as JSON."""

from __future__ import annotations

from dataclasses import asdict

import yaml

from mesh.build.docs import DOCS_PAGE, INDEX_PAGE, QUALITY_PAGE, site_dir
from mesh.build.run import Outcome
from mesh.core.console import emit, out, print_json, print_table
from mesh.core.paths import ROOT
from mesh.core.settings import Lake
from mesh.site.samples import Answers, faults


def addresses(lake: Lake) -> dict[str, str]:
    """What can be opened now, by what it is."""
    site = site_dir()
    pages = {"site": INDEX_PAGE, "documentation": DOCS_PAGE, "quality report": QUALITY_PAGE}
    found = {name: (site / page).as_uri() for name, page in pages.items() if (site / page).exists()}
    return {
        **found,
        "SQL": "./mesh sql",
        "Trino": f"{lake.trino_scheme}://{lake.trino_host}:{lake.trino_port}",
        "Dagster": "./mesh dagster",
    }


def show(outcome: Outcome, format: str) -> None:
    """Write the outcome to stdout as ``table`` or ``json``."""
    if format == "json":
        print_json(as_json(outcome))
        return
    summary, tests = outcome.summary, outcome.summary.tests
    state = "published" if outcome.new else "live, nothing new"
    out.print(
        f"\n{outcome.release} ({state}): last batch {summary.input}; "
        f"ages and due dates as of {summary.as_of_date}",
        markup=False,
    )
    print_table(
        ("domain", "product", "rows"),
        [(each.domain, each.table, f"{each.rows:,}") for each in summary.products],
    )
    if not all(each.rows for each in summary.products):
        out.print(_of_empty_products(), markup=False)
    out.print()
    _show_arrivals(outcome)
    out.print(
        f"\ntests: {tests.passed} passed, {tests.failed} failed, {tests.warned} warned"
        + (f", {tests.not_run} not run" if tests.not_run else ""),
        markup=False,
    )
    if outcome.answers:
        for line in told_of(outcome.answers):
            out.print(line, markup=False)
    out.print()
    print_table(("step", "seconds"), [(n, f"{s:.1f}") for n, s in outcome.steps.taken])
    out.print()
    print_table(("open", ""), addresses(outcome.lake).items())
    if outcome.left_out:
        out.print("\nleft out:", markup=False)
        for each in outcome.left_out:
            out.print(f"  {each}", markup=False)


def _of_empty_products() -> str:
    """Why a product may have no row, with the project's own number."""
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    least = project["vars"]["smallest_published_group"]
    return (
        f"0 rows: few patients may be why: groups of fewer than {least} people are not published "
        "(docs/decisions/few-patients-are-left-out.md)"
    )


def _show_arrivals(outcome: Outcome) -> None:
    """What the domains hold; a summary of the live release tells of rows that were new then."""
    arrivals = outcome.summary.arrivals
    landed = outcome.new and any(each.new_rows for each in arrivals)
    columns = ["domain", "landed tables", "rows landed", "of these new", "of these in quarantine"]
    rows = [
        [each.domain, each.tables, f"{each.rows:,}", f"{each.new_rows:,}", each.rejected]
        for each in arrivals
    ]
    shown = [name for name in columns if landed or name != "of these new"]
    emit([dict(zip(columns, row, strict=True)) for row in rows], format="table", columns=shown)


def told_of(answers: Answers) -> list[str]:
    """How many sample queries were answered, and which were not, as lines."""
    failed = list(faults(answers))
    first = f"sample queries: {len(answers) - len(failed)} answered, {len(failed)} failed"
    return [first, *(f"  {each}" for each in failed)]


def as_json(outcome: Outcome) -> dict[str, object]:
    """The outcome as one JSON document; seconds are wall time."""
    return {
        "release": outcome.release,
        "new": outcome.new,
        **asdict(outcome.summary),
        "steps": [{"step": name, "seconds": round(s, 1)} for name, s in outcome.steps.taken],
        "samples": {"asked": len(outcome.answers), "failed": [*faults(outcome.answers)]},
        "addresses": addresses(outcome.lake),
        "left_out": outcome.left_out,
    }
