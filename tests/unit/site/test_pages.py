"""The pages: what they tell, what they leave out, and that no text of a contract becomes code."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mesh.build.summary import Product, Summary, Verdicts
from mesh.site.history import Change
from mesh.site.inputs import Consumer, Inputs, Links, Sight
from mesh.site.pages import INDEX, markdown, pages, safe_url
from mesh.site.samples import Answer, sample_queries
from mesh.site.write import write_pages
from tests.unit.site import factory as make

CLAIMS = "products/fintech/claims/v1.html"
ADDRESS = "data://fintech/claims/v1"
EVIL = "<script>window.hacked=1</script>\"'><img src=x onerror=hacked()>"


class Reader(HTMLParser):
    """Collects the text, the links, the ids and the tags with their attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, attribute: str) -> list[str]:
        return [
            found[attribute] or ""
            for name, found in self.tags
            if name == tag and attribute in found
        ]


def site(inputs: Inputs) -> dict[str, str]:
    return dict(pages(inputs))


def read(inputs: Inputs, path: str = CLAIMS) -> Reader:
    return Reader(site(inputs)[path])


def test_a_product_has_a_page_under_its_address(tmp_path: Path) -> None:
    found = site(make.inputs(tmp_path, make.contract()))
    assert {CLAIMS, "index.html", "glossary.html", "addresses.html", "domains/fintech.html"} <= {
        *found
    }
    text = Reader(found[CLAIMS]).text
    for told in (
        "What claims are good for.",
        "One row per claims",
        "Fintech team",
        ADDRESS,
        "fintech_gold.fct_fintech__claims",
        "decimal(18, 2)",
        "version 1.0.0",
    ):
        assert told in text


def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    query = {"name": "n", "question": "How many?", "role": "analyst", "sql": "select 1"}
    level = {"property": "freshness", "value": 24, "unit": "h"}
    product = make.contract(
        slaProperties=[level], customProperties=[{"property": "sampleQueries", "value": [query]}]
    )
    text = read(make.inputs(tmp_path, product, left_out=("consumers: no register",))).text
    assert "when the newest rows were loaded is not known" in text
    assert "there is no register of consumers" in text
    assert "the query was not run for this release" in text
    assert "Not known for this release." in text
    assert "No release is known." in text
    assert "consumers: no register" in text


def test_what_is_known_is_told(tmp_path: Path) -> None:
    query = {"name": "n", "question": "How many?", "role": "analyst", "sql": "select 1"}
    product = make.contract(customProperties=[{"property": "sampleQueries", "value": [query]}])
    [asked] = sample_queries([product])
    answer = Answer(asked.digest, "analyst", make.NOW, 0.25, (("how_many", "bigint"),), "no rows")
    summary = Summary("r", "f", "l", "40 patients", "2026-01-01", False, 1,
                      (Product("fintech", "x", product.table.physical_name, 4319),), (),
                      Verdicts(7, 0, 0, 0))  # fmt: skip
    text = read(
        make.inputs(
            tmp_path,
            product,
            release=make.RELEASE,
            summary=summary,
            consumers={ADDRESS: (Consumer("Receivables desk", "desk@example.org", ("amount",)),)},
            sights={ADDRESS: (Sight("analyst", "read", "", "own region", {"amount": "rounded"}),)},
            answers={asked.key: answer},
            changes={product.file: (Change("2026-02-01", "Name the currency", "1.0.0"),)},
            access={ADDRESS: {"trino-sql": "select * from claims"}},
        )
    ).text
    for told in (
        *("4,319", "Receivables desk", "desk@example.org", "own region", "rounded", "how_many"),
        *("bigint", "no rows", "2026-02-01", "Name the currency", "select * from claims"),
        *("release-0007", "1 March 2026, 11:00 UTC"),
    ):
        assert told in text


