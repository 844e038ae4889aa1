"""Small projects with access rules, written to a folder by a test."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

CLASSES: dict[str, Any] = {
    "classes": {
        name: name
        for name in (
            "none",
            "pseudonym",
            "link",
            "quasi",
            "sensitive",
            "health",
            "free_text",
            "direct",
        )
    },
    "derived": {
        "pseudonym": {"columns": ["patient_key"]},
        "link": {"columns": ["encounter_id"]},
        "health": {"domains": ["medical"]},
    },
    "closed": {"medical": {"kinds": ["bi"], "because": "not for reports"}},
    "masks": {
        "rounded": {
            "says": "rounded",
            "decimal": "cast(round({column}, -1) as {type})",
            "any": "cast(null as {type})",
        },
        "by_year": {"says": "year", "date": "date_trunc('year', {column})", "any": "clear"},
    },
}
PURPOSES: dict[str, Any] = {
    "purposes": {
        "reporting": {"because": "reports", "products": ["fintech.*", "medical.*"]},
        "care": {"because": "care", "products": ["medical.*"]},
    }
}
ROLES: dict[str, Any] = {
    "catalog": "lake",
    "service_account": "mesh",
    "roles": {
        "analyst": {
            "kind": "bi",
            "description": "reports",
            "purposes": ["reporting"],
            "sees": {"none": "clear", "quasi": "by_year", "sensitive": "rounded"},
        },
        "clinician": {
            "kind": "care",
            "description": "care",
            "purposes": ["care"],
            "sees": {"none": "clear", "link": "clear", "health": "clear"},
        },
        "medical_steward": {
            "kind": "steward",
            "description": "answers for it",
            "purposes": ["care"],
            "steward_of": "medical",
            "sees": {"none": "clear", "direct": "clear"},
        },
    },
}
COLUMNS = (
    ("patient_key", "varchar", "quasi"),
    ("encounter_id", "varchar", "quasi"),
    ("amount", "decimal(18, 2)", "sensitive"),
    ("note", "varchar", "free_text"),
    ("paid_date", "date", "quasi"),
    ("currency", "varchar", "none"),
)


def write(
    root: Path,
    *,
    classes: dict[str, Any] = CLASSES,
    purposes: dict[str, Any] = PURPOSES,
    roles: dict[str, Any] = ROLES,
) -> Path:
    """Write the three files of access/ below ``root``."""
    (root / "access").mkdir(parents=True, exist_ok=True)
    for name, content in (("classes", classes), ("purposes", purposes), ("roles", roles)):
        (root / "access" / f"{name}.yml").write_text(yaml.safe_dump(content, sort_keys=False))
    return root


def write_contract(
    root: Path,
    domain: str = "fintech",
    product: str = "payments",
    roles: tuple[str, ...] = ("analyst",),
    columns: tuple[tuple[str, str, str], ...] = COLUMNS,
) -> Path:
    """Write a contract of a product with these columns: name, type, classification."""
    logical = {"decimal": "number", "date": "date", "bigint": "integer"}
    table = f"fct_{domain}__{product}"
    text = dedent(f"""\
        apiVersion: v3.1.0
        kind: DataContract
        id: {domain}.{product}.v1
        name: {product}
        version: 1.0.0
        status: active
        domain: {domain}
        team: {{name: {domain} team, members: [{{username: {domain}@example.org, role: owner}}]}}
        """)
    content = yaml.safe_load(text)
    content["roles"] = [{"role": role, "access": "read"} for role in roles]
    content["schema"] = [
        {
            "name": table,
            "physicalName": f"{domain}_gold.{table}",
            "logicalType": "object",
            "properties": [
                {
                    "name": name,
                    "logicalType": logical.get(kind.partition("(")[0], "string"),
                    "physicalType": kind,
                    "classification": class_,
                }
                for name, kind, class_ in columns
            ],
        }
    ]
    path = root / "contracts" / domain / f"{product}.odcs.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return path
