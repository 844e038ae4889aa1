"""What the rules of governance/ held on the base branch and no longer hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mesh.privacy.findings import Finding
from mesh.privacy.policy import FILE, Policy, Rule

POLICIES = "governance/policies"
PROJECT = "dbt_project.yml"
BLOCK = re.compile(r"^(?=[a-z])", re.M)
"""Before each definition of a policy in Rego: it begins at the start of a line."""

ADDING = frozenset({"findings", "deny", "violation", "warn", "package", "import"})
"""Names of which one more definition asks for more, or for nothing."""

LONGEST = 80
"""Characters of a definition that are shown."""


def loosened(before: Policy, after: Policy) -> Iterator[Finding]:
    """What the second rules allow and the first did not."""

    def found(message: str) -> Finding:
        return Finding("PRIV017", FILE, message, file=FILE)

    for name in sorted({*before.published, *before.guarded} - {*after.published, *after.guarded}):
        yield found(f"the rules no longer hold in {name}")
    if after.smallest < before.smallest:
        yield found(f"groups of {after.smallest} may be shown, {before.smallest} were asked for")
    for rule in after.rules:
        if not any(_covers(old, rule) for old in before.rules):
            classes = ", ".join(sorted(rule.classes))
            yield found(f"{classes} may be in {', '.join(rule.places)}, which no rule allowed")


def _covers(old: Rule, new: Rule) -> bool:
    """Whether the old rule allowed all that the new one does."""
    return (
        set(new.places) <= set(old.places)
        and new.classes <= old.classes
        and (not old.identifiers or (bool(new.identifiers) and new.identifiers <= old.identifiers))
        and (not old.columns or (bool(new.columns) and set(new.columns) <= set(old.columns)))
        and set(old.without) <= set(new.without)
    )


def policies_lost(before: Path, after: Path) -> Iterator[Finding]:
    """What policies in Rego below the first folder say and those below the second do not.

    Which of two definitions is stricter nobody can say, so another one counts as gone; and a
    second one of the same name loosens whatever asks for it, except what is found itself. Tests of
    policies hold nothing.
    """
    old, new = _definitions(before), _definitions(after)
    names = {_name(each) for each in old} - ADDING
    for each, file in old.items():
        if each not in new:
            yield Finding("PRIV017", file, f"no policy says: {each[:LONGEST]}", file=file)
    for each, file in new.items():
        if each not in old and _name(each) in names:
            message = f"what a policy asks for has another definition: {each[:LONGEST]}"
            yield Finding("PRIV017", file, message, file=file)


def _name(definition: str) -> str:
    return re.split(r"[^a-z0-9_]", definition.removeprefix("default "), maxsplit=1, flags=re.I)[0]


def _definitions(folder: Path) -> dict[str, str]:
    """The definitions of the policies below a folder, in single spaces, each with its file."""
    found: dict[str, str] = {}
    for path in sorted((folder / POLICIES).rglob("*.rego")):
        if not path.stem.endswith("_test"):
            plain = re.sub(r"^\s*#.*$", "", path.read_text(), flags=re.M)
            texts = [" ".join(each.split()) for each in BLOCK.split(plain)]
            found |= {each: str(path.relative_to(folder)) for each in texts if each}
    return found


def numbers_lowered(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Finding]:
    """Variables of a project that say how large a group has to be, and say less."""
    for name, was in before.items():
        now = after.get(name, 0)
        if "smallest" in name and isinstance(was, int) and (not isinstance(now, int) or now < was):
            yield Finding("PRIV017", name, f"the variable was {was} and is {now}", file=PROJECT)


__all__ = ["loosened", "numbers_lowered", "policies_lost"]
