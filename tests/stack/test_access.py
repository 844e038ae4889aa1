"""The real Trino answers every role as the rendered rules predict."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from trino.exceptions import HttpError, TrinoUserError

from mesh.access.accounts import as_role
from mesh.access.guard import load_rules
from mesh.access.policy import SYSTEM_TABLES, Grant, Policy, Treatment
from mesh.access.simulate import Simulator, Table
from mesh.access.trino import FILE, compile_rules, render
from mesh.core.paths import ROOT, state_dir
from mesh.core.secrets import write_private
from mesh.lake.trino import connect, query
from tests.stack.engine import DENIED, LISTING, POLICY, Engine, fingerprint, quoted
from tests.stack.published import Published
from tests.stack.test_stack_security import _within

METADATA = (
    "all_entries", "all_manifests", "entries", "files", "history", "manifests",
    "metadata_log_entries", "partitions", "properties", "refs", "snapshots",
)  # fmt: skip
ROLES = POLICY.roles
PATIENTS = "patients_silver.silver_patients__patients"


@pytest.fixture(scope="module")
def simulator() -> Simulator:
    return Simulator(load_rules(ROOT / FILE)[1])


@pytest.fixture(scope="module")
def _engines() -> Iterator[dict[str, Engine]]:
    kept: dict[str, Engine] = {}
    yield kept
    for engine in kept.values():
        for connection in engine.connections.values():
            connection.close()


@pytest.fixture
def engine(published: Published, _engines: dict[str, Engine]) -> Engine:
    """The engine over the published lake; its columns are compared once with the contracts."""
    if "it" not in _engines:
        _engines["it"] = Engine(published.lake)
    return _engines["it"]


def test_every_product_has_the_columns_that_its_contract_decides_on(engine: Engine) -> None:
    """The rules name what is hidden or masked, so a column nobody knew of would be open."""
    known = engine.tables
    for grant in POLICY.grants:
        table = Table(POLICY.catalog, grant.schema, grant.table)
        assert table in known, grant.name
        if grant.columns:
            assert set(known[table]) == set(grant.columns), grant.name


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_each_column_as_predicted(
    engine: Engine, simulator: Simulator, role: str
) -> None:
    """Clear, masked and filtered values equal what the service account computes by the rule."""
    read = 0
    for table, columns in engine.tables.items():
        allowed = simulator.selects(role, table)
        if not allowed:
            assert engine.ask(role, f"select 1 from {quoted(table)}") == DENIED, table
            continue
        read += 1
        seen = {each: simulator.treatment(role, table, each) for each in columns}
        for name, treatment in seen.items():
            if treatment.how == "hidden":
                asked = f'select "{name}" from {quoted(table)}'
                assert engine.ask(role, asked) == DENIED, (table, name)
        shown = {name: each for name, each in seen.items() if each.how != "hidden"}
        expected = {name: each.expression or f'"{name}"' for name, each in shown.items()}
        keep = simulator.keep(role, table)
        truth = fingerprint(expected, f"{quoted(table)}{f' where {keep}' if keep else ''}")
        asked = fingerprint({name: f'"{name}"' for name in shown}, quoted(table))
        assert engine.ask(role, asked) == engine.truth(truth), table
    assert read == len([grant for grant in POLICY.grants if grant.role == role])


@pytest.mark.parametrize("role", ROLES)
def test_a_role_finds_what_it_may_see_and_nothing_else(
    engine: Engine, simulator: Simulator, role: str
) -> None:
    known = engine.tables
    listed = engine.ask(role, LISTING)
    expected = {
        (table.schema, table.table, column)
        for table, columns in known.items()
        for column in simulator.shown_columns(role, table, columns)
    }
    assert set(listed) == expected
    catalogs = engine.names("show catalogs")
    seen = {each for each in catalogs if simulator.shows_catalog(role, each)}
    assert engine.names("show catalogs", role) == seen
    schemas = {table.schema for table in known}
    if POLICY.catalog in seen:
        found = engine.names(f"show schemas from {POLICY.catalog}", role) - {"information_schema"}
        shown = {s for s in schemas if simulator.shows_schema(role, POLICY.catalog, s)}
        assert found == shown
    for schema in sorted(schemas):
        found = engine.ask(role, f"show tables from {POLICY.catalog}.{schema}")
        shown = {
            (each.table,)
            for each in known
            if each.schema == schema and simulator.shows_table(role, each)
        }
        assert set(found if found != DENIED else ()) == shown, schema


@pytest.mark.parametrize("role", ROLES)
def test_no_role_reads_beside_its_tables(engine: Engine, simulator: Simulator, role: str) -> None:
    """Metadata tables, hidden columns, other catalogs, and the engine's own tables."""
    known = engine.tables
    granted = [table for table in known if simulator.selects(role, table)]
    for table in granted:
        for suffix in ("$files", "$partitions"):
            assert engine.ask(role, f"select 1 from {quoted(table, suffix)}") == DENIED, table
        assert engine.ask(role, f'select "$path" from {quoted(table)}') == DENIED, table
    for table in [*granted[:1], *list(known)[:1]]:
        for suffix in METADATA:
            assert engine.ask(role, f"select 1 from {quoted(table, f'${suffix}')}") == DENIED
        for column in ("$path", "$file_modified_time", "$partition"):
            assert engine.ask(role, f'select "{column}" from {quoted(table)}') == DENIED
    for table in engine.elsewhere:
        asked = f"select 1 from {table.catalog}.information_schema.tables"
        assert engine.ask(role, asked) == DENIED, table
        assert engine.ask(role, f"select 1 from {quoted(table)}") == DENIED, table
    for schema, table_name in engine.ask(
        POLICY.service_account,
        "select table_schema, table_name from system.information_schema.tables"
        " where table_schema in ('jdbc', 'metadata', 'runtime')",
    ):
        asked_table = Table("system", schema, table_name)
        answer = engine.ask(role, f"select 1 from {quoted(asked_table)} limit 1")
        assert (answer != DENIED) == simulator.selects(role, asked_table), asked_table


