"""What is rendered and committed, and whether it is what access/ and the contracts say now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mesh.access import opa, trino
from mesh.access.decide import decide
from mesh.access.links import linking
from mesh.access.policy import Policy
from mesh.access.source import read_source
from mesh.contracts.finding import Finding, errors, refusal
from mesh.core.paths import ROOT
from mesh.privacy.project import load


@dataclass(frozen=True)
class Compiled:
    """The policy with the files made of it, by their path in the repository."""

    policy: Policy
    files: dict[str, str]
    findings: tuple[Finding, ...]


def compile_all(root: Path = ROOT, identity: trino.Identity = "user") -> Compiled:
    """Compile access/ and the contracts of ``root``; nothing is written.

    Raises:
        MeshError: access/ cannot be read.
    """
    decided = decide(root)
    files = {
        trino.FILE: trino.render(trino.compile_rules(decided.policy, identity)),
        opa.FILE: opa.render(opa.compile_data(decided.policy, identity)),
    }
    return Compiled(decided.policy, files, decided.findings)


def check(root: Path = ROOT) -> list[Finding]:
    """What is not in order: faults of the sources, models that link, rendered files that are stale.

    Raises:
        MeshError: access/ cannot be read, or the dbt project of ``root`` does not parse.
    """
    compiled = compile_all(root)
    findings = list(compiled.findings)
    if (root / "dbt_project.yml").is_file():
        findings += linking(load(root), read_source(root))
    for name, text in compiled.files.items():
        path = root / name
        found = path.read_text(encoding="utf-8") if path.is_file() else None
        if found != text:
            state = "is missing" if found is None else "is not what access/ and contracts/ say now"
            line = _first_difference(found or "", text)
            findings.append(
                Finding(
                    name, line, 1, "A201", "", f"{name} {state}", "the rendered rules committed",
                    "`./mesh access render` writes them; review the change, then commit it",
                )
            )  # fmt: skip
    return sorted(findings)


def require_rules(root: Path = ROOT) -> None:
    """Stop where the access rules are not in order, or not those that are committed.

    Raises:
        Findings: They are not; the findings are in the message.
        MeshError: access/ cannot be read, or the dbt project of ``root`` does not parse.
    """
    if bad := errors(check(root)):
        raise refusal("access", f"{len(bad)} faults in access rules; nothing was built", bad)


def write(root: Path = ROOT, identity: trino.Identity = "user") -> list[str]:
    """Render the files; give the names of those that changed.

    Raises:
        Findings: The sources are not in order; nothing is written.
    """
    compiled = compile_all(root, identity)
    if bad := errors(compiled.findings):
        raise refusal("access", f"{len(bad)} faults in access rules; nothing rendered", bad)
    changed = []
    for name, text in compiled.files.items():
        path = root / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed


def _first_difference(found: str, wanted: str) -> int:
    """The line, counted from 1, where two texts part; 0 if one of them is empty."""
    if not found:
        return 0
    pairs = zip(found.splitlines(), wanted.splitlines(), strict=False)
    same = next((n for n, (a, b) in enumerate(pairs, 1) if a != b), 0)
    return same or min(found.count("\n"), wanted.count("\n")) + 1
