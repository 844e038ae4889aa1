"""The whole check of a project: findings, without what a waiver excuses."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from pathlib import Path

from mesh.privacy import check, places
from mesh.privacy.analysis import Analysis
from mesh.privacy.beside import settle
from mesh.privacy.cache import Store
from mesh.privacy.findings import OF_VALUES, Finding
from mesh.privacy.policy import Policy, read_policy
from mesh.privacy.project import load
from mesh.privacy.removed import removed_since
from mesh.privacy.waivers import apply, read_waivers


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
    # Syntax trees are many, small and soon gone: looking for garbage less often saves a fifth.
    gc.set_threshold(50_000, 20, 20)
    analysis = Analysis(project, policy.smallest, Store(project, policy.smallest))
    found = list(dict.fromkeys(all_findings(analysis, policy)))
    if base is not None:
        found += removed_since(base, project)
    waivers = [each for each in read_waivers(project.folder) if each.code != OF_VALUES]
    found = list(apply(found, waivers))
    return sorted(found, key=lambda each: (each.level, each.code, each.node, each.column))


def all_findings(analysis: Analysis, policy: Policy) -> Iterator[Finding]:
    """What is found in the models, and in all other places."""
    ran = settle(analysis)
    yield from check.findings(analysis, policy)
    yield from places.findings(analysis, policy, ran)
