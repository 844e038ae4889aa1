"""The code location: `dagster dev -m orchestration.definitions`, or `./mesh dagster`.

Loading it has dbt parse the project, which needs no running stack.
"""

from __future__ import annotations

from dagster import Definitions, in_process_executor

from mesh.build.parse import manifest_folder
from orchestration.assets import build_assets
from orchestration.jobs import jobs, schedules
from orchestration.specs import Mesh


def definitions(mesh: Mesh) -> Definitions:
    """The definitions of a parsed project."""
    known = jobs(mesh)
    return Definitions(
        assets=[build_assets(mesh)],
        jobs=known,
        schedules=schedules(known),
        # One operation per run: a process for it alone would only start later.
        executor=in_process_executor,
    )


defs = definitions(Mesh.read(manifest_folder()))