def test_a_sample_query_that_failed_or_changed_is_told_so(tmp_path: Path) -> None:
    query = {"name": "n", "question": "How many?", "role": "analyst", "sql": "select y from t"}
    product = make.contract(customProperties=[{"property": "sampleQueries", "value": [query]}])
    [asked] = sample_queries([product])
    fault = "COLUMN_NOT_FOUND: Column 'y' cannot be resolved"
    answer = Answer(asked.digest, "analyst", make.NOW, 0.25, fault=fault)
    failed = read(make.inputs(tmp_path, product, answers={asked.key: answer})).text
    assert "The query gives no result" in failed
    assert fault in failed
    changed = replace(answer, digest="of another text")
    text = read(make.inputs(tmp_path, product, answers={asked.key: changed})).text
    assert fault not in text
    assert "the query was not run for this release" in text


def test_no_text_of_a_contract_becomes_markup(tmp_path: Path) -> None:
    columns = [make.column(EVIL, description=EVIL, businessName=EVIL)]
    product = make.contract(
        columns=columns,
        description={"purpose": EVIL, "usage": EVIL, "limitations": EVIL},
        team={"name": EVIL},
        table={"businessName": EVIL, "description": EVIL, "dataGranularityDescription": EVIL},
        support=[{"channel": EVIL, "url": "javascript:hacked()"}],
        roles=[{"role": EVIL, "access": EVIL, "description": EVIL}],
        slaProperties=[{"property": "freshness", "value": 24, "unit": "h", "description": EVIL}],
        customProperties=[
            {"property": EVIL, "value": EVIL},
            {"property": "sampleQueries", "value": [{"name": EVIL, "question": EVIL, "sql": EVIL}]},
            {"property": "changelog", "value": [{"date": EVIL, "description": EVIL}]},
        ],
    )
    found = site(
        make.inputs(
            tmp_path,
            product,
            consumers={product.address: (Consumer(EVIL, EVIL, (EVIL,), EVIL),)},
            left_out=(EVIL,),
        )
    )
    written = [path for path in found if path.endswith(".html")]
    assert len(written) > 4
    for path in written:
        page = Reader(found[path])
        assert page.all("script", "src") in ([], ["../" * path.count("/") + "assets/site.js"]), path
        assert page.all("img", "src") == [], path
        assert not [name for _, found in page.tags for name in found if name.startswith("on")], path
        assert not [href for href in page.all("a", "href") if href.startswith("javascript")], path
    assert EVIL in Reader(found[CLAIMS]).text
    assert "<" not in found[INDEX].replace("\\u003c", "")


def test_a_domain_and_a_name_cannot_leave_their_folder(tmp_path: Path) -> None:
    odd = make.contract("..", "..")
    paths = [path for path in site(make.inputs(tmp_path, odd)) if path.startswith(("prod", "dom"))]
    assert paths
    assert not [path for path in paths if ".." in path]


@pytest.mark.parametrize(
    "url", ["javascript:x", " javascript:x", "data:text/html,x", "//x.example", "https://[x"]
)
def test_a_link_that_could_run_or_pretend_is_dropped(url: str) -> None:
    assert safe_url(url) == ""


def test_mail_and_web_links_are_kept() -> None:
    assert safe_url("mailto:fintech-data@example.org") == "mailto:fintech-data@example.org"
    assert safe_url('https://example.org/a?b=c"d') == "https://example.org/a?b=c%22d"


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    first = site(make.many(tmp_path / "a", 40))
    second = site(make.many(tmp_path / "b", 40))
    assert first == second
    assert list(first) == list(second)


def test_every_link_inside_the_site_leads_to_a_page_and_a_place(tmp_path: Path) -> None:
    inputs = make.many(tmp_path, 30)
    found = site(inputs)
    for each in inputs.contracts:
        found[each.file] = ""  # copied beside the pages
    ids = {path: set(re.findall(r' id="([^"]+)"', text)) for path, text in found.items()}
    checked = 0
    for path, text in found.items():
        if not path.endswith(".html"):
            continue
        for href in Reader(text).all("a", "href"):
            if href.startswith("mailto:"):
                continue
            target, _, place = href.partition("#")
            full = _joined(path, target) if target else path
            assert full in found, f"{path}: {href}"
            assert not place or place in ids[full], f"{path}: {href}"
            checked += 1
    assert checked > 1000


