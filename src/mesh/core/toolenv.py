"""The variables with which dbt, Dagster, edr and sqlfluff find the running stack.

The environment's ``mesh.pth`` calls :func:`apply` when one of those tools is started by hand, so
that plain ``dbt build`` works although the ports are chosen at start. It must stay cheap and must
never fail: a tool without the stack still has things to do.
"""

from __future__ import annotations

import json
import os
from pathlib import Path


def tool_file() -> Path:
    """Where ``up`` leaves the variables, without creating anything."""
    home = os.environ.get("MESH_HOME") or Path(__file__).resolve().parents[3] / ".mesh"
    return Path(home) / "dbt.env"


def missing_variables(recorded: dict[str, str], env: dict[str, str]) -> dict[str, str]:
    """Those of the recorded variables that ``env`` lacks.

    ``REQUESTS_CA_BUNDLE`` is replaced, as the bundle written by ``up`` holds what the variable
    named then; a variable that names something else since is left alone.
    """
    found = {name: value for name, value in recorded.items() if name not in env}
    before = found.pop("MESH_CA_BUNDLE_BEFORE", "")
    if env.get("REQUESTS_CA_BUNDLE", "") == before and "REQUESTS_CA_BUNDLE" in recorded:
        found["REQUESTS_CA_BUNDLE"] = recorded["REQUESTS_CA_BUNDLE"]
    return found


def apply() -> None:
    """Add the variables of the running stack to this process."""
    try:
        recorded = json.loads(tool_file().read_text())
    except (OSError, ValueError):
        return
    os.environ.update(missing_variables(recorded, dict(os.environ)))

