"""The simulator reads rules as the engine does."""

from __future__ import annotations

from typing import Any

import pytest

from mesh.access.policy import Treatment
from mesh.access.simulate import Simulator, Table
from mesh.access.trino import SECTIONS

ORDERS = Table("lake", "sales", "orders")


def simulator(**sections: Any) -> Simulator:
    catalogs = [{"catalog": "lake", "allow": "read-only"}, {"catalog": "own", "allow": "all"}]
    return Simulator({**{name: [] for name in SECTIONS}, "catalogs": catalogs, **sections})


def test_no_rule_is_no_access() -> None:
    assert not simulator().selects("ann", ORDERS)
    assert not simulator().executes("ann")
    assert not simulator().sets_session("ann", "x")
    assert not simulator().impersonates("ann", "bob")


def test_the_first_rule_that_fits_decides() -> None:
    closed, opened = {"privileges": []}, {"user": "ann", "privileges": ["SELECT"]}
    assert not simulator(tables=[closed, opened]).selects("ann", ORDERS)
    assert simulator(tables=[opened, closed]).selects("ann", ORDERS)
    assert not simulator(tables=[opened, closed]).selects("bob", ORDERS)


@pytest.mark.parametrize("name", ["orders$files", "orders__dbt_tmp", "my_orders", "order"])
def test_a_pattern_fits_the_whole_name(name: str) -> None:
    rule = {"user": "ann", "table": "orders", "privileges": ["SELECT"]}
    assert simulator(tables=[rule]).selects("ann", ORDERS)
    assert not simulator(tables=[rule]).selects("ann", Table("lake", "sales", name))
    assert not simulator(tables=[rule]).selects("annie", ORDERS)


def test_a_hidden_column_refuses_the_query_that_names_it() -> None:
    columns = [{"name": "ssn", "allow": False}, {"name": "amount", "mask": "0"}]
    found = simulator(tables=[{"user": "ann", "privileges": ["SELECT"], "columns": columns}])
    assert found.selects("ann", ORDERS, ["day", "amount"])
    assert not found.selects("ann", ORDERS, ["day", "ssn"])
    assert found.treatment("ann", ORDERS, "ssn") == Treatment("hidden")
    assert found.treatment("ann", ORDERS, "amount") == Treatment("masked", expression="0")
    assert found.treatment("ann", ORDERS, "day") == Treatment("clear")
    assert found.shown_columns("ann", ORDERS, ["day", "ssn", "amount"]) == {"day", "amount"}


def test_who_may_write_is_shown_hidden_columns_too() -> None:
    rule = {"privileges": ["SELECT", "INSERT"], "columns": [{"name": "ssn", "allow": False}]}
    assert simulator(tables=[rule]).shown_columns("ann", ORDERS, ["ssn"]) == {"ssn"}


def test_a_read_only_catalog_stops_writing_whatever_the_table_says() -> None:
    found = simulator(tables=[{"privileges": ["SELECT", "INSERT", "OWNERSHIP"]}])
    assert found.privileges("ann", ORDERS) == {"SELECT"}
    assert not found.owns_table("ann", ORDERS)
    assert found.owns_table("ann", Table("own", "sales", "orders"))


def test_everybody_reaches_system_unless_a_rule_says_otherwise() -> None:
    tables = [{"catalog": "system", "privileges": ["SELECT"]}]
    runtime = Table("system", "runtime", "queries")
    assert simulator(tables=tables).selects("ann", runtime)
    closed = simulator(tables=tables, catalogs=[{"catalog": ".*", "allow": "none"}])
    assert not closed.selects("ann", runtime)


def test_information_schema_needs_the_catalog_only() -> None:
    assert simulator().selects("ann", Table("lake", "information_schema", "columns"))
    assert not simulator().selects("ann", Table("dev", "information_schema", "columns"))


def test_procedures_of_tables_are_stopped_by_a_filter_or_mask_alone() -> None:
    rule = {"user": "ann", "privileges": []}
    assert simulator(tables=[rule]).executes_on("ann", ORDERS)
    assert not simulator(tables=[{**rule, "filter": "true"}]).executes_on("ann", ORDERS)
    masked = {**rule, "columns": [{"name": "amount", "mask": "0"}]}
    assert not simulator(tables=[masked]).executes_on("ann", ORDERS)
    assert not simulator(tables=[rule]).executes_on("ann", Table("dev", "sales", "orders"))
    assert simulator(tables=[{**rule, "filter": "true"}]).keep("ann", ORDERS) == ""


def test_names_are_shown_where_any_rule_gives_something() -> None:
    tables = [{"privileges": []}, {"user": "ann", "schema": "sales", "privileges": ["SELECT"]}]
    found = simulator(tables=tables)
    assert found.shows_schema("ann", "lake", "sales")
    assert not found.shows_schema("ann", "lake", "hr")
    assert found.shows_catalog("ann", "lake")
    assert not found.shows_catalog("bob", "lake")
    assert not found.shows_table("ann", ORDERS)


def test_own_queries_are_always_seen() -> None:
    found = simulator(queries=[{"user": "ann", "allow": ["execute"]}])
    assert found.executes("ann")
    assert found.views_query("ann", "ann")
    assert found.kills_query("ann", "ann")
    assert not found.views_query("ann", "bob")


def test_a_rule_for_an_owner_is_not_about_running_queries() -> None:
    found = simulator(queries=[{"queryOwner": "bob", "allow": ["view"]}])
    assert not found.executes("ann")
    assert found.views_query("ann", "bob")
    assert not found.views_query("ann", "eve")


def test_rules_for_groups_fit_no_account() -> None:
    assert not simulator(tables=[{"group": ".*", "privileges": ["SELECT"]}]).selects("ann", ORDERS)
