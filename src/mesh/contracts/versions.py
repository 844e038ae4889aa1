"""Versions of contracts in the order of Semantic Versioning 2.0.0."""

from __future__ import annotations

Precedence = tuple[tuple[int, int, int], bool, tuple[tuple[bool, int, str], ...]]


def step_between(old: str, new: str) -> str:
    """The step from one version to another: major, minor, patch, none, or ``back``."""
    if precedence(new) < precedence(old):
        return "back"
    before, after = precedence(old)[0], precedence(new)[0]
    for name, a, b in zip(("major", "minor", "patch"), before, after, strict=True):
        if a != b:
            return name
    return "none"


def is_pre_release(version: str) -> bool:
    """Whether it is one of those before a release, as 2.0.0-rc.1."""
    return "-" in version.partition("+")[0]


def precedence(version: str) -> Precedence:
    """What versions are ordered by: numbers, then a release after its pre-releases.

    Numbers in a pre-release may be of any length, so they are compared as digits.
    """
    core, _, label = version.partition("+")[0].partition("-")
    major, minor, patch = (int(part) for part in core.split("."))
    parts = label.split(".") if label else []
    ranked = tuple(
        (False, len(part), part) if part.isdigit() else (True, 0, part) for part in parts
    )
    return (major, minor, patch), not label, ranked