@pytest.mark.parametrize("role", ROLES)
def test_no_role_changes_anything(engine: Engine, role: str) -> None:
    table = next(iter(engine.tables))
    granted = next((g for g in POLICY.grants if g.role == role), None)
    own = Table(POLICY.catalog, granted.schema, granted.table) if granted else table
    name, schema = quoted(own), f"{own.catalog}.{own.schema}"
    column = next(iter(engine.tables[own]))
    for sql in (
        f"create table {schema}.made_by_a_role (a integer)",
        f"create table {schema}.made_by_a_role as select 1 as a",
        f"create or replace table {name} as select 1 as a",
        f"create view {schema}.seen_by_a_role as select 1 as a",
        f"create view {schema}.seen_by_a_role security invoker as select * from {name}",
        f"create materialized view {schema}.kept_by_a_role as select 1 as a",
        f"create schema {POLICY.catalog}.made_by_a_role",
        f"drop table {name}",
        f"drop schema {schema}",
        f"alter table {name} rename to {schema}.renamed",
        f"alter table {name} add column b integer",
        f"alter table {name} execute optimize",
        f"alter table {name} execute expire_snapshots(retention_threshold => '7d')",
        f"alter table {name} set properties format_version = 2",
        f"comment on table {name} is 'mine'",
        f"delete from {name}",
        f"truncate table {name}",
        f"analyze {name}",
        f"merge into {name} t using (select 1 as one) s on false when matched then delete",
        f"alter table {name} set authorization analyst",
        f"alter table {name} drop column {column}",
        f"show create table {name}",
        f"show create schema {schema}",
        f"grant select on {name} to analyst",
        "create catalog made_by_a_role using tpch",
        f"drop catalog {POLICY.catalog}",
        f"call {POLICY.catalog}.system.rollback_to_snapshot('{own.schema}', '{own.table}', 1)",
        f"call {POLICY.catalog}.system.register_table('{own.schema}', 'mine', 's3://lake/x')",
        "call system.runtime.kill_query('20260101_000000_00000_aaaaa', 'because')",
        f"select * from table({POLICY.catalog}.system.table_changes("
        f"'{own.schema}', '{own.table}', 1, 2))",
        f"update {name} set {column} = null",
    ):
        try:
            answer = engine.ask(role, sql)
        except TrinoUserError as error:
            # Refused for another reason before anybody asked whether it was allowed.
            expected = ("NOT_SUPPORTED", "NOT_FOUND", "FUNCTION_NOT_FOUND", "SCHEMA_NOT_EMPTY")
            assert error.error_name in expected, (sql, error)
            continue
        assert answer == DENIED, sql


