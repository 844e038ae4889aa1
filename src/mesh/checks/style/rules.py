"""Where the style rules register, and what they share."""

from __future__ import annotations

from mesh.build.nodes import Macro, Manifest, Node, Source, Test
from mesh.checks.finding import Finding, Rules

RULES = Rules()

DOMAINS_OWN = {"bronze", "silver"}
"""Layers that only their own domain reads."""


def about(
    code: str, node: Node | Source | Test | Macro, message: str, hint: str, column: str = ""
) -> Finding:
    """A finding about a node, placed in the file where it has to be mended."""
    path = (node.yaml_path if isinstance(node, Node) and code.startswith("D") else None) or (
        node.path
    )
    return Finding(path, code, node.name, column, message, hint)


def own_macros(manifest: Manifest) -> list[Macro]:
    """The macros of the project without the generic tests that dbt counts as macros."""
    macros = (m for m in manifest.macros.values() if not m.name.startswith("test_"))
    return sorted(macros, key=lambda macro: macro.name)


def seeds(manifest: Manifest) -> list[Node]:
    """The seeds of the project."""
    own = (n for n in manifest.nodes.values() if n.kind == "seed" and n.package == "mesh")
    return sorted(own, key=lambda node: node.name)


def landed(manifest: Manifest) -> list[Source]:
    """The sources of the project."""
    own = (s for s in manifest.sources.values() if s.fqn[0] == "mesh")
    return sorted(own, key=lambda source: source.unique_id)
