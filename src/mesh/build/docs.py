"""The site: dbt's documentation as one file, Elementary's report, and a page that leads to both."""

from __future__ import annotations

import html
import os
import shutil
from pathlib import Path

from mesh.build.dbt import DbtError, Project
from mesh.build.summary import Summary
from mesh.core.paths import ROOT, state_dir

SITE = ROOT / "site"
DOCS_PAGE = "dbt/index.html"
QUALITY_PAGE = "elementary_report.html"
INDEX_PAGE = "index.html"
STAMP = "release.txt"
"""Names the release the site was made from."""


def site_dir() -> Path:
    """Where the site is written: beside the state if that was moved, else in the checkout."""
    return state_dir() / "site" if os.environ.get("MESH_HOME") else SITE


def write_docs(project: Project, target: Path, page: Path) -> None:
    """Have dbt describe the project and the tables of ``project.catalog`` in one HTML file.

    Raises:
        DbtError: dbt could not read the project or the lake.
    """
    if project.invoke(["docs", "generate", "--static"], target):
        raise DbtError("dbt could not describe every table", where=str(target / "dbt.log"))
    page.parent.mkdir(parents=True, exist_ok=True)
    new = page.with_name(f".{os.getpid()}.{page.name}")
    shutil.copyfile(target / "static_index.html", new)
    new.replace(page)


def write_index(site: Path, release: str, summary: Summary) -> None:
    """The page that opens first: the release, its products, and where to read on."""
    links = [
        f'<li><a href="{path}">{text}</a></li>'
        for path, text in (
            (DOCS_PAGE, "Models, columns, tests and lineage"),
            (QUALITY_PAGE, "Quality report"),
        )
        if (site / path).exists()
    ]
    rows = [
        f"<tr><td>{each.domain}</td><td>{html.escape(each.name)}</td>"
        f"<td><code>{html.escape(each.table)}</code></td><td class=n>{each.rows:,}</td></tr>"
        for each in summary.products
    ]
    tests = summary.tests
    text = _PAGE.format(
        release=html.escape(release),
        input=html.escape(summary.input),
        as_of=html.escape(summary.as_of_date),
        passed=tests.passed,
        warned=tests.warned,
        links="\n".join(links),
        rows="\n".join(rows),
    )
    site.mkdir(parents=True, exist_ok=True)
    (site / INDEX_PAGE).write_text(text, encoding="utf-8")
    (site / STAMP).write_text(release + "\n")


def site_release(site: Path) -> str | None:
    """The release the site was made from, None when there is no site."""
    stamp = site / STAMP
    return stamp.read_text().strip() if stamp.exists() else None


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Data mesh: {release}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: auto; padding: 2rem }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd }}
.n {{ text-align: right; font-variant-numeric: tabular-nums }}
</style>
<h1>Data mesh: {release}</h1>
<p>Input: {input}. Ages are counted from {as_of}. Tests: {passed} passed, {warned} warned.</p>
<ul>
{links}
</ul>
<table>
<tr><th>Domain</th><th>Product</th><th>Table</th><th class=n>Rows</th></tr>
{rows}
</table>
</html>
"""