@pytest.mark.parametrize("role", ROLES)
def test_no_role_runs_a_procedure_of_any_table(engine: Engine, role: str) -> None:
    """No rule is about these in the engine; what stops them is that rows are filtered."""
    calls = (
        "optimize_manifests",
        "expire_snapshots(retention_threshold => '7d')",
        "remove_orphan_files(retention_threshold => '7d')",
        "drop_extended_stats",
        "rollback_to_snapshot(snapshot_id => 1)",
        "add_files(location => 's3://lake/x', format => 'PARQUET')",
        "add_files_from_table(schema_name => 's', table_name => 't')",
    )
    some = [*list(engine.tables)[:1], Table(POLICY.catalog, *PATIENTS.split("."))]
    some += [Table(POLICY.catalog, g.schema, g.table) for g in POLICY.grants if g.role == role][:1]
    asked = [(table, "optimize") for table in engine.tables]
    for table, call in [*asked, *((table, call) for table in some for call in calls)]:
        try:
            answer = engine.ask(role, f"alter table {quoted(table)} execute {call}")
        except TrinoUserError as error:
            refused = "row filter" in str(error) or "column mask" in str(error)
            assert refused or "not registered" in str(error), (table, call, error)
            continue
        assert answer == DENIED, (table, call)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_its_own_queries_only(engine: Engine, simulator: Simulator, role: str) -> None:
    engine.ask(POLICY.service_account, "select 'of the service account'")
    engine.ask("auditor", "select 'of an auditor'")
    seen = engine.names('select distinct "user" from system.runtime.queries', role)
    asked = {role, POLICY.service_account, "auditor"}
    assert seen & asked == {each for each in asked if simulator.views_query(role, each)}


@pytest.mark.parametrize("role", ["analyst", "operator"])
def test_session_properties_are_closed_but_for_harmless_ones(
    engine: Engine, simulator: Simulator, role: str
) -> None:
    for name, value in (("query_max_run_time", "'1m'"), ("task_concurrency", "2")):
        own = as_role(engine.lake, role)
        with connect(own, POLICY.catalog) as connection:
            cursor = connection.cursor()
            try:
                cursor.execute(f"set session {name} = {value}")
                cursor.fetchall()
                done = True
            except TrinoUserError as error:
                assert error.error_name == "PERMISSION_DENIED"
                done = False
        assert done == simulator.sets_session(role, name)
    answer = engine.ask(role, f"set session {POLICY.catalog}.compression_codec = 'NONE'")
    assert answer == DENIED


@pytest.mark.parametrize("role", ["analyst", "ai_service", "supply_planner", "public_reporting"])
def test_an_older_snapshot_is_masked_and_filtered_too(
    engine: Engine, simulator: Simulator, role: str
) -> None:
    for grant in [each for each in POLICY.grants if each.role == role]:
        table = Table(POLICY.catalog, grant.schema, grant.table)
        snapshots = f"select snapshot_id from {quoted(table, '$snapshots')} order by committed_at"
        version = engine.ask(POLICY.service_account, snapshots)[0][0]
        source = f"{quoted(table)} for version as of {version}"
        shown = {n: each for n, each in grant.columns.items() if each.how != "hidden"}
        expected = {n: each.expression or f'"{n}"' for n, each in shown.items()}
        keep = f" where {grant.keep}" if grant.keep else ""
        truth = engine.ask(POLICY.service_account, fingerprint(expected, source + keep))
        asked = fingerprint({n: f'"{n}"' for n in shown}, source)
        assert engine.ask(role, asked) == truth, grant.name
        for name in set(grant.columns) - set(shown):
            assert engine.ask(role, f'select "{name}" from {source}') == DENIED
    closed = Table(POLICY.catalog, *PATIENTS.split("."))
    now = "for timestamp as of current_timestamp - interval '1' minute"
    assert engine.ask(role, f"select 1 from {quoted(closed)} {now}") == DENIED


def test_a_masked_value_cannot_be_found_by_asking_for_it(engine: Engine) -> None:
    """A condition, an order and a statistic see the masked value as well."""
    name = f"{POLICY.catalog}.analytics_gold.dim_analytics__patient_360"
    truth = f"select count(*) from {name} where cast(charge_amount as bigint) % 10 <> 0"
    assert engine.ask(POLICY.service_account, truth)[0][0] > 0
    assert engine.ask("analyst", truth) == [(0,)]
    assert engine.ask("analyst", f"select 1 from {name} order by patient_key") == DENIED
    assert engine.ask("analyst", f"select 1 from {name} where disorder_count > 3") == DENIED
    star = f"select * from {name} limit 1"
    assert len(engine.ask("analyst", star)[0]) < len(engine.ask(POLICY.service_account, star)[0])
    grant = POLICY.grant("analyst", "analytics_gold", "dim_analytics__patient_360")
    assert grant is not None
    for column, *statistics in engine.ask("analyst", f"show stats for {name}"):
        if column is not None:
            assert grant.columns[column].how != "hidden"
            assert grant.columns[column].how == "clear" or not any(statistics), column


