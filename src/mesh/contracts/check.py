"""`mesh check contracts`: everything that can disagree about a product, in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from mesh.contracts.consumers import read_consumers, unknown_uses
from mesh.contracts.drift import drift
from mesh.contracts.finding import Finding
from mesh.contracts.house import house_rules
from mesh.contracts.house_sql import enforced_by_nothing
from mesh.contracts.project import ContractProject, open_project
from mesh.contracts.retirement import retirement
from mesh.core.errors import MeshError


def check_contracts(
    root: Path, day: date, *, live: bool | None = None, catalog: str | None = None
) -> tuple[list[Finding], str]:
    """What is wrong with the contracts of a project.

    Args:
        root: The project.
        day: The day that deprecation dates are judged by.
        live: Look at the real tables; None means that they are looked at when our stack is up.
        catalog: The catalog of the real tables, the published one by default.

    Returns:
        The findings, by file and place, and what was looked at in a sentence.

    Raises:
        MeshError: The project cannot be read, or the real tables were asked for and are not there.
    """
    project = open_project(root)
    findings = offline(project, day)
    looked = f"{len(project.contracts)} contracts, {len(project.gold)} gold models"
    try:
        tables = _live(project, live, catalog)
    except MeshError as error:
        if live:
            raise
        return sorted(findings), f"{looked}, not the real tables: {error.message}"
    looked += ", the real tables" if tables is not None else ", not the real tables"
    return sorted([*findings, *(tables or ())]), looked


def offline(project: ContractProject, day: date) -> list[Finding]:
    """What is wrong as far as files tell."""
    consumers, register = read_consumers(project.root)
    found: list[Finding] = [*project.findings, *register]
    found += unknown_uses(consumers, project.contracts)
    found += retirement(project.contracts, consumers, day)
    found += drift(project)
    if project.ours:
        found += house_rules(project)
    else:
        idle = (each for c in project.contracts for each in enforced_by_nothing(c))
        found += [replace(each, severity="warning") for each in idle]
    return found


def _live(
    project: ContractProject, live: bool | None, catalog: str | None
) -> Iterable[Finding] | None:
    """Findings about the real tables; None where they are not looked at.

    Raises:
        MeshError: The stack is not up, or does not answer.
    """
    if live is False or (live is None and not project.ours):
        return None
    from mesh.contracts.live import live_drift
    from mesh.core.settings import Lake
    from mesh.lake.trino import connect, query

    lake = Lake.current()
    query(lake, "select 1")
    with connect(lake, catalog or lake.catalog) as connection:
        return list(live_drift(project, connection.cursor(), catalog or lake.catalog))
