"""Compiles the policy to the data that platform/opa/access.rego decides by."""

from __future__ import annotations

import json
from typing import Any

from mesh.access.policy import SESSION_PROPERTIES, Grant, Policy
from mesh.access.trino import Identity

FILE = "platform/rendered/opa/data.json"
POLICY = "platform/opa/access.rego"


def compile_data(policy: Policy, identity: Identity = "user") -> dict[str, Any]:
    """The data document; the policy file holds everything that is no name."""
    roles: dict[str, Any] = {}
    for role in policy.roles:
        tables: dict[str, dict[str, Any]] = {}
        for grant in policy.grants:
            if grant.role == role:
                tables.setdefault(grant.schema, {})[grant.table] = _table(grant)
        roles[role] = {
            "operator": role in policy.operators,
            "system": {s: list(names) for s, names in policy.system_tables(role).items()},
            "tables": tables,
        }
    return {
        "access": {
            "catalog": policy.catalog,
            "identity": identity,
            "service_account": policy.service_account,
            "session_properties": list(SESSION_PROPERTIES),
            "roles": roles,
        }
    }


def render(data: dict[str, Any]) -> str:
    """The data as JSON with a table on each line."""
    access = dict(data["access"])
    roles = access.pop("roles")
    lines = [f"    {json.dumps(key)}: {json.dumps(value)}," for key, value in access.items()]
    texts = []
    for role, content in roles.items():
        schemas = []
        for schema, tables in content["tables"].items():
            inner = ",\n".join(
                f"            {json.dumps(name)}: {json.dumps(t)}" for name, t in tables.items()
            )
            schemas.append(f"          {json.dumps(schema)}: {{\n{inner}\n          }}")
        body = ",\n".join(schemas)
        tables_text = f"{{\n{body}\n        }}" if schemas else "{}"
        texts.append(
            f"      {json.dumps(role)}: {{\n"
            f'        "operator": {json.dumps(content["operator"])},\n'
            f'        "system": {json.dumps(content["system"])},\n'
            f'        "tables": {tables_text}\n      }}'
        )
    head, all_roles = "\n".join(lines), ",\n".join(texts)
    return f'{{\n  "access": {{\n{head}\n    "roles": {{\n{all_roles}\n    }}\n  }}\n}}\n'


def _table(grant: Grant) -> dict[str, Any]:
    """How a role sees a table; ``any_column`` where the columns are not listed."""
    made: dict[str, Any] = {}
    if grant.columns:
        made["clear"] = [name for name, each in grant.columns.items() if each.how == "clear"]
        made["masked"] = {
            name: each.expression for name, each in grant.columns.items() if each.how == "masked"
        }
    else:
        made["any_column"] = True
    if grant.keep:
        made["keep"] = grant.keep
    return made
