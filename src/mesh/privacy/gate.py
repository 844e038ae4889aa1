"""What stops a build before it begins: personal data that would reach a place it may not."""

from __future__ import annotations

from mesh.core.errors import Findings
from mesh.privacy.findings import Finding
from mesh.privacy.verdict import examine

SHOWN = 20
"""Findings that are told; `mesh check privacy` tells all, with their paths."""


def require_no_leak(base: str | None = None) -> None:
    """Stop where the check of the tree as it stands finds an error.

    Args:
        base: A git revision; a protection that it has and the tree has not is an error as well.

    Raises:
        Findings: There is one; the findings are in the message.
        MeshError: The project or its rules cannot be read.
    """
    errors = [each for each in examine(base=base) if each.level == "error"]
    if errors:
        head = f"{len(errors)} places that personal data may not reach; nothing was built"
        raise Findings(
            "\n".join([head, *(_line(each) for each in errors[:SHOWN])]),
            hint=f"`./mesh check privacy{f' --base {base}' if base else ''}` shows how it gets "
            "there, and what to do",
        )


def _line(finding: Finding) -> str:
    head = f"{finding.file}: " if finding.file else ""
    return f"{head}{finding.code} {finding.subject}: {finding.message}"
