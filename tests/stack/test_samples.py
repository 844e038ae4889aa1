"""Sample queries are asked as their roles after a run; pages show shapes, and name what failed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from mesh.build.docs import site_dir
from mesh.build.manifest import read_manifest
from mesh.build.outcome import told_of
from mesh.build.run import run_folder
from mesh.build.samples import ask_as_roles
from mesh.contracts.model import Contract
from mesh.contracts.project import read_contracts
from mesh.core.paths import ROOT
from mesh.lake.releases import release_file
from mesh.site.catalogue import Catalogue
from mesh.site.gather import MANIFEST, gather
from mesh.site.inputs import Published as Shown
from mesh.site.samples import (
    FILE,
    Answers,
    answers_from_json,
    answers_to_json,
    row_class,
    sample_queries,
)
from mesh.site.write import write_pages
from tests.stack.published import Published

CONTRACTS = read_contracts(ROOT)[0]
QUERIES = {query.key: query for query in sample_queries(CONTRACTS)}
BY_AGE = "data://patients/profiles/v1", "patients_by_age_band"
BY_AREA = "data://patients/profiles/v1", "areas_of_care"


def test_every_sample_query_was_answered_as_its_role(published: Published) -> None:
    stored = answers_from_json(release_file(published.lake, published.second.release, FILE))
    assert stored.keys() == published.second.answers.keys() == QUERIES.keys()
    assert told_of(stored) == [f"sample queries: {len(QUERIES)} answered, 0 failed"]
    for key, answer in stored.items():  # a later run may have asked anew, and measured anew
        asked = published.second.answers[key]
        assert answer == replace(asked, asked_at=answer.asked_at, seconds=answer.seconds)
        assert (answer.role, answer.digest) == (QUERIES[key].role, QUERIES[key].digest)
        assert answer.columns
        assert answer.rows
        assert 0 < answer.seconds < 60


def test_what_is_stored_holds_no_value_of_a_row(published: Published) -> None:
    """Beside names, types and classes of sizes there is no text and no figure that rows gave."""
    text = release_file(published.lake, published.second.release, FILE)
    for entry in json.loads(text)["samples"]:
        assert entry.keys() == {
            *("product", "name", "digest", "role", "asked_at", "seconds"),
            *("columns", "rows", "fault"),
        }
        assert all(column.keys() == {"name", "type"} for column in entry["columns"])
        assert entry["rows"] in {row_class(number) for number in (0, 1, 11, 101, 1001)}


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.address)
def test_the_page_of_every_product_shows_the_shapes(
    published: Published, contract: Contract
) -> None:
    manifest = read_manifest(run_folder(published.second.summary.run_id))
    [product] = Catalogue([contract], manifest).products
    page = (site_dir() / product.page).read_text()
    for query in sample_queries([contract]):
        answer = published.second.answers[query.key]
        assert answer.rows in page
        assert all(f">{name}<" in page for name, _ in answer.columns)
    assert "the query was not run for this release" not in page


def test_a_broken_sample_is_named_and_the_release_stays(
    published: Published, tmp_path: Path
) -> None:
    """One query names a column that is gone, one is asked by a role that may not."""
    for folder in ("contracts", "access"):
        copytree(ROOT / folder, tmp_path / folder)
    file = tmp_path / "contracts" / "patients" / "profiles.odcs.yaml"
    text = file.read_text()
    spoilt = text.replace("select age_band, count(*)", "select gone_column, count(*)", 1)
    before, name, after = spoilt.partition(f"name: {BY_AREA[1]}")
    spoilt = before + name + after.replace("role: analyst", "role: clinician_of_nowhere", 1)
    assert spoilt.count("clinician_of_nowhere") == spoilt.count("gone_column") == 1
    file.write_text(spoilt)

    answers = ask_as_roles(published.lake, read_contracts(tmp_path)[0])

    bad = {key: answer for key, answer in answers.items() if answer.fault}
    assert bad.keys() == {BY_AGE, BY_AREA}
    assert "gone_column" in bad[BY_AGE].fault
    assert "clinician_of_nowhere" in bad[BY_AREA].fault
    assert all(BY_AGE[1] in line or BY_AREA[1] in line for line in told_of(answers)[1:])
    page = page_of(published, answers, tmp_path)
    assert page.count("The query gives no result") == 2
    assert "COLUMN_NOT_FOUND" in page


def test_a_role_is_refused_what_it_may_not_see(published: Published, tmp_path: Path) -> None:
    """The account is really that of the role: another one's query is denied to it."""
    folder = tmp_path / "contracts" / "medical"
    folder.mkdir(parents=True)
    text = (ROOT / "contracts" / "medical" / "encounters.odcs.yaml").read_text()
    (folder / "encounters.odcs.yaml").write_text(text.replace("role: clinician", "role: analyst"))
    answers = ask_as_roles(published.lake, read_contracts(tmp_path)[0])
    assert answers
    assert all(answer.fault.startswith("PERMISSION_DENIED") for answer in answers.values())


def test_the_text_of_a_fault_holds_no_value(published: Published, tmp_path: Path) -> None:
    folder = tmp_path / "contracts" / "patients"
    folder.mkdir(parents=True)
    text = (ROOT / "contracts" / "patients" / "profiles.odcs.yaml").read_text()
    impossible = "select max(cast(hidden_attributes as date)), count(*)"
    spoilt = text.replace("select age_band, count(*)", impossible, 1)
    assert impossible in spoilt
    (folder / "profiles.odcs.yaml").write_text(spoilt)
    answer = ask_as_roles(published.lake, read_contracts(tmp_path)[0])[BY_AGE]
    assert answer.fault == "INVALID_CAST_ARGUMENT: its text may quote a value and is held back"


def page_of(published: Published, answers: Answers, root: Path) -> str:
    """The page of the profiles as the site shows it with these answers."""
    release, parts = published.second.release, root / "parts"
    parts.mkdir()
    (parts / MANIFEST).write_bytes(release_file(published.lake, release, MANIFEST))
    (parts / FILE).write_text(answers_to_json(answers))
    site = root / "site"
    write_pages(gather(parts, datetime.now(UTC), Shown(release), root=root), site, root)
    return (site / "products" / "patients" / "profiles" / "v1.html").read_text()
