"""What can be started as a whole, and when it starts by itself."""

from __future__ import annotations

from collections.abc import Sequence

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    ScheduleDefinition,
    define_asset_job,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.specs import Mesh

DAILY = "0 3 * * *"
"""When the schedule starts the refresh, UTC: after the night's exports, before the first reader."""


def jobs(mesh: Mesh) -> Sequence[UnresolvedAssetJobDefinition]:
    """``refresh`` is `mesh run`; ``rebuild`` is what that does after landing."""
    tests = AssetSelection.checks(*(key for key in mesh.checks if key not in mesh.unit_tests))
    everything = AssetSelection.assets(*(spec.key for spec in mesh.assets)).without_checks()
    landed = AssetSelection.assets(*mesh.landed).without_checks()
    return (
        define_asset_job(
            "refresh",
            selection=everything | tests,
            description="Land the input, build and test everything on a branch, publish it.",
        ),
        define_asset_job(
            "rebuild",
            selection=(everything - landed) | tests,
            description="Build and test everything from what is landed already, publish it.",
        ),
    )


def schedules(known: Sequence[UnresolvedAssetJobDefinition]) -> Sequence[ScheduleDefinition]:
    """The daily refresh; whoever runs the mesh for others switches it on."""
    refresh = next(job for job in known if job.name == "refresh")
    return (
        ScheduleDefinition(
            name="daily_refresh",
            job=refresh,
            cron_schedule=DAILY,
            execution_timezone="UTC",
            default_status=DefaultScheduleStatus.STOPPED,
        ),
    )
