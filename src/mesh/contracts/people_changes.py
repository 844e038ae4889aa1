"""What became of the status of a product, and of who owns and reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mesh.contracts.model import Contract
from mesh.contracts.raw_change import Raw

ACCESS = {
    "none": 0, "no": 0, "deny": 0, "denied": 0, "read": 1, "select": 1, "readonly": 1,
    "write": 2, "readwrite": 2, "all": 3, "admin": 3, "owner": 3,
}  # fmt: skip
"""How much a role may do; the standard leaves the words open."""


def status_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """The status: deprecated is a warning, retired is the end."""
    before, after = old.status.lower(), new.status.lower()
    if before == after:
        return
    said = f"the status was {before}, is {after}"
    if after == "retired":
        yield Raw("status", "retired", "breaking", said)
    elif before == "active" and after in ("draft", "proposed"):
        yield Raw("status", "withdrawn", "breaking", said)
    elif after == "deprecated":
        yield Raw("status", "deprecated", "risky", said)
    else:
        yield Raw("status", "status_changed", "safe", said)


def owner_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """Who answers for it."""
    if old.owner != new.owner:
        yield Raw("team", "owner_changed", "risky", f"the owner was {old.owner}, is {new.owner}")


def role_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """Who may read it."""
    before = {str(role.get("role")): str(role.get("access", "")) for role in old.roles}
    after = {str(role.get("role")): str(role.get("access", "")) for role in new.roles}
    for role, access in before.items():
        if role not in after:
            yield Raw(f"roles[{role}]", "role_removed", "breaking", f"{role} may not read it now")
        elif after[role] != access:
            yield Raw(
                f"roles[{role}]",
                "role_changed",
                "breaking" if _less_access(access, after[role]) else "risky",
                f"the access of {role} was {access!r}, is {after[role]!r}",
            )
    for role in after:
        if role not in before:
            yield Raw(f"roles[{role}]", "role_added", "safe", f"{role} may read it now")


def _less_access(old: str, new: str) -> bool:
    """Whether a role may do less than before; an unknown word is not judged."""
    before, after = (ACCESS.get(re.sub("[^a-z]", "", each.lower())) for each in (old, new))
    return before is not None and after is not None and after < before