@pytest.mark.parametrize("grant", [g for g in POLICY.grants if g.keep], ids=lambda g: g.name)
def test_no_row_that_a_filter_hides_is_told_by_an_error(engine: Engine, grant: Grant) -> None:
    """The engine may ask a condition that is not deterministic before the others."""
    name = f"{POLICY.catalog}.{grant.name}"
    hidden = f"select count(*) from {name} where not ({grant.keep})"
    assert engine.ask(POLICY.service_account, hidden)[0][0] > 0
    shown = engine.truth(f"select count(*) from {name} where {grant.keep}")
    fails = f"if({grant.keep}, '1', 'this row is hidden')"
    asked = f"cast({fails} || substr(cast(random() as varchar), 1, 0) as bigint) > 0"
    assert engine.ask(grant.role, f"select count(*) from {name} where {asked}") == shown


def test_whoever_has_no_role_has_no_account(engine: Engine) -> None:
    from dataclasses import replace

    nobody = replace(engine.lake, trino_user="nobody", trino_password="guess")
    with connect(nobody) as connection, pytest.raises(HttpError, match="401"):
        connection.cursor().execute("select 1")


def test_a_role_cannot_act_for_another(engine: Engine) -> None:
    from dataclasses import replace

    as_analyst = as_role(engine.lake, "analyst")
    other = replace(as_analyst, trino_user="clinician")
    with connect(other) as connection, pytest.raises(HttpError, match="401"):
        connection.cursor().execute("select 1")
    session_user = engine.ask("analyst", "select current_user")
    assert session_user == [("analyst",)]
    with connect(as_analyst) as connection:
        cursor = connection.cursor()
        with pytest.raises((TrinoUserError, HttpError), match="mpersonate"):
            cursor.execute("set session authorization clinician")
            cursor.fetchall()
            cursor.execute("select current_user")
            cursor.fetchall()


@contextmanager
def installed(text: str | None) -> Iterator[None]:
    """Other rules for a while, as an operator might put them there; None for no file."""
    rules = state_dir() / "etc" / "trino" / "rules.json"
    before = rules.read_text()
    try:
        if text is None:
            rules.unlink()
        else:
            write_private(rules, text)
        yield
    finally:
        write_private(rules, before)


@pytest.mark.parametrize("text", [None, "", "{", '{"tables": [{"privileges": ["ALL"]}]}'])
def test_broken_rules_close_the_running_engine(engine: Engine, text: str | None) -> None:
    def refused() -> bool:
        session = requests.Session()
        try:
            query(engine.lake, f"select 1 from {POLICY.catalog}.information_schema.tables limit 1")
        except Exception:
            return True
        finally:
            session.close()
        return False

    with installed(text):
        assert _within(30, refused)
    assert _within(30, lambda: not refused())


def test_a_view_shows_a_role_what_its_own_rule_says(engine: Engine) -> None:
    """A view reads with its maker's rights, so what it shows has to be ruled by its own name."""
    lake = engine.lake
    table, view = "dev.access_test.orders", "dev.access_test.seen_orders"
    query(lake, "create schema if not exists dev.access_test")
    query(lake, f"create or replace table {table} as select 1 as id, 'Ann' as buyer")
    query(lake, f"create or replace view {view} as select id, buyer from {table}")
    own = Grant(
        "analyst", "access_test", "seen_orders",
        columns={"buyer": Treatment("masked", "redacted", "cast('***' as varchar(3))")},
        classes={"buyer": "direct"},
    )  # fmt: skip
    other = Policy("dev", POLICY.service_account, ("analyst", "auditor"), (), (own,))
    try:
        with installed(render(compile_rules(other))):
            assert _within(30, lambda: engine.ask("analyst", f"select id from {view}") == [(1,)])
            assert engine.ask("analyst", f"select id, buyer from {view}") == [(1, "***")]
            assert engine.ask("analyst", f"select 1 from {table}") == DENIED
            assert engine.ask("auditor", f"select 1 from {view}") == DENIED
            assert engine.ask("analyst", f"show create view {view}") == DENIED
            made = f"create view dev.access_test.mine as select * from {view}"
            assert engine.ask("analyst", made) == DENIED
    finally:
        assert _within(30, lambda: engine.ask("mesh", f"drop view {view}") != DENIED)
        for sql in (f"drop table {table}", "drop schema dev.access_test"):
            query(lake, sql)


def test_the_installed_rules_are_the_committed_ones(engine: Engine) -> None:
    installed_rules = state_dir() / "etc" / "trino" / "rules.json"
    assert installed_rules.read_text() == (ROOT / FILE).read_text()
    assert json.loads(installed_rules.read_text()) == compile_rules(POLICY)
    assert Path(state_dir() / "accounts.json").stat().st_mode & 0o777 == 0o600
    assert set(SYSTEM_TABLES) == {"jdbc", "metadata", "runtime"}
