"""The modules that hold verbs. Heavy libraries are imported inside the verbs, not here."""

from __future__ import annotations

from importlib import import_module

AREAS = (
    "build",
    "landing",
    "lake",
    "ci",
    "stack",
    "test",
    "check",
    "contract",
    "product",
    "access",
    "orchestrate",
    "bench",
)


def all_commands() -> None:
    """Import every area, so that its verbs stand on the app."""
    for area in AREAS:
        import_module(f"mesh.cli.{area}")
