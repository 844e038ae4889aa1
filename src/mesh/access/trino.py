"""Compiles the policy to the rules of Trino's file-based system access control."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from mesh.access.policy import (
    PSEUDO_COLUMNS,
    SESSION_PROPERTIES,
    SYSTEM_CATALOG,
    Grant,
    Policy,
)

FILE = "platform/rendered/trino/rules.json"
SECTIONS = (
    "catalogs",
    "schemas",
    "tables",
    "functions",
    "procedures",
    "queries",
    "system_session_properties",
    "catalog_session_properties",
    "system_information",
    "impersonation",
    "authorization",
)
"""Every section is written: the engine allows everything in a section that a file leaves out."""

WRITER = ["SELECT", "INSERT", "DELETE", "UPDATE", "OWNERSHIP", "GRANT_SELECT"]
EVERY_ROW, NO_ROW = "true", "false"
"""Trino 476 asks nobody whether a user may ALTER TABLE … EXECUTE, which compacts a table, expires
its snapshots or removes files that other branches still need. It refuses to do so on a table with
a row filter, so every rule but the service account's has one, also where all rows are shown."""
Rule = dict[str, Any]
Identity = Literal["user", "group"]


def compile_rules(policy: Policy, identity: Identity = "user") -> dict[str, list[Rule]]:
    """The rules; within a section the first that matches decides, and no match is a refusal.

    Tables are named one by one. Metadata tables (``name$files``), the temporary and backup
    tables of a build, and tables that come tomorrow have other names, so no rule fits them.

    Args:
        policy: What is allowed.
        identity: What of a session is matched with a role: its user, or one of its groups.
    """
    service: Rule = {"user": policy.service_account}
    roles = [*policy.roles]
    everyone: Rule = {identity: _any_of(roles)}
    rules: dict[str, list[Rule]] = {
        "catalogs": [
            {**service, "catalog": ".*", "allow": "owner"},
            {
                **everyone,
                "catalog": _any_of([policy.catalog, SYSTEM_CATALOG]),
                "allow": "read-only",
            },
            # The engine ends the list with a rule that opens `system` to all; this one is before.
            {"catalog": ".*", "allow": "none"},
        ],
        # What is published moves by publish and rollback alone: statements only read it.
        "schemas": [
            {**service, "catalog": policy.catalog, "owner": False},
            {**service, "owner": True},
            {"owner": False},
        ],
        "tables": [
            {
                **service,
                "catalog": policy.catalog,
                "privileges": ["SELECT", "GRANT_SELECT"],
                "filter": EVERY_ROW,
            },
            {**service, "privileges": WRITER},
            *_system_tables(policy, identity),
            *(_table(policy, grant, identity) for grant in policy.grants),
            {"privileges": [], "filter": NO_ROW},
        ],
        "functions": [
            {**service, "privileges": ["EXECUTE", "GRANT_EXECUTE", "OWNERSHIP"]},
            {"privileges": []},
        ],
        "procedures": [
            {**service, "privileges": ["EXECUTE", "GRANT_EXECUTE"]},
            {"privileges": []},
        ],
        "queries": [
            {**service, "allow": ["execute", "kill", "view"]},
            *({identity: role, "allow": ["execute", "kill", "view"]} for role in policy.operators),
            # A user always sees and ends queries of its own.
            {**everyone, "allow": ["execute"]},
            {"allow": []},
        ],
        "system_session_properties": [
            {**service, "allow": True},
            {**everyone, "property": _any_of(SESSION_PROPERTIES), "allow": True},
            {"allow": False},
        ],
        "catalog_session_properties": [{**service, "allow": True}, {"allow": False}],
        "system_information": [
            {**service, "allow": ["read", "write"]},
            *({identity: role, "allow": ["read"]} for role in policy.operators),
            {"allow": []},
        ],
        "impersonation": [],
        "authorization": [
            {
                "original_user": policy.service_account,
                "new_user": policy.service_account,
                "allow": True,
            }
        ],
    }
    if identity == "group":  # these two sections know users only
        rules["system_information"] = [rules["system_information"][0], {"allow": []}]
    return rules


def render(rules: Mapping[str, Sequence[Rule]]) -> str:
    """The rules as JSON with one rule on a line, so that a review sees each one change."""
    sections = []
    for name in SECTIONS:
        lines = ",\n".join(f"    {json.dumps(rule)}" for rule in rules[name])
        sections.append(f'  "{name}": [\n{lines}\n  ]' if lines else f'  "{name}": []')
    return "{\n" + ",\n".join(sections) + "\n}\n"


def _any_of(names: Sequence[str]) -> str:
    """A pattern for any of these names; they hold nothing that means anything in a pattern."""
    return "|".join(names)


def _system_tables(policy: Policy, identity: Identity) -> Iterator[Rule]:
    plain = [role for role in policy.roles if role not in policy.operators]
    for roles in (policy.operators, plain):
        for schema, tables in policy.system_tables(roles[0]).items() if roles else ():
            yield {
                identity: _any_of(roles),
                "catalog": SYSTEM_CATALOG,
                "schema": schema,
                "table": _any_of(tables),
                "privileges": ["SELECT"],
            }


def _table(policy: Policy, grant: Grant, identity: Identity) -> Rule:
    rule: Rule = {
        identity: grant.role,
        "catalog": policy.catalog,
        "schema": grant.schema,
        "table": grant.table,
        "privileges": ["SELECT"],
    }
    columns: list[Rule] = []
    for name, treatment in grant.columns.items():
        if treatment.how == "hidden":
            columns.append({"name": name, "allow": False})
        elif treatment.how == "masked":
            columns.append({"name": name, "mask": treatment.expression})
    columns += [{"name": name, "allow": False} for name in PSEUDO_COLUMNS]
    rule["columns"] = columns
    rule["filter"] = grant.keep or EVERY_ROW
    return rule
