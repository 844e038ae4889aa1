"""dbt's events become lines that a person can follow."""

from __future__ import annotations

import json
from typing import Any

from mesh.build.dbt import Event
from mesh.build.progress import Progress


def event(name: str, outcome: str = "", *, level: str = "info", **data: Any) -> Event:
    node = {
        "unique_id": "model.mesh.m",
        "resource_type": "model",
        "node_name": "m",
        "node_path": "fintech/gold/m.sql",
        "node_status": outcome,
    }
    node.update(data.pop("node", {}))
    if name != "ConcurrencyLine":
        data["node_info"] = node
    line = {"info": {"name": name, "level": level, "msg": "words"}, "data": data}
    return Event.parse(json.dumps(line))


def told(*events: Event) -> tuple[Progress, list[str]]:
    lines: list[str] = []
    progress = Progress(say=lines.append)
    for each in events:
        progress(each)
    return progress, lines


def test_a_finished_model_is_one_line() -> None:
    _, lines = told(
        event("ConcurrencyLine", node_count=7),
        event("LogModelResult", "success", execution_time=1.25),
    )
    assert lines == ["    [1/7] success  m  1.2 s"]


def test_a_passed_test_is_only_counted() -> None:
    progress, lines = told(event("LogTestResult", "pass", node={"resource_type": "test"}))
    assert (progress.tests, lines) == (1, [])


def test_a_unit_test_has_its_outcome_beside_the_node() -> None:
    node = {"resource_type": "unit_test", "node_status": "None"}
    progress, lines = told(event("LogUnitTestResult", status="pass", node=node))
    assert (progress.tests, lines) == (1, [])


def test_a_failure_is_told_at_once_with_its_place() -> None:
    generic = {"resource_type": "test", "node_name": "t", "unique_id": "test.mesh.t"}
    progress, lines = told(
        event("LogModelResult", "error"),
        event("LogTestResult", "fail", node=generic, attached_node="model.mesh.m"),
        event("LogTestResult", "fail", node={**generic, "node_path": "assert_x.sql"}),
        event("SkippingDetails", "skipped"),
    )
    assert progress.failed == ["model.mesh.m", "test.mesh.t", "test.mesh.t"]
    assert [line.split("] ")[1] for line in lines] == [
        "error    m  (models/fintech/gold/m.sql)",
        "fail     t  (on m)",
        "fail     t  (tests/dbt/assert_x.sql)",
        "skipped  m",
    ]


def test_a_line_that_is_not_json_is_an_event_with_that_text() -> None:
    found = Event.parse("Traceback (most recent call last):\n")
    assert (found.name, found.message) == ("", "Traceback (most recent call last):")