def _joined(page: str, target: str) -> str:
    parts = page.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def test_reports_are_linked_only_where_they_were_made(tmp_path: Path) -> None:
    product = make.contract()
    without = read(make.inputs(tmp_path, product), "index.html").all("a", "href")
    links = Links("dbt/index.html", "elementary_report.html")
    with_both = read(make.inputs(tmp_path, product, links=links), "index.html").all("a", "href")
    assert {*with_both} - {*without} == {"dbt/index.html", "elementary_report.html"}


def test_an_old_version_leads_to_the_new_one(tmp_path: Path) -> None:
    end = {"property": "endOfLife", "value": "2026-12-31"}
    old = make.contract(slaProperties=[end], status="deprecated")
    new = make.contract(version="2.0.0")
    found = site(make.inputs(tmp_path, old, new))
    page = Reader(found[CLAIMS])
    assert "ends on 2026-12-31" in page.text
    assert "../../../products/fintech/claims/v2.html" in page.all("a", "href")
    assert "v2.html" in found["products/fintech/claims/index.html"]
    assert "ends on" not in Reader(found["products/fintech/claims/v2.html"]).text


def test_a_product_that_the_release_lacks_says_so(tmp_path: Path) -> None:
    other = make.contract("payments")
    found = make.inputs(
        tmp_path, make.contract(), manifest=make.manifest(tmp_path, make.node_of(other))
    )
    assert "does not hold this product yet" in read(found).text


def test_the_index_finds_products_columns_and_terms(tmp_path: Path) -> None:
    doc = {
        "doc.mesh.float": {
            "name": "float",
            "original_file_path": "models/fintech/_fintech.md",
            "block_contents": "Money on its way.",
            "package_name": "mesh",
        }
    }
    product = make.contract()
    found = make.manifest(tmp_path, make.node_of(product), docs=doc)
    text = site(make.inputs(tmp_path, product, manifest=found))[INDEX]
    index = json.loads(text.removeprefix("window.MESH_INDEX=").rstrip(";\n"))
    assert index["products"][0][:3] == ["Claims", ADDRESS, CLAIMS]
    assert ["amount", "Amount", [0]] in index["columns"]
    assert ["Float", "term-float", "Money on its way."] in index["terms"]


def test_five_hundred_products_are_written_in_seconds_and_the_home_is_small(tmp_path: Path) -> None:
    inputs = make.many(tmp_path / "in", 500)
    began = time.monotonic()
    count = write_pages(inputs, tmp_path / "site", tmp_path)
    seconds = time.monotonic() - began
    home = sum(
        (tmp_path / "site" / name).stat().st_size
        for name in ("index.html", "assets/site.css", "assets/site.js", INDEX)
    )
    assert count > 1000
    assert home < 1_000_000
    assert seconds < 60


def test_an_age_is_counted_up_to_the_moment_of_writing(tmp_path: Path) -> None:
    level = {"property": "freshness", "value": 24, "unit": "h"}
    product = make.contract(slaProperties=[level])

    def state(newest: datetime) -> str:
        loaded = {product.table.physical_name: newest}
        page = site(make.inputs(tmp_path, product, loaded_at=loaded))[CLAIMS]
        found = re.search(r'data-limit="86400"><span class="state \w+">(\w+)<', page)
        assert found
        return found[1]

    assert state(make.NOW - timedelta(hours=24)) == "kept"
    assert state(make.NOW - timedelta(hours=25)) == "broken"


def test_a_migration_note_is_set_and_its_text_stays_text() -> None:
    made = str(markdown(f"# From v1\n\n- `amount` {EVIL}\n- [x](javascript:hacked) ![x](x.png)\n"))
    page = Reader(made)
    assert {tag for tag, _ in page.tags} == {"h4", "ul", "li", "code"}
    assert EVIL in page.text
    assert "[x](javascript:hacked)" in page.text


def test_a_contract_that_says_the_least_has_a_page(tmp_path: Path) -> None:
    product = make.contract(
        description={},
        table={"description": "", "businessName": "", "dataGranularityDescription": ""},
        columns=[{"name": "x", "logicalType": "string"}],
        support=[{"channel": "a room"}],
        roles=[{"role": "analyst"}],
    )
    text = read(make.inputs(tmp_path, product)).text
    for told in ("Claims", "a room", "analyst", "not said", "The contract holds no sample query."):
        assert told in text
