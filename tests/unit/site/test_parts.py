"""The parts that pages are made of: checks, lineage, samples, the swap."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh.build.manifest import read_run_results
from mesh.core.errors import MeshError
from mesh.site import samples
from mesh.site.catalogue import Catalogue, slug
from mesh.site.columns import ColumnLineage, Ref, read_lineage
from mesh.site.drawing import HEIGHT, WIDTH, draw
from mesh.site.foreign import keep_to_itself
from mesh.site.gather import gather
from mesh.site.inputs import Consumer, Inputs
from mesh.site.quality import checks_by_product, verdict
from mesh.site.swap import replace_folder
from mesh.site.tables import Tables
from tests.unit.build import dbt_files
from tests.unit.site import factory as make

UNIQUE = "test.mesh.unique_claims"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("pass", "passed"), ("warn", "warned"), ("fail", "failed"), ("error", "failed"),
     ("skipped", "not run"), (None, "not known")],
)  # fmt: skip
def test_a_check_shows_its_result(tmp_path: Path, status: str | None, outcome: str) -> None:
    found = make.with_test(tmp_path, status, 3)
    [checks] = checks_by_product(Catalogue(found.contracts, found.manifest), found).values()
    assert [(check.scope, check.what, check.outcome) for check in checks] == [
        ("claim_id", "No value comes twice", outcome)
    ]
    assert checks[0].detail == ("3 rows" if outcome in ("warned", "failed") else "")


def test_no_message_of_a_result_is_shown(tmp_path: Path) -> None:
    found = make.with_test(tmp_path, "fail", 3)
    [checks] = checks_by_product(Catalogue(found.contracts, found.manifest), found).values()
    assert "Lovelace" not in str(checks)


def test_the_worst_outcome_is_the_verdict(tmp_path: Path) -> None:
    found = make.with_test(tmp_path, "warn")
    [checks] = checks_by_product(Catalogue(found.contracts, found.manifest), found).values()
    assert verdict(checks) == "warned"
    assert verdict([]) == "not known"


@st.composite
def graphs(pick: st.DrawFn) -> tuple[list[str], list[tuple[str, str]]]:
    """A graph without circles: edges lead from earlier to later nodes."""
    nodes = [f"n{number}" for number in range(pick(st.integers(1, 14)))]
    pairs = [(a, b) for at, a in enumerate(nodes) for b in nodes[at + 1 :]]
    edges = pick(st.lists(st.sampled_from(pairs), unique=True, max_size=30)) if pairs else []
    return nodes, edges


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_boxes_stand_apart_and_lines_lead_to_the_right(
    graph: tuple[list[str], list[tuple[str, str]]],
) -> None:
    nodes, edges = graph
    drawing = draw(nodes, edges)
    at = {box.id: box for box in drawing.boxes}
    assert all(at[a].x + WIDTH < at[b].x for a, b in edges)
    placed = sorted((box.x, box.y) for box in drawing.boxes)
    for (x, y), (other_x, other_y) in pairwise(placed):
        assert x != other_x or other_y - y > HEIGHT
    assert min(box.x for box in drawing.boxes) > 0
    assert min(box.y for box in drawing.boxes) > 0
    assert max(box.x for box in drawing.boxes) + WIDTH <= drawing.width
    assert max(box.y for box in drawing.boxes) + HEIGHT <= drawing.height
    assert draw(nodes, edges) == drawing


def test_the_picture_ends_at_other_products_and_the_lists_go_on(tmp_path: Path) -> None:
    far, near, here, after = (make.contract(name) for name in ("far", "near", "here", "after"))
    nodes = [
        make.node_of(far),
        make.node_of(near, "fct_fintech__far"),
        make.node_of(here, "fct_fintech__near"),
        make.node_of(after, "fct_fintech__here"),
    ]
    found = make.manifest(tmp_path, *nodes)
    catalogue = Catalogue([far, near, here, after], found)
    product = next(each for each in catalogue.products if each.contract is here)
    journey = Tables(found, catalogue).journey(product, [Consumer("Desk", "desk@example.org")])
    assert journey
    drawn = {journey.stations[box.id].name for box in journey.drawing.boxes}
    assert drawn == {"Near", "Here", "After", "Desk"}
    assert [(s.name, s.step) for s in journey.where(upstream=True)] == [("Near", -1), ("Far", -2)]
    assert [s.name for s in journey.where(upstream=False)] == ["Desk", "After"]


def test_a_rule_in_sql_has_the_result_of_its_test_and_one_in_words_has_none(
    tmp_path: Path,
) -> None:
    rules = [
        {"name": "balances", "type": "sql", "query": "select count(*) from {object}", "mustBe": 0,
         "description": "Every row balances."},
        {"type": "text", "description": "Late sites are missing."},
    ]  # fmt: skip
    product = make.contract(table={"quality": rules})
    node = make.node_of(product)
    test = dbt_files.data_test("fct_fintech__claims__balances", node["unique_id"], None)
    test["test_metadata"] = {"name": "gives_figure", "kwargs": {}}
    raw = dbt_files.results(**{test["unique_id"].replace(".mesh.", "__of__"): "fail"})
    results = read_run_results(dbt_files.write(tmp_path, "run_results.json", raw))
    inputs = Inputs((product,), make.manifest(tmp_path, node, test), make.NOW, results=results)
    [checks] = checks_by_product(Catalogue([product], inputs.manifest), inputs).values()
    assert [(c.what, c.outcome) for c in checks] == [
        ("Every row balances.", "failed"),
        ("Late sites are missing.", "told only"),
    ]


def test_columns_are_followed_both_ways() -> None:
    a, b, c = Ref("source.a", "x"), Ref("model.b", "y"), Ref("model.c", "z")
    lineage = ColumnLineage({b: (a,), c: (b,)})
    assert lineage.upstream(c) == {a, b}
    assert lineage.downstream(a) == {b, c}
    assert lineage.upstream(a) == set()


def test_the_sql_of_a_project_tells_what_columns_are_made_of(tmp_path: Path) -> None:
    silver = dbt_files.model(
        "silver_fintech__claims",
        fqn=("fintech", "silver"),
        raw_code="select 1 as claim_id, 2 as cents",
    )
    gold = dbt_files.model(
        "fct_fintech__claims",
        fqn=("fintech", "gold"),
        raw_code="""
            select claim_id, cents / 100.0 as amount
            from build.fintech_silver.silver_fintech__claims
        """,
        depends_on={"nodes": [silver["unique_id"]]},
    )
    (tmp_path / "manifest.json").write_text(json.dumps(dbt_files.manifest(silver, gold)))
    lineage = read_lineage(tmp_path / "manifest.json")
    assert lineage
    assert lineage.made_of[Ref(gold["unique_id"], "amount")] == (Ref(silver["unique_id"], "cents"),)
    assert lineage.made_of[Ref(silver["unique_id"], "cents")] == ()


def test_sample_queries_are_given_with_who_asks_them() -> None:
    query = {"name": "n", "question": "How many?", "role": "analyst", "sql": "select 1\n"}
    product = make.contract(customProperties=[{"property": "sampleQueries", "value": [query, 7]}])
    assert [*samples.sample_queries([product])] == [
        samples.SampleQuery("data://fintech/claims/v1", "n", "How many?", "analyst", "select 1")
    ]


def test_answers_come_back_as_they_were_written() -> None:
    good = samples.Answer("d", "analyst", make.NOW, 0.25, (("x", "bigint"),), samples.row_class(7))
    bad = samples.Answer("e", "analyst", make.NOW, 0.1, fault="COLUMN_NOT_FOUND: no column y")
    answers = {("data://a/b/v1", "n"): good, ("data://a/b/v1", "m"): bad}
    assert samples.answers_from_json(samples.answers_to_json(answers)) == answers
    assert [*samples.faults(answers)] == [
        "data://a/b/v1: m as analyst: COLUMN_NOT_FOUND: no column y"
    ]
    with pytest.raises(MeshError, match=r"samples\.json"):
        samples.answers_from_json("[]")


def test_a_query_that_changed_has_another_digest() -> None:
    query = samples.SampleQuery("data://a/b/v1", "n", "How many?", "analyst", "select 1")
    assert replace(query, question="How much?").digest == query.digest
    assert len({query.digest, *(replace(query, **{n: "x"}).digest for n in ("role", "sql"))}) == 3


def test_a_page_of_another_tool_keeps_to_itself(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    inside = "<script>const a = \"<link href='https://x.example'>\"</script>"
    page.write_text(f"<html><head lang=en><link rel=x href='https://x.example/f'>{inside}</head>")
    keep_to_itself(page)
    text = page.read_text()
    assert text.startswith('<html><head lang=en><meta http-equiv="Content-Security-Policy"')
    assert text.endswith(f"{inside}</head>")
    assert text.count("https:") == 1


def test_domains_know_whom_they_read_and_who_reads_them(tmp_path: Path) -> None:
    claims, care = make.contract(), make.contract("care", "analytics")
    nodes = [make.node_of(claims), make.node_of(care, "fct_fintech__claims")]
    catalogue = Catalogue([claims, care], make.manifest(tmp_path, *nodes))
    assert catalogue.neighbours("analytics") == (("fintech",), ())
    assert catalogue.neighbours("fintech") == ((), ("analytics",))


def test_a_number_of_rows_is_told_as_a_class() -> None:
    told = [samples.row_class(rows) for rows in (0, 1, 2, 10, 11, 100, 101, 1000, 1001)]
    assert told == ["no rows", *["1 to 10 rows"] * 3, *["11 to 100 rows"] * 2,
                    *["101 to 1,000 rows"] * 2, "more than 1,000 rows"]  # fmt: skip


def test_a_folder_takes_the_place_of_another(tmp_path: Path) -> None:
    for name in ("new", "place"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a").write_text(name)
    replace_folder(tmp_path / "new", tmp_path / "place")
    assert (tmp_path / "place" / "a").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["place"]
    replace_folder(tmp_path / "place", tmp_path / "first" / "time")
    assert (tmp_path / "first" / "time" / "a").read_text() == "new"


def test_names_become_paths_that_stay_different() -> None:
    assert [slug(text) for text in ("claims", "a.b", "a-b", "", "../x")] == [
        "claims", "a-2e-b", "a-b", "-", "-2e--2e--2f-x",
    ]  # fmt: skip


def test_what_cannot_be_had_is_left_out_and_said(tmp_path: Path) -> None:
    product = make.contract()
    make.manifest(tmp_path / "parts", make.node_of(product))
    folder = tmp_path / "contracts" / "fintech"
    folder.mkdir(parents=True)
    (folder / "broken.odcs.yaml").write_text("kind: DataContract\n\tname: x\n")
    found = gather(tmp_path / "parts", make.NOW, root=tmp_path)
    assert found.contracts == ()
    assert found.summary is None
    assert any("broken.odcs.yaml" in each for each in found.left_out)
    assert any("results of checks" in each for each in found.left_out)
    assert any("changes" in each for each in found.left_out)
