"""What only one person has is looked for in every byte that two published runs left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from mesh.build.context import run_folder
from mesh.build.docs import site_dir
from mesh.core.paths import ROOT, state_dir
from mesh.core.secrets import secrets
from mesh.core.settings import Lake, lake_file
from mesh.lake.trino import query
from mesh.privacy.needles import key_forms
from mesh.privacy.search import Hit, Searcher
from tests.stack.identifying import PRECISE, identifying
from tests.stack.published import PATIENTS, Published

PROTECTED = ("_landing", "_bronze", "patients_silver", "patients_vault", "patients_identity")
"""Schemas, by their end or name, that may hold identifiers: landed text, and the identity itself."""


@pytest.fixture(scope="module")
def values(_two_releases: Published) -> dict[str, str]:
    """What only one person has, in values of every class, planted ones among them."""
    found = identifying(_two_releases.files.folder)
    assert len(found) > 10 * PATIENTS
    for planted in ("BIRTHPLACE", "HEALTHCARE_EXPENSES", "note"):
        assert sum(name.startswith(planted) for name in found) == PATIENTS
    return found


def is_protected(path: Path) -> bool:
    """Whether a file belongs to a layer that may hold identifiers, or to the input itself."""
    lake, inputs = state_dir() / "data" / "s3", state_dir() / "input"
    if path.is_relative_to(inputs):
        return True
    if not path.is_relative_to(lake):
        return False
    schema = path.relative_to(lake).parts[1]
    return schema.endswith(PROTECTED)


def places() -> list[Path]:
    return [p for p in (state_dir(), site_dir(), ROOT / "target", ROOT / "logs") if p.exists()]


def test_the_search_finds_the_values_where_they_are(
    published: Published, values: dict[str, str]
) -> None:
    """Else finding nothing elsewhere would say nothing."""
    lake = state_dir() / "data" / "s3"
    landed = [path for path in lake.rglob("*") if "synthea_patients" in str(path)]
    names = {hit.name for path in landed if path.is_file() for hit in Searcher(values).file(path)}
    elsewhere = ("UDI", "note", *PRECISE)
    wanted = {name for name in values if not name.startswith(elsewhere)}
    assert wanted <= names


def test_nothing_of_a_person_is_outside_the_protected_layers(
    published: Published, values: dict[str, str]
) -> None:
    found: list[Hit] = list(Searcher(values).folders(places(), is_protected))
    assert found == []


def test_no_file_holds_sketches_of_columns(published: Published) -> None:
    """Those of Puffin files are unkeyed hashes of the values, which this search cannot see."""
    data = [path for path in (state_dir() / "data").rglob("*") if path.is_file()]
    assert [path for path in data if path.suffix == ".parquet"]
    assert [path for path in data if path.read_bytes()[:4] == b"PFA1"] == []


def test_nothing_of_a_person_is_in_the_history_of_queries(
    published: Published, values: dict[str, str], tmp_path: Path
) -> None:
    texts = query(published.lake, "select query from system.runtime.queries")
    assert len(texts) > 10
    history = tmp_path / "history.sql"
    history.write_text("\n".join(text for (text,) in texts))
    assert Searcher(values).file(history) == []


def plan_of(lake: Lake, query_id: str) -> str:
    """What the engine knows of a query that it ran: text, plan, operators and statistics."""
    answer = requests.get(
        f"https://{lake.trino_host}:{lake.trino_port}/v1/query/{query_id}",
        auth=(lake.trino_user, lake.trino_password or ""),
        verify=lake.trino_ca,
        timeout=30,
    )
    assert answer.ok, answer.reason
    return answer.text


@pytest.fixture(scope="module")
def key_search() -> Searcher:
    """Looks for the keys of all pseudonyms, also spaced out, encoded and backwards."""
    return Searcher(secrets().pseudonym_keys, key_forms)


def is_vault(path: Path) -> bool:
    """Whether a file is where the keys are kept: the secrets, and the vault of the lake."""
    lake = state_dir() / "data" / "s3"
    inside = path.is_relative_to(lake) and path.relative_to(lake).parts[1].endswith(
        "patients_vault"
    )
    return inside or path == state_dir() / "secrets.json"


def test_no_key_is_in_any_file_but_those_of_the_vault(
    published: Published, key_search: Searcher
) -> None:
    """Compiled SQL, manifests, logs, the site, all tables with their statistics, and the catalog."""
    everywhere = list(key_search.folders([state_dir()], lambda path: not is_vault(path)))
    assert {hit.name for hit in everywhere} == set(secrets().pseudonym_keys)
    compiled = list(
        run_folder(published.second.summary.run_id).rglob("identity_patients__keys.sql")
    )
    assert compiled
    assert "patients_vault" in compiled[0].read_text()
    assert list(key_search.folders(places(), is_vault)) == []


@pytest.fixture(scope="module")
def token_search() -> Searcher:
    """Looks for the token that Nessie takes, also encoded and backwards."""
    return Searcher({"token": secrets().nessie_token})


def test_the_token_for_nessie_is_only_where_the_toolset_keeps_it(
    published: Published, token_search: Searcher, tmp_path: Path
) -> None:
    kept = {state_dir() / "secrets.json", lake_file()}
    assert {path for path in kept if not list(token_search.file(path))} == set()
    assert list(token_search.folders(places(), kept.__contains__)) == []
    history = query(published.lake, "select query_id, query from system.runtime.queries")
    made = [name for name, text in history if "create catalog" in text]
    assert made
    for name in made:
        (tmp_path / f"{name}.json").write_text(plan_of(published.lake, name))
    (tmp_path / "history.sql").write_text("\n".join(text for _, text in history))
    assert list(token_search.folders([tmp_path])) == []


def test_no_key_is_in_the_history_of_queries_or_their_plans(
    published: Published, key_search: Searcher, tmp_path: Path
) -> None:
    """The plans are those of the queries that read the vault, as the engine ran them."""
    history = query(published.lake, "select query_id, query from system.runtime.queries")
    reading = [name for name, text in history if "patients_vault" in text]
    assert reading
    for name in reading:
        (tmp_path / f"{name}.json").write_text(plan_of(published.lake, name))
    (tmp_path / "history.sql").write_text("\n".join(text for _, text in history))
    assert list(key_search.folders([tmp_path])) == []
