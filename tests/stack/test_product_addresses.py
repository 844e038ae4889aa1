"""Every address leads to the real table, with each tool, and the tables are what was promised."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mesh.contracts.address import find_contract, resolve
from mesh.contracts.check import check_contracts
from mesh.contracts.finding import Finding
from mesh.contracts.live import live_drift
from mesh.contracts.model import Contract
from mesh.contracts.project import open_project, read_contracts
from mesh.contracts.retirement import today
from mesh.core.paths import ROOT
from mesh.lake.branches import Branch, attach, drop_branch, open_branch
from mesh.lake.catalogs import drop_catalog
from mesh.lake.names import new_run_id
from mesh.lake.trino import connect, query
from tests.stack.published import Published

CONTRACTS = {contract.address: contract for contract in read_contracts(ROOT)[0]}
PROGRAMS = ("trino-python", "pyiceberg", "duckdb")
ALONE = ("data://fintech/payers/v2", "data://patients/profiles/v1")
"""Products whose programs are run as a reader would: each in a process that knows nothing else."""


def _run(program: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _run_here(program: str) -> str:
    """The same in this process, which has imported what takes most of their time."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(program, {"__name__": "__main__"})  # noqa: S102  # of our own template
    return said.getvalue()


@pytest.mark.parametrize("address", CONTRACTS)
def test_the_sql_of_every_address_answers(published: Published, address: str) -> None:
    rows = query(published.lake, resolve(address).snippets["trino-sql"])
    assert all(len(row) == len(CONTRACTS[address].table.columns) for row in rows)


@pytest.mark.parametrize("tool", PROGRAMS)
@pytest.mark.parametrize("address", CONTRACTS)
def test_the_programs_of_every_address_run(published: Published, address: str, tool: str) -> None:
    found = resolve(address)
    written = (_run if address in ALONE else _run_here)(found.snippets[tool])
    [(count,)] = query(
        published.lake, f"select count(*) from {found.catalog}.{found.schema}.{found.table}"
    )
    assert count > 0 or address not in ALONE
    if tool == "duckdb":
        assert str(count) in written
    elif tool == "pyiceberg":
        assert CONTRACTS[address].table.columns[0].name in written
    else:
        assert len(written.splitlines()) == min(10, count)


@pytest.mark.parametrize("tool", ["trino-sql", *PROGRAMS])
def test_a_release_is_reached_with_each_tool(published: Published, tool: str) -> None:
    release = published.first.release
    found = resolve("data://patients/profiles/v1", release)
    catalog = attach(published.lake, release)
    try:
        assert catalog == found.catalog
        text = found.snippets[tool]
        if tool == "trino-sql":
            assert query(published.lake, text)
        else:
            assert _run(text).strip()
    finally:
        drop_catalog(published.lake, catalog)


def test_both_versions_of_a_product_hold_the_same_payers(published: Published) -> None:
    first, second = (find_contract(f"data://fintech/payers/v{v}").table for v in (1, 2))
    [(missing,)] = query(
        published.lake,
        f"""select count(*) from (
            select payer_id, revenue_amount from {first.physical_name}
            except select payer_id, premium_amount from {second.physical_name}
        ) as t""",
        "lake",
    )
    [(count,)] = query(published.lake, f"select count(*) from {second.physical_name}", "lake")
    assert (missing, count > 0) == (0, True)


def test_every_product_passes_its_check_on_the_real_tables(published: Published) -> None:
    findings, looked = check_contracts(ROOT, today(), live=True)
    assert published.second.release
    assert [finding.lines() for finding in findings] == []
    assert ", the real tables" in looked


@pytest.fixture
def branch(published: Published) -> Iterator[Branch]:
    """A branch whose tables a test may spoil."""
    made = open_branch(published.lake, "ci", new_run_id())
    yield made
    drop_branch(published.lake, made)


def _found(published: Published, branch: Branch) -> list[Finding]:
    with connect(published.lake, branch.catalog) as connection:
        return list(live_drift(open_project(ROOT), connection.cursor(), branch.catalog))


PAYERS: Contract = CONTRACTS["data://fintech/payers/v2"]
SPOILED = {
    "C532": "alter table {table} rename column premium_amount to revenue",
    "C533": "alter table {table} add column more bigint",
    "C534": "alter table {table} alter column premium_amount set data type decimal(20, 2)",
    "C535": "alter table {table} alter column payer_name drop not null",
    "C531": "drop table {table}",
}


@pytest.mark.parametrize("code", SPOILED)
def test_drift_of_a_real_table_is_found(published: Published, branch: Branch, code: str) -> None:
    query(published.lake, SPOILED[code].format(table=PAYERS.table.physical_name), branch.catalog)
    found = _found(published, branch)
    assert code in {finding.code for finding in found}
    assert {finding.product for finding in found} == {"payers"}
