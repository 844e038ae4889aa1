"""The service levels that a page shows: what is promised, and whether it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mesh.build.summary import Arrival, Summary, Verdicts
from mesh.core.errors import MeshError
from mesh.site import freshness, readings, samples
from mesh.site.catalogue import Catalogue
from mesh.site.levels import promise, seconds, span, states
from mesh.site.quality import checks_by_product
from mesh.site.readings import Readings
from tests.unit.site import factory as make


def state_of(folder: Path, level: dict[str, Any], **changes: Any) -> tuple[str, str]:
    base = make.with_test(folder, changes.pop("status", "pass"))
    product = make.contract(slaProperties=[level])
    found = make.inputs(folder, product, manifest=base.manifest, results=base.results, **changes)
    catalogue = Catalogue(found.contracts, found.manifest)
    [(_, checks)] = checks_by_product(catalogue, found).items()
    [state] = states(catalogue.products[0], found, checks)
    return state.state, state.evidence


def summary(rows: int, rejected: int, new_rows: int = 1) -> Summary:
    arrivals = (Arrival("fintech", 1, rows, new_rows, rejected),)
    return Summary("r", "f", "l", "i", "2026-01-01", False, 1, (), arrivals, Verdicts(1, 0, 0, 0))


ACCURACY = {"property": "accuracy", "value": 99.9, "unit": "percent"}
LATENCY = {"property": "latency", "value": 2, "unit": "h"}
TABLE = "fintech_gold.fct_fintech__claims"


def test_accuracy_is_kept_by_checks_and_accepted_rows(tmp_path: Path) -> None:
    assert state_of(tmp_path, ACCURACY, summary=summary(1000, 1))[0] == "kept"
    assert state_of(tmp_path, ACCURACY, summary=summary(1000, 2))[0] == "broken"
    assert state_of(tmp_path, ACCURACY, summary=summary(1000, 0), status="fail")[0] == "broken"
    assert state_of(tmp_path, ACCURACY, status=None)[0] == "not known"


def test_latency_is_told_of_a_release_with_new_rows(tmp_path: Path) -> None:
    at = make.RELEASE.at
    assert at is not None

    def told(hours: int, new_rows: int) -> str:
        loaded = {TABLE: at - timedelta(hours=hours)}
        return state_of(
            tmp_path,
            LATENCY,
            release=make.RELEASE,
            loaded_at=loaded,
            summary=summary(9, 0, new_rows),
        )[0]

    assert (told(2, 5), told(3, 5), told(2, 0)) == ("kept", "broken", "not known")


def test_a_level_that_nobody_measures_is_not_called_kept(tmp_path: Path) -> None:
    level = {"property": "availability", "value": 99.5, "unit": "percent"}
    assert state_of(tmp_path, level) == (
        "not known",
        "not measured: no release tells whether it answered",
    )


def test_lengths_of_time_are_read_and_told() -> None:
    assert (seconds(24, "h"), seconds("1.5", "d"), seconds("soon", "h"), seconds(1, "miles")) == (
        86400, 129600, None, None,
    )  # fmt: skip
    assert [span(timedelta(seconds=s)) for s in (5, 60, 7200, 200000)] == [
        "less than a minute", "1 minute", "2 hours", "2 days",
    ]  # fmt: skip
    levels = make.contract(
        slaProperties=[
            {"property": "freshness", "value": 1, "unit": "h"},
            {"property": "retention", "value": 10, "unit": "y"},
            {"property": "availability", "value": 99.5, "unit": "percent"},
        ]
    ).levels
    assert [promise(level) for level in levels] == ["1 hour", "10 years", "99.5 %"]


@pytest.mark.parametrize(
    ("answered", "asked", "state"),
    [(200, 200, "kept"), (199, 200, "kept"), (199, 199, "not known"), (1, 1, "not known"),
     (198, 200, "broken"), (0, 1, "broken")],
)  # fmt: skip
def test_availability_is_kept_only_where_it_was_asked_often_enough(
    tmp_path: Path, answered: int, asked: int, state: str
) -> None:
    level = {"property": "availability", "value": 99.5, "unit": "percent"}
    product = make.contract(slaProperties=[level])
    counted = {product.address: Readings(answered, asked)}
    inputs = make.inputs(tmp_path, product, readings=readings.from_json(readings.as_json(counted)))
    [shown] = Catalogue([product], inputs.manifest).products
    [found] = states(shown, inputs, [])
    assert found.state == state
    assert f"answered after {answered} of {asked} releases" in found.evidence


def test_a_product_answers_when_one_of_its_queries_does() -> None:
    good = samples.Answer("d", "analyst", make.NOW, 0.2, (("n", "bigint"),), "no rows")
    bad = replace(good, fault="TABLE_NOT_FOUND: no table t")
    a, b = "data://x/a/v1", "data://x/b/v1"
    recorded = [{(a, "n"): good, (a, "m"): bad, (b, "n"): bad}, {(a, "n"): good}]
    assert readings.count(recorded) == {a: Readings(2, 2), b: Readings(0, 1)}
    with pytest.raises(MeshError, match=r"readings\.json"):
        readings.from_json('{"data://x/a/v1": 3}')


def test_a_product_without_the_column_is_as_old_as_what_it_reads(tmp_path: Path) -> None:
    own = make.contract("own", columns=[make.column("_loaded_at")])
    total = make.contract("total")
    found = make.manifest(
        tmp_path,
        make.node_of(own),
        make.node_of(total, "fct_fintech__own"),
        make.node_of(make.contract()),
    )
    query = freshness.newest_query("lake", found)
    assert query == (
        "select 'fintech_gold.fct_fintech__own', max(_loaded_at) "
        'from "lake"."fintech_gold"."fct_fintech__own"'
    )
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    moments = freshness.of_products(found, {"fintech_gold.fct_fintech__own": moment})
    assert moments == dict.fromkeys(
        ["fintech_gold.fct_fintech__own", "fintech_gold.fct_fintech__total"], moment
    )
    assert freshness.from_json(freshness.as_json(moments)) == moments


@pytest.mark.parametrize("text", ["[]", '{"a": "soon"}', '{"a": "2026-01-01T00:00:00"}', "{"])
def test_moments_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(MeshError):
        freshness.from_json(text)
