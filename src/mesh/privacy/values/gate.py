"""What stops a publish: new rows whose values are more personal than their columns say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mesh.core.console import info, warn
from mesh.core.errors import Findings
from mesh.core.settings import Lake
from mesh.privacy.findings import Finding

if TYPE_CHECKING:
    from mesh.lake.branches import Branch
    from mesh.landing.land import Landed


def require_declared(lake: Lake, branch: Branch, landed: Sequence[Landed]) -> None:
    """Look at the new rows of a landing, and stop where they hold what nobody declared.

    Args:
        lake: The lake.
        branch: Where the rows were landed.
        landed: What became of each file; batches that were there before are not looked at.

    Raises:
        Findings: A column holds values more personal than it declares; nothing is published.
        MeshError: The lake or the declarations cannot be read.
    """
    from mesh.privacy.values.look import look_at_lake

    fresh = {one.table: [one.batch_id] for one in landed if not one.skipped}
    if not fresh:
        return
    found = look_at_lake(lake, branch.name, fresh)
    for each in found:
        (warn if each.level == "error" else info)(sentence(each))
    errors = [each for each in found if each.level == "error"]
    if errors:
        places = ", ".join(dict.fromkeys(each.subject for each in errors))
        raise Findings(
            f"new rows hold personal values that are not declared: {places}; "
            "what is published is as it was",
            where=errors[0].file or None,
            expected="columns declared as what they hold, or files without such values",
            hint=f"{errors[0].hint}; branch {branch.name} stays for a look until the next run",
        )


def sentence(finding: Finding) -> str:
    """A finding in one line."""
    return f"{finding.code} {finding.level} {finding.subject}: {finding.message}"
