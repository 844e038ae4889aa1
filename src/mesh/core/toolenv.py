"""The variables with which dbt, Dagster, edr and sqlfluff find the running stack.

The environment's ``mesh.pth`` calls :func:`apply` when one of those tools is started by hand, so
that plain ``dbt build`` works although the ports are chosen at start. It must stay cheap and must
never fail: a tool without the stack still has things to do.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

BUNDLE = "REQUESTS_CA_BUNDLE"
BUNDLE_BEFORE = "MESH_CA_BUNDLE_BEFORE"
"""What ``REQUESTS_CA_BUNDLE`` named when ``up`` wrote a bundle that holds it."""

_applied: dict[str, str] = {}


def tool_file() -> Path:
    """Where ``up`` leaves the variables, without creating anything."""
    home = os.environ.get("MESH_HOME") or Path(__file__).resolve().parents[3] / ".mesh"
    return Path(home) / "dbt.env"


def recorded() -> dict[str, str]:
    """The variables of the running stack, none when there is no stack."""
    try:
        found = json.loads(tool_file().read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def to_set(
    recorded: Mapping[str, str], env: Mapping[str, str], applied: Mapping[str, str]
) -> dict[str, str]:
    """Those of the recorded variables that ``env`` lacks or that were set from here before.

    ``REQUESTS_CA_BUNDLE`` is replaced while it still names what the written bundle contains.
    """
    found = {
        name: value
        for name, value in recorded.items()
        if name not in env or env[name] == applied.get(name)
    }
    if BUNDLE in recorded and env.get(BUNDLE, "") == recorded.get(BUNDLE_BEFORE, ""):
        found[BUNDLE] = recorded[BUNDLE]
    return found


def apply() -> None:
    """Add the variables of the running stack to this process."""
    found = to_set(recorded(), os.environ, _applied)
    os.environ.update(found)
    _applied.update(found)
