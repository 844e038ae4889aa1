"""The rules of the mesh that dbt's parser can see: no engine, no stack.

``RULES.findings(manifest)`` is all of it. The letter of a code says what it is about: D words,
N names, L layers and owners, T tests, P personal data, I Iceberg tables.
"""

from __future__ import annotations

from mesh.checks.style import documentation, layers, naming, privacy, tables, testing
from mesh.checks.style.rules import RULES

__all__ = ["RULES", "documentation", "layers", "naming", "privacy", "tables", "testing"]
