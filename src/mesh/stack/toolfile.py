"""What tools started by hand need to find the stack; :mod:`mesh.core.toolenv` hands it to them."""

from __future__ import annotations

import json
import os

from mesh.build import packages
from mesh.core import toolenv
from mesh.core.secrets import write_private
from mesh.core.settings import Lake
from mesh.stack.tls import Tls, write_bundle


def tool_variables(lake: Lake, tls: Tls, bundle_before: str) -> dict[str, str]:
    """The variables for the ``dev`` target of profiles.yml, and for clients of Trino's TLS."""
    return {
        "MESH_DBT_PACKAGES": str(packages.known()),
        "MESH_DEV_HOST": lake.trino_host,
        "MESH_DEV_PORT": str(lake.trino_port),
        "MESH_DEV_USER": lake.trino_user,
        "MESH_DEV_CA": str(tls.ca),
        "DBT_ENV_SECRET_MESH_DEV_PASSWORD": lake.trino_password or "",
        "REQUESTS_CA_BUNDLE": str(tls.bundle),
        "MESH_CA_BUNDLE_BEFORE": bundle_before,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }


def write_tool_file(lake: Lake, tls: Tls) -> None:
    """Write them for other processes, mode 0600, and set them in this one."""
    before = os.environ.get("REQUESTS_CA_BUNDLE", "")
    if before == str(tls.bundle):
        before = toolenv.recorded().get(toolenv.BUNDLE_BEFORE, "")
    write_bundle(tls, before)
    variables = tool_variables(lake, tls, before)
    write_private(toolenv.tool_file(), json.dumps(variables, indent=2) + "\n")
    toolenv.apply()


def remove_tool_file() -> None:
    """Forget the addresses of a stack that is no longer there."""
    toolenv.tool_file().unlink(missing_ok=True)
