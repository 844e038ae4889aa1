"""The command on a project of somebody else, on disk, and on this one."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mesh.cli.check import checks
from mesh.core.paths import ROOT
from mesh.privacy import reference
from tests.unit.privacy import factory

FILES = {
    "dbt_project.yml": """
        name: shop
        version: '1.0'
        profile: not_there
        vars: {show: false}
        on-run-end: ["create table lake.bi.dump as select ssn from {{ source('crm', 'people') }}"]
        models: {shop: {staging: {+materialized: view}, marts: {+materialized: table}}}
        """,
    "models/staging/sources.yml": """
        sources:
          - name: crm
            tables:
              - name: people
                columns:
                  - {name: id, config: {meta: {privacy: {class: direct, subject: customer}}}}
                  - {name: email, meta: {privacy: {class: direct}}}
                  - {name: ssn, config: {meta: {privacy: {class: direct}}}}
                  - {name: region, config: {meta: {privacy: {class: none}}}}
                  - {name: fax}
        models:
          - name: stg_people
            columns:
              - name: id
                data_tests: [{not_null: {config: {store_failures: true}}}]
        """,
    "models/staging/stg_people.sql": "select * from {{ source('crm', 'people') }}",
    "models/marts/by_region.sql": """
        {{ config(materialized='incremental') }}
        select region, count(*) as n,
            {% if is_incremental() %}max(email){% else %}'none'{% endif %} as contact
        from {{ ref('stg_people') }} group by region
        """,
    "models/marts/regions.sql": """
        select region, count(distinct id) as people from {{ ref('stg_people') }} group by region
        """,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop")
    for name, text in FILES.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        lines = text.strip("\n").splitlines()
        indent = len(lines[0]) - len(lines[0].lstrip())
        (path / name).write_text("\n".join(line[indent:] for line in lines) + "\n")
    return path


def run(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    done = CliRunner().invoke(checks, ["privacy", *arguments, "--format", "json"])
    assert done.exit_code in (0, 1), done.output
    return done.exit_code, json.loads(done.stdout)


def test_a_project_of_somebody_else_is_checked_as_it_stands(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    code, found = run("--project-dir", str(folder))
    assert sorted(folder.rglob("*")) == before
    places = {(each["code"], each["node"], each["column"], each["class"]) for each in found}
    assert code == 1
    assert {
        ("PRIV001", "crm.people", "fax", "unknown"),
        ("PRIV003", "by_region", "contact", "direct"),
        ("PRIV009", "shop-on-run-end-0", "ssn", "direct"),
        ("PRIV012", "not_null_stg_people_id", "email", "direct"),
    } <= places
    assert "regions" not in {node for _, node, _, _ in places}
    [leak] = [each for each in found if each["node"] == "by_region"]
    assert leak["path"] == [
        "crm.people.email [direct] (models/staging/sources.yml)",
        "stg_people.email [direct] (models/staging/stg_people.sql)",
        "by_region.contact <- MAX(email) [direct] (models/marts/by_region.sql:3)",
    ]
    assert set(leak) >= {"code", "severity", "node", "column", "class", "path", "message", "hint"}


def test_a_rule_of_a_contract_in_sql_is_followed(folder: Path, tmp_path: Path) -> None:
    """Our test of such a rule keeps counts alone; one that kept the figure would be found."""
    shop = tmp_path / "shop"
    shutil.copytree(folder, shop)
    ours = (ROOT / "tests" / "dbt" / "generic" / "gives_figure.sql").read_text()
    theirs = ours.replace("test gives_figure", "test shows_figure").replace(
        "    figure_count,\n    kept_count\nfrom judged",
        "    figure\nfrom measured cross join judged",
    )
    assert theirs.count("cross join") == 1
    given = """
            data_tests:
              - {test}:
                  name: {test}_of_people
                  config: {{store_failures: true}}
                  arguments: {{query: "select max(email) from {{object}}", must: {{mustBe: 0}}}}
        """
    sources = shop / "models" / "staging" / "sources.yml"
    for test, text in (("gives_figure", ours), ("shows_figure", theirs)):
        (shop / "macros").mkdir(exist_ok=True)
        (shop / "macros" / f"{test}.sql").write_text(text)
        name = f"people_{test}"
        (shop / "models" / "staging" / f"{name}.sql").write_text(
            "select * from {{ ref('stg_people') }}"
        )
        entry = f"  - name: {name}" + given.format(test=test).rstrip().replace("\n        ", "\n")
        sources.write_text(sources.read_text().rstrip() + "\n" + entry + "\n")
    _, found = run("--project-dir", str(shop))
    about = {(e["code"], e["class"]) for e in found if e["node"] == "shows_figure_of_people"}
    assert about == {("PRIV012", "direct")}
    assert [e for e in found if e["node"] == "gives_figure_of_people"] == []


def test_a_generic_test_is_held_to_ref_and_source(folder: Path, tmp_path: Path) -> None:
    """What a test keeps to itself it still reads: dbt has to know of the table."""
    shop = tmp_path / "shop"
    shutil.copytree(folder, shop)
    (shop / "macros").mkdir()
    ours = (ROOT / "tests" / "dbt" / "generic" / "gives_figure.sql").read_text()
    (shop / "macros" / "gives_figure.sql").write_text(ours)
    queries = {
        "landed": "select count(*) from crm.people",
        "unheard": "select count(*) from lake.raw.unheard_of",
        "inner": "with people as (select region from {object}) select count(*) from people",
    }
    tests = [
        {"gives_figure": {"name": name, "arguments": {"query": query, "must": {"mustBe": 0}}}}
        for name, query in queries.items()
    ]
    tests += [{"relationships": {"name": "known", "arguments": {
        "column_name": "region", "to": "source('crm', 'people')", "field": "region"}}}]  # fmt: skip
    described = {"models": [{"name": "regions", "data_tests": tests}]}
    (shop / "models" / "marts" / "regions.yml").write_text(json.dumps(described))
    _, found = run("--project-dir", str(shop))
    names = {*queries, "known"}
    assert {(e["code"], e["severity"], e["node"]) for e in found if e["node"] in names} == {
        ("PRIV007", "warning", "landed"),
        ("PRIV006", "error", "unheard"),
    }


def test_other_folders_can_be_the_published_ones(folder: Path) -> None:
    _, found = run("--project-dir", str(folder), "--published", "staging")
    nodes = {each["node"] for each in found if each["code"] == "PRIV003"}
    assert nodes == {"stg_people"}


def test_what_was_taken_away_since_a_revision_is_found(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "shop")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], check=True)
    sources = tmp_path / "shop" / "models" / "staging" / "sources.yml"
    sources.write_text(sources.read_text().replace("privacy: {class: direct}", "other: 1"))
    _, found = run("--project-dir", str(tmp_path / "shop"), "--base", "HEAD")
    gone = {(e["node"], e["column"]) for e in found if e["code"] == "PRIV017"}
    assert gone == {("crm.people", "email"), ("crm.people", "ssn")}


def manifest(path: Path, *nodes: factory.Raw) -> str:
    source = factory.source("crm", "people", {"email": {"class": "direct"}})
    path.write_text(json.dumps(factory.manifest(nodes, [source])))
    return str(path)


def test_a_manifest_is_enough(tmp_path: Path) -> None:
    leak = factory.node("marts/a", "select email from {{ source('crm', 'people') }}")
    code, found = run("--manifest", manifest(tmp_path / "manifest.json", leak))
    assert (code, [each["node"] for each in found]) == (1, ["a"])


def test_a_project_in_order_ends_with_nothing(tmp_path: Path) -> None:
    fine = factory.node("marts/a", "select count(email) as n from {{ source('crm', 'people') }}")
    assert run("--manifest", manifest(tmp_path / "manifest.json", fine)) == (0, [])


def test_the_table_gives_the_path_and_the_remedy(tmp_path: Path) -> None:
    leak = factory.node("marts/a", "select lower(email) as e from {{ source('crm', 'people') }}")
    path = manifest(tmp_path / "manifest.json", leak)
    done = CliRunner().invoke(checks, ["privacy", "--manifest", path])
    assert done.exit_code == 1
    assert "models/marts/a.sql: PRIV003 error a.e: it gives direct values" in done.stdout
    assert "    a.e <- LOWER(email) [direct] (models/marts/a.sql:1)" in done.stdout
    assert "  hint: use pseudonym()" in done.stdout


@pytest.mark.parametrize("text", ["", "{}", '{"metadata": {}}', "[1]"])
def test_what_is_no_manifest_cannot_be_checked(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    done = CliRunner().invoke(checks, ["privacy", "--manifest", str(tmp_path / "manifest.json")])
    assert done.exit_code != 0
    assert getattr(done.exception, "exit_code", None) == 2


def test_the_reference_says_what_the_code_does() -> None:
    hint = "python -m mesh.privacy.reference"
    assert (ROOT / "docs" / "reference" / "privacy.md").read_text() == reference.page(), hint
