"""A browser, and two sites: the products of this tree, and five hundred generated ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mesh.build.manifest import read_run_results
from mesh.contracts.lint import lint_file
from mesh.contracts.model import Contract
from mesh.core.paths import ROOT
from mesh.site.columns import ColumnLineage, Ref
from mesh.site.gather import read_consumers
from mesh.site.history import Change
from mesh.site.inputs import Inputs, Links
from mesh.site.samples import Answer, sample_queries
from mesh.site.write import write_pages
from tests.site.browser import LOCAL, Browser, NoBrowser
from tests.unit.build import dbt_files
from tests.unit.site import factory as make

EVIL = "<script>window.hacked=1</script><img src=x onerror=window.hacked=2>"


@pytest.fixture(scope="session")
def _browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    try:
        browser = Browser(tmp_path_factory.mktemp("profile"))
    except NoBrowser as reason:
        pytest.skip(f"no browser: {reason}")
    yield browser
    browser.driver.quit()


@pytest.fixture
def browser(_browser: Browser) -> Iterator[Browser]:
    """A browser with a clean slate; no page may complain, or ask another host for anything."""
    _browser.reset()
    yield _browser
    assert _browser.said() == []
    asked = _browser.asked()
    assert asked
    assert [url for url in asked if not url.startswith(LOCAL)] == []


@pytest.fixture
def reader(_browser: Browser) -> Browser:
    """A browser for the pages of other tools, which may say in the console what they like."""
    _browser.reset()
    return _browser


@pytest.fixture(scope="session")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the contracts of this tree, and one product whose contract is hostile."""
    folder = tmp_path_factory.mktemp("mesh")
    files = sorted((ROOT / "contracts").rglob("*.odcs.yaml"))
    contracts = [
        found for path in files if (found := lint_file(path, str(path.relative_to(ROOT)))[0])
    ]
    assert len(contracts) == len(files) > 30
    inputs = _whole(folder / "in", [*contracts, _hostile()])
    write_pages(inputs, folder / "site")
    for page in ("dbt/index.html", "elementary_report.html"):
        (folder / "site" / page).parent.mkdir(exist_ok=True)
        (folder / "site" / page).write_text("<!doctype html><title>A report</title>")
    return folder / "site"


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of five hundred generated products."""
    folder = tmp_path_factory.mktemp("many")
    write_pages(make.many(folder / "in", 500), folder / "site", folder)
    return folder / "site"


def _hostile() -> Contract:
    return make.contract(
        "hostile",
        "analytics",
        columns=[make.column("evil", description=EVIL, businessName=EVIL)],
        description={"purpose": EVIL, "usage": EVIL},
        table={"businessName": f"Hostile {EVIL}", "dataGranularityDescription": EVIL},
        support=[{"channel": EVIL, "url": "javascript:window.hacked=3"}],
    )


def _whole(folder: Path, contracts: list[Contract]) -> Inputs:
    """Everything that can be told of the contracts: a chain of models, results, shapes, changes."""
    nodes, ids, tests, lineage = [], {}, [], {}
    before: dict[str, str] = {}
    for each in contracts:
        source = dbt_files.source(f"file_of_{each.product}", each.domain)
        above = [source["unique_id"], *before.values()]
        node = make.node_of(each, *above[:4])
        ids[each.address] = node["unique_id"]
        nodes += [source, node]
        for column in each.table.columns:
            lineage[Ref(node["unique_id"], column.name)] = (Ref(source["unique_id"], column.name),)
        for column in each.table.columns[:3]:
            name = f"unique_{each.table.name}_{column.name}"
            tests.append(dbt_files.data_test(name, node["unique_id"], column.name))
        before[each.domain] = node["unique_id"]
    statuses = {
        test["unique_id"]: ("warn" if n % 9 == 4 else "pass") for n, test in enumerate(tests)
    }
    raw = dbt_files.results(**{name.replace(".mesh.", "__of__"): s for name, s in statuses.items()})
    manifest = make.manifest(folder, *nodes, *tests)
    queries = list(sample_queries(contracts))
    return Inputs(
        tuple(contracts),
        manifest,
        make.NOW,
        release=make.RELEASE,
        results=read_run_results(dbt_files.write(folder, "run_results.json", raw)),
        loaded_at={c.table.physical_name: make.NOW - timedelta(hours=2) for c in contracts},
        consumers=read_consumers(ROOT, contracts),
        lineage=ColumnLineage(lineage),
        changes={c.file: (Change("2026-02-01", "Name units", c.version),) for c in contracts},
        answers={
            q.key: Answer(q.digest, q.role, make.NOW, 0.2, (("n", "bigint"),), "11 to 100 rows")
            for q in queries
        },
        access={c.address: {"trino-sql": f"table {c.table.physical_name}"} for c in contracts},
        links=Links("dbt/index.html", "elementary_report.html"),
        left_out=("something: it could not be had",),
    )  # fmt: skip
