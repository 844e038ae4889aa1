"""What became of the status of a product, and of who owns and reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mesh.contracts.model import Contract, mappings
from mesh.contracts.raw_change import Raw

ACCESS = {
    "none": 0, "no": 0, "deny": 0, "denied": 0, "read": 1, "select": 1, "readonly": 1,
    "write": 2, "readwrite": 2, "all": 3, "admin": 3, "owner": 3,
}  # fmt: skip
"""How much a role may do; the standard leaves the words open."""
LIVE = ("active", "deprecated")
"""What a product is that readers rely on."""


def status_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """The status: deprecated is a warning, retired is the end."""
    before, after = old.status.lower(), new.status.lower()
    if before == after:
        return
    said = f"the status was {before}, is {after}"
    if after == "retired":
        yield Raw("status", "retired", "breaking", said)
    elif before in LIVE and after not in LIVE:
        yield Raw("status", "withdrawn", "breaking", said)
    elif after == "deprecated":
        yield Raw("status", "deprecated", "risky", said)
    else:
        yield Raw("status", "status_changed", "safe", said)


def owner_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """Who answers for it, and who else belongs to the team."""
    if old.owner != new.owner:
        yield Raw("team", "owner_changed", "risky", f"the owner was {old.owner}, is {new.owner}")
    elif old.members != new.members:
        yield Raw("team", "members_changed", "safe", "the team has other members", step="patch")


def role_changes(old: Contract, new: Contract) -> Iterator[Raw]:
    """Who may read it, and who may at each of the servers that it is read at."""
    yield from _roles(old.roles, new.roles, "", "it")
    for server in sorted(old.servers.keys() & new.servers.keys()):
        before, after = (mappings(each.servers[server].get("roles")) for each in (old, new))
        yield from _roles(before, after, f"servers[{server}].", f"it at {server}")


def _roles(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], where: str, what: str
) -> Iterator[Raw]:
    before = {str(role.get("role")): str(role.get("access", "")) for role in old}
    after = {str(role.get("role")): str(role.get("access", "")) for role in new}
    for role, access in before.items():
        element = f"{where}roles[{role}]"
        if role not in after:
            yield Raw(element, "role_removed", "breaking", f"{role} may not read {what} now")
        elif after[role] != access:
            yield Raw(
                element,
                "role_changed",
                "breaking" if _less_access(access, after[role]) else "risky",
                f"the access of {role} to {what} was {access!r}, is {after[role]!r}",
            )
    for role in after:
        if role not in before:
            yield Raw(f"{where}roles[{role}]", "role_added", "safe", f"{role} may read {what} now")


def _less_access(old: str, new: str) -> bool:
    """Whether a role may do less than before; an unknown word is not judged."""
    before, after = (ACCESS.get(re.sub("[^a-z]", "", each.lower())) for each in (old, new))
    return before is not None and after is not None and after < before
