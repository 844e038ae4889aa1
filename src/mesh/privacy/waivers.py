"""What is found and accepted for a time: governance/waivers.yml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from mesh.core.errors import MeshError
from mesh.privacy.findings import Finding

FILE = "governance/waivers.yml"
NEVER = frozenset({"PRIV015", "PRIV016"})
"""Findings about waivers are not waived."""

SHORTEST_REASON = 20
"""Characters; less is no reason."""


@dataclass(frozen=True)
class Waiver:
    """One acceptance; ``fault`` says what it lacks, and makes it count for nothing."""

    code: str
    node: str
    column: str
    owner: str
    reason: str
    until: date | None
    fault: str = ""

    def is_for(self, finding: Finding) -> bool:
        """Whether it is about this finding."""
        return (finding.code, finding.node, finding.column) == (self.code, self.node, self.column)


def read_waivers(folder: Path | None) -> list[Waiver]:
    """The waivers of a project.

    Raises:
        MeshError: The file is not a list of them.
    """
    path = folder / FILE if folder else None
    if path is None or not path.is_file():
        return []
    try:
        raw = yaml.safe_load(path.read_text()) or {}
        return [_waiver(each) for each in raw.get("waivers") or []]
    except (OSError, yaml.YAMLError, AttributeError, TypeError) as error:
        raise MeshError(f"the waivers cannot be read: {error}", where=str(path)) from error


def _waiver(raw: dict[str, Any]) -> Waiver:
    until = raw.get("until")
    if isinstance(until, datetime):
        until = until.date()
    found = Waiver(
        str(raw.get("code") or ""),
        str(raw.get("node") or ""),
        str(raw.get("column") or ""),
        str(raw.get("owner") or "").strip(),
        str(raw.get("reason") or "").strip(),
        until if isinstance(until, date) else None,
    )
    return Waiver(**{**vars(found), "fault": _fault(found)})


def _fault(waiver: Waiver) -> str:
    if not waiver.code or not waiver.node:
        return "it does not say for which code and node it is"
    if "*" in waiver.node + waiver.column + waiver.code:
        return "it is for more than one node or column"
    if not waiver.owner:
        return "it has no owner"
    if len(waiver.reason) < SHORTEST_REASON:
        return "it has no reason"
    return "" if waiver.until else "it has no last day (until: YYYY-MM-DD)"


def apply(
    findings: Iterable[Finding], waivers: Iterable[Waiver], today: date | None = None
) -> Iterator[Finding]:
    """The findings that no waiver is for, and those about the waivers themselves."""
    today = today or datetime.now(UTC).date()
    waivers = list(waivers)
    good = [each for each in waivers if not each.fault and each.until and each.until >= today]
    used: set[int] = set()
    for finding in findings:
        place = next((i for i, each in enumerate(good) if each.is_for(finding)), None)
        if place is None or finding.code in NEVER:
            yield finding
        else:
            used.add(place)
    for each in waivers:
        if each.fault:
            yield _about("PRIV015", each, each.fault)
        elif each not in good:
            yield _about("PRIV015", each, f"it was over after {each.until}")
    for place, each in enumerate(good):
        if place not in used:
            yield _about("PRIV016", each, "nothing is found that it would be for")


def _about(code: str, waiver: Waiver, fault: str) -> Finding:
    message = f"the waiver of {waiver.code or 'no code'}: {fault}"
    return Finding(code, waiver.node or "waivers.yml", message, waiver.column, file=FILE)
