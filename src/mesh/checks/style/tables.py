"""I: properties of Iceberg tables have one base."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from mesh.build.nodes import Macro, Manifest
from mesh.checks.finding import Finding
from mesh.checks.style.rules import RULES, about, own_macros, seeds
from mesh.checks.style.sql import render

BASE_MACRO = "iceberg_table"
LAYOUT = {"partitioning", "sorted_by"}
"""What a model may add: how its files lie."""


def base_properties(macro: Macro) -> dict[str, Any]:
    """What the macro gives without arguments."""
    found: dict[str, Any] = ast.literal_eval(render("{{ iceberg_table() }}", macro.sql).strip())
    return found


@RULES.add("I601")
def properties_have_one_base(manifest: Manifest) -> Iterator[Finding]:
    """Every table has the properties of the macro iceberg_table, and only layout besides."""
    macro = next((m for m in own_macros(manifest) if m.name == BASE_MACRO), None)
    if macro is None:
        hint = "it is the one place for properties of partitioned tables"
        yield Finding("macros/iceberg", "I601", BASE_MACRO, "", "the macro is missing", hint)
        return
    base = base_properties(macro)
    for node in (*manifest.models, *seeds(manifest)):
        found = {name: value for name, value in node.properties.items() if name not in LAYOUT}
        if node.materialized not in {"view", "ephemeral"} and found != base:
            hint = f"make dbt_project.yml and {macro.path} agree; in a model use iceberg_table()"
            yield about("I601", node, f"its properties are {found}, not {base}", hint)
