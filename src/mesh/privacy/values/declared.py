"""What the YAML of the project's sources declares, read without dbt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mesh.core.errors import MeshError
from mesh.core.paths import ROOT
from mesh.privacy import declarations
from mesh.privacy.classes import Class
from mesh.privacy.declarations import Declaration

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # libyaml is not there
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

ORGANIZATION = "organization"
"""The subject of columns that are about nobody: their contact data is no person's."""


@dataclass(frozen=True)
class SourceTable:
    """A table of a source and what is declared of its columns.

    Args:
        name: The table, as ``schema.table``.
        columns: The declarations, by column in lower case.
        file: The YAML file, from the root of the project.
    """

    name: str
    columns: Mapping[str, Declaration] = field(default_factory=dict)
    file: str = ""

    def holds_people(self) -> bool:
        """Whether its rows are the people themselves: it has their number and their names."""
        found = {
            declared.identifier
            for declared in self.columns.values()
            if declared.cls is Class.DIRECT and declared.subject == "patient"
        }
        return {"medical_record_number", "name", "ssn"} <= found

    def has_keys(self) -> bool:
        """Whether it holds secret keys, which are nothing to look at."""
        return any(declared.secret for declared in self.columns.values())


def source_tables(folder: Path = ROOT) -> dict[str, SourceTable]:
    """The tables that sources in ``models/`` declare, by ``schema.table``.

    Raises:
        MeshError: A file is no YAML, or a source in it has not dbt's form.
    """
    found: dict[str, SourceTable] = {}
    for pattern in ("*.yml", "*.yaml"):
        for path in sorted((folder / "models").rglob(pattern)):
            try:
                text = path.read_text(encoding="utf-8")
                if "\nsources:" in f"\n{text}":
                    raw = yaml.load(text, _Loader)
                    tables = _tables(raw, str(path.relative_to(folder)))
                    found |= {table.name: table for table in tables}
            except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
                raise MeshError(f"the sources cannot be read: {error}", where=str(path)) from error
    return found


def _tables(raw: Mapping[str, Any], file: str) -> Iterator[SourceTable]:
    for source in raw["sources"] or ():
        schema = str(source.get("schema") or source["name"])
        for table in source.get("tables") or ():
            name = str(table.get("identifier") or table["name"])
            columns = {
                str(column["name"]).lower(): declarations.of_column(column)
                for column in table.get("columns") or ()
            }
            yield SourceTable(f"{schema}.{name}".lower(), columns, file)
