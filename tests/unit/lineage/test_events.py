"""Lineage names what readers read, and carries no values."""

from __future__ import annotations

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from openlineage.client.event_v2 import RunEvent
from openlineage.client.serde import Serde

from mesh.build.manifest import read_manifest, read_run_results
from mesh.lineage import emit, events
from mesh.lineage.emit import LineageError
from mesh.lineage.events import Place
from tests.unit.build import dbt_files as make

PLACE = Place("trino.example.org", 443, "lake")
LANDED = make.source("synthea_claims", "fintech")
CLAIMS = make.model(
    "fct_fintech__claims",
    fqn=("fintech", "gold"),
    depends_on={"nodes": [LANDED["unique_id"]]},
)
UNIQUE = make.data_test("unique_a", CLAIMS["unique_id"], "a")


def made(folder: Path, *, model: str = "success", test: str = "pass") -> list[dict[str, Any]]:
    manifest = make.write(folder, "manifest.json", make.manifest(LANDED, CLAIMS, UNIQUE))
    raw = make.results(model__of__fct_fintech__claims=model, test__of__unique_a=test)
    results = make.write(folder, "run_results.json", raw)
    found = events(
        read_manifest(manifest),
        read_run_results(results),
        PLACE,
        run_id="r",
        published=model == "success",
    )
    return [json.loads(Serde.to_json(event)) for event in found]


def test_a_model_has_inputs_outputs_and_columns_in_the_published_catalog(tmp_path: Path) -> None:
    [start, complete] = [
        event for event in made(tmp_path) if event["job"]["name"] == CLAIMS["unique_id"]
    ]
    assert (start["eventType"], complete["eventType"]) == ("START", "COMPLETE")
    assert start["run"] == complete["run"]
    [read] = complete["inputs"]
    [written] = complete["outputs"]
    assert read["namespace"] == "trino://trino.example.org:443"
    assert read["name"] == "lake.fintech_landing.synthea_claims"
    assert written["name"] == "lake.fintech_gold.fct_fintech__claims"
    assert written["facets"]["schema"]["fields"][0]["name"] == "a"
    owners = complete["job"]["facets"]["ownership"]["owners"]
    assert owners == [{"name": "fintech-data@example.org", "type": "OWNER"}]


def test_everything_belongs_to_one_run_that_ends_as_the_publish_did(tmp_path: Path) -> None:
    good, bad = made(tmp_path), made(tmp_path, model="error")
    assert (good[0]["eventType"], good[-1]["eventType"]) == ("START", "COMPLETE")
    assert bad[-1]["eventType"] == "FAIL"
    whole = good[0]["run"]["runId"]
    parents = {event["run"]["facets"]["parent"]["run"]["runId"] for event in good[1:-1]}
    assert parents == {whole}


def test_tests_are_assertions_on_their_table(tmp_path: Path) -> None:
    [_, end] = [e for e in made(tmp_path, test="fail") if "tests of" in e["job"]["name"]]
    assert end["eventType"] == "FAIL"
    [looked] = end["inputs"]
    [assertion] = looked["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert (assertion["assertion"], assertion["column"], assertion["success"]) == (
        "unique",
        "a",
        False,
    )


def test_messages_of_the_engine_stay_out(tmp_path: Path) -> None:
    text = json.dumps(made(tmp_path, model="error", test="fail"))
    assert "Ada Lovelace" not in text


def test_events_go_to_a_file_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_HOME", str(tmp_path))
    monkeypatch.delenv("OPENLINEAGE_URL", raising=False)
    manifest = make.write(tmp_path, "manifest.json", make.manifest(LANDED, CLAIMS))
    raw = make.results(model__of__fct_fintech__claims="success")
    results = make.write(tmp_path, "run_results.json", raw)
    found = list(
        events(
            read_manifest(manifest), read_run_results(results), PLACE, run_id="r", published=True
        )
    )
    for _ in range(2):
        assert emit(found) == str(tmp_path / "lineage" / "events.jsonl")
    lines = (tmp_path / "lineage" / "events.jsonl").read_text().splitlines()
    assert len(lines) == 2 * len(found)
    assert json.loads(lines[0])["job"]["name"] == "mesh.run"


def some_events(folder: Path) -> list[RunEvent]:
    manifest = read_manifest(make.write(folder, "manifest.json", make.manifest(LANDED, CLAIMS)))
    raw = make.results(model__of__fct_fintech__claims="success")
    results = read_run_results(make.write(folder, "run_results.json", raw))
    return list(events(manifest, results, PLACE, run_id="r", published=True))


class Receiver(BaseHTTPRequestHandler):
    """Takes every event; its server keeps path and content."""

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append((self.path, content))  # type: ignore[attr-defined]
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_a_receiver_at_an_address_gets_every_event_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_HOME", str(tmp_path))
    made = some_events(tmp_path)
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        taken: list[tuple[str, dict[str, Any]]] = []
        server.taken = taken  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("OPENLINEAGE_URL", address)
        try:
            assert emit(made) == address
        finally:
            server.shutdown()
            thread.join()
    assert {path for path, _ in taken} == {"/api/v1/lineage"}
    sent = [(event.eventType.value, event.job.name) for event in made if event.eventType]
    assert [(event["eventType"], event["job"]["name"]) for _, event in taken] == sent
    assert len(sent) == 4
    assert not (tmp_path / "lineage").exists()


def test_a_configured_file_takes_the_place_of_the_own_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_HOME", str(tmp_path))
    named = tmp_path / "elsewhere.jsonl"
    settings = {"TYPE": "file", "LOG_FILE_PATH": str(named), "APPEND": "true"}
    for name, value in settings.items():
        monkeypatch.setenv(f"OPENLINEAGE__TRANSPORT__{name}", value)
    made = some_events(tmp_path)
    emit(made)
    assert len(named.read_text().splitlines()) == len(made)
    assert not (tmp_path / "lineage").exists()


def test_a_receiver_that_does_not_answer_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESH_HOME", str(tmp_path))
    monkeypatch.setenv("OPENLINEAGE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENLINEAGE__TRANSPORT__RETRY__TOTAL", "0")
    manifest = read_manifest(make.write(tmp_path, "manifest.json", make.manifest(CLAIMS)))
    raw = make.results(model__of__fct_fintech__claims="success")
    results = read_run_results(make.write(tmp_path, "run_results.json", raw))
    before = dict(os.environ)
    with pytest.raises(LineageError, match="were not taken") as caught:
        emit(events(manifest, results, PLACE, run_id="r", published=True))
    assert caught.value.where == "http://127.0.0.1:9"
    assert dict(os.environ) == before, "the client leaves variables behind"
