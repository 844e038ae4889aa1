"""What the repository proves about readiness: contracts, ownership, tests, automation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mesh.build.nodes import PROJECT
from mesh.contracts.consumers import FILE as CONSUMERS
from mesh.contracts.project import ContractProject

AUTOMATION = (
    ".github/workflows",
    ".pre-commit-config.yaml",
    "requirements.lock",
    "orchestration/definitions.py",
    "CODEOWNERS",
)
"""What has to be there so that a team can deploy without the platform team."""


def evidence(project: ContractProject) -> dict[str, tuple[int, str]]:
    """Score, 1 to 5, and proof of each factor that the repository can tell something about."""
    return {
        "domain_clarity": _domains(project),
        "team_maturity": _tests(project),
        "platform_capability": _automation(project.root),
        "governance_maturity": _governance(project),
    }


def scored(share: float) -> int:
    """A share from 0 to 1 as a score; only the whole is a 5."""
    return 5 if share >= 1 else 1 + int(4 * max(share, 0))


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares) if shares else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _domains(project: ContractProject) -> tuple[int, str]:
    held = {model.unique_id for c in project.by_table if (model := project.model_of(c))}
    contracts = sum(node.unique_id in held for node in project.gold)
    groups = project.manifest.groups.values()
    owned = sum(bool(group.owner_name and group.owner_email) for group in groups)
    shares = [_share(contracts, len(project.gold)), _share(owned, len(groups))]
    words = f"{contracts} of {len(project.gold)} products have a contract, "
    return scored(_mean(shares)), words + f"{owned} of {len(groups)} domains an owner"


def _tests(project: ContractProject) -> tuple[int, str]:
    own = [n for n in project.manifest.nodes.values() if n.kind == "model"]
    own = [node for node in own if node.package == project.name]
    tested = {test.attached for test in project.manifest.tests.values()}
    count = sum(node.unique_id in tested for node in own)
    return scored(_share(count, len(own))), f"{count} of {len(own)} models have a test"


def _automation(root: Path) -> tuple[int, str]:
    there = [name for name in AUTOMATION if (root / name).exists()]
    return scored(_share(len(there), len(AUTOMATION))), f"there: {', '.join(there) or 'nothing'}"


def _governance(project: ContractProject) -> tuple[int, str]:
    columns = [c for contract in project.contracts for t in contract.tables for c in t.columns]
    classed = sum(bool(column.classification) for column in columns)
    landed = [s for s in project.manifest.sources.values() if s.fqn and s.fqn[0] == PROJECT]
    known = [column for source in landed for column in source.columns]
    marked = sum(bool(column.meta.get("privacy")) for column in known)
    register = (project.root / CONSUMERS).is_file()
    shares = [_share(classed, len(columns)), _share(marked, len(known)), float(register)]
    words = (
        f"{classed} of {len(columns)} published and {marked} of {len(known)} landed columns are "
    )
    return scored(
        _mean(shares)
    ), words + f"classified, consumers are {'' if register else 'not '}registered"
