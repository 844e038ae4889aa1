"""The whole check of a project: findings, without what a waiver excuses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mesh.privacy.analysis import Analysis
from mesh.privacy.check import findings
from mesh.privacy.findings import Finding
from mesh.privacy.policy import read_policy
from mesh.privacy.project import load


def examine(
    folder: Path | None = None,
    manifest: Path | None = None,
    published: Sequence[str] = (),
    base: str | None = None,
) -> list[Finding]:
    """Check a project; the findings by severity, code and node.

    Raises:
        MeshError: The project or its rules cannot be read.
    """
    project = load(folder, manifest)
    policy = read_policy(project.folder, published)
    analysis = Analysis(project, policy.smallest)
    found = dict.fromkeys(findings(analysis, policy))
    return sorted(found, key=lambda each: (each.level, each.code, each.node, each.column))
