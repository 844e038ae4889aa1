"""Every kind of question an engine asks, put to the simulator of Trino's rules and to OPA."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mesh.access.policy import Policy
from mesh.access.simulate import READ, Simulator, Table

CLOSED = (
    ("lake", "patients_landing", "synthea_patients"),
    ("lake", "patients_bronze", "bronze_patients__synthea_patients"),
    ("lake", "patients_identity", "identity_patients__crosswalk"),
    ("lake", "patients_vault", "pseudonym_keys"),
    ("lake", "medical_gold", "fct_medical__encounters$files"),
    ("lake", "medical_gold", "fct_medical__encounters$partitions"),
    ("lake", "medical_gold", "fct_medical__encounters__dbt_tmp"),
    ("lake", "medical_gold", "fct_medical__encounters__dbt_backup"),
    ("lake", "medical_gold", "a_table_of_tomorrow"),
    ("lake", "dbt_test__audit", "unique_dim_patients__profiles"),
    ("observability", "elementary", "dbt_tests"),
    ("dev", "medical_gold", "fct_medical__encounters"),
    ("build", "medical_gold", "fct_medical__encounters"),
    ("ci_20260102t030405_a1b2", "medical_gold", "fct_medical__encounters"),
    ("release_0001", "medical_gold", "fct_medical__encounters"),
    ("system", "runtime", "tasks"),
    ("system", "runtime", "transactions"),
    ("system", "metadata", "materialized_views"),
)
"""Tables that no consumer reads."""
OTHERS = (
    ("lake", "information_schema", "columns"),
    ("dev", "information_schema", "columns"),
    ("system", "runtime", "queries"),
    ("system", "jdbc", "tables"),
)


@dataclass(frozen=True)
class Question:
    """What is asked, as OPA gets it, and what the simulator says."""

    user: str
    operation: str
    resource: dict[str, Any]
    expected: bool

    def input(self) -> dict[str, Any]:
        """The document that Trino sends to OPA."""
        identity = {"user": self.user, "groups": []}
        action = {"operation": self.operation, "resource": self.resource}
        return {"context": {"identity": identity, "softwareStack": {}}, "action": action}


def questions(policy: Policy, simulator: Simulator) -> Iterator[Question]:
    """The whole matrix: every user and table, every column, and what is beside tables."""
    columns = {grant.name: list(grant.columns) for grant in policy.grants if grant.columns}
    named = {(policy.catalog, grant.schema, grant.table) for grant in policy.grants}
    tables = [Table(*names) for names in sorted({*named, *CLOSED, *OTHERS})]
    for user in (policy.service_account, *policy.roles, "nobody"):
        yield from _beside_tables(user, policy, simulator)
        for table in tables:
            known = columns.get(f"{table.schema}.{table.table}", ["a_column"])
            yield from _about_table(user, table, known, simulator)


def _about_table(
    user: str, table: Table, columns: list[str], simulator: Simulator
) -> Iterator[Question]:
    def resource(*wanted: str) -> dict[str, Any]:
        names = {
            "catalogName": table.catalog,
            "schemaName": table.schema,
            "tableName": table.table,
        }
        return {"table": {**names, **({"columns": list(wanted)} if wanted else {})}}

    def ask(operation: str, expected: bool, *wanted: str) -> Question:
        return Question(user, operation, resource(*wanted), expected)

    shown = simulator.shown_columns(user, table, [*columns, "$path", "$partition"])
    privileges = simulator.privileges(user, table)
    yield ask("FilterTables", simulator.shows_table(user, table))
    yield ask("ShowColumns", simulator.shows_table(user, table))
    yield ask("SelectFromColumns", simulator.selects(user, table, columns), *columns)
    for column in (*columns, "$path", "$partition"):
        yield ask("SelectFromColumns", simulator.selects(user, table, [column]), column)
        yield ask("FilterColumns", column in shown, column)
    owned = ("CreateTable", "DropTable", "ShowCreateTable", "CreateView", "AddColumn")
    if table.schema != "information_schema":
        for operation in owned:
            yield ask(operation, simulator.owns_table(user, table))
        if table.catalog != "system":  # its tables have no procedures
            yield ask("ExecuteTableProcedure", simulator.executes_on(user, table))
        yield ask("InsertIntoTable", "INSERT" in privileges)
        yield ask("DeleteFromTable", "DELETE" in privileges)
        yield ask("UpdateTableColumns", "UPDATE" in privileges, columns[0])
        yield ask("CreateViewWithSelectFromColumns", "GRANT_SELECT" in privileges, columns[0])


def _beside_tables(user: str, policy: Policy, simulator: Simulator) -> Iterator[Question]:
    def ask(operation: str, expected: bool, **resource: Any) -> Question:
        return Question(user, operation, resource, expected)

    yield ask("ExecuteQuery", simulator.executes(user))
    for mode in ("Read", "Write"):
        expected = simulator.system_information(user, mode.lower())
        yield ask(f"{mode}SystemInformation", expected)
    for other in (user, policy.service_account, "clinician", "nobody"):
        if user in (*policy.roles, policy.service_account):
            viewed = simulator.views_query(user, other)
            yield ask("ViewQueryOwnedBy", viewed, user={"user": other, "groups": []})
            yield ask("FilterViewQueryOwnedBy", viewed, user={"user": other, "groups": []})
            killed = simulator.kills_query(user, other)
            yield ask("KillQueryOwnedBy", killed, user={"user": other, "groups": []})
        yield ask("ImpersonateUser", simulator.impersonates(user, other), user={"user": other})
    for name in ("query_max_run_time", "optimizer", "hide_inaccessible_columns"):
        expected = simulator.sets_session(user, name)
        yield ask("SetSystemSessionProperty", expected, systemSessionProperty={"name": name})
    expected = simulator.sets_session(user, "compression_codec", policy.catalog)
    property_ = {"catalogName": policy.catalog, "propertyName": "compression_codec"}
    yield ask("SetCatalogSessionProperty", expected, catalogSessionProperty=property_)
    schemas = sorted({grant.schema for grant in policy.grants} | {"patients_vault", "elementary"})
    for catalog in (policy.catalog, "dev", "build", "observability", "system"):
        name = {"name": catalog}
        yield ask("AccessCatalog", simulator.catalog_level(user, catalog) >= READ, catalog=name)
        yield ask("FilterCatalogs", simulator.shows_catalog(user, catalog), catalog=name)
        yield ask("CreateCatalog", simulator.catalog_level(user, catalog) > 2, catalog=name)
        for schema in (*schemas, "runtime", "jdbc"):
            parts = {"catalogName": catalog, "schemaName": schema}
            shown = simulator.shows_schema(user, catalog, schema)
            yield ask("FilterSchemas", shown, schema=parts)
            yield ask("ShowTables", shown, schema=parts)
            owned = simulator.owns_schema(user, catalog, schema)
            yield ask("CreateSchema", owned, schema=parts)
        for operation, section in (
            ("ExecuteFunction", "functions"),
            ("ExecuteProcedure", "procedures"),
        ):
            runs = simulator.runs(section, user, catalog, "system", "anything")
            function = {"catalogName": catalog, "schemaName": "system"}
            yield ask(
                operation,
                runs,
                function={"catalogSchema": function, "functionName": "anything"},
            )
