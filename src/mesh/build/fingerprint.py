"""Whether a build could come out differently: a digest of what its tables depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT_FILES = ("dbt_project.yml", "packages.yml", "package-lock.yml", "requirements.lock")
PROJECT_FOLDERS = ("models", "macros", "seeds", "tests/dbt")


@dataclass(frozen=True)
class Marks:
    """By what a later run sees whether anything is new; empty strings compare as always new."""

    fingerprint: str
    logic: str


def fingerprint(root: Path, variables: Mapping[str, object], packages: str) -> str:
    """Digest of the dbt project's files, the variables given to it and the kind of packages.

    The input is not part of it: landing itself says whether it brought anything new.
    """
    digest = hashlib.sha256()
    digest.update(json.dumps([dict(variables), packages], sort_keys=True, default=str).encode())
    for path in project_files(root):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root)} {content}\n".encode())
    return digest.hexdigest()


def logic(root: Path) -> str:
    """Digest of what decides about the content of tables: SQL, macros, seeds, settings.

    When it changes, rows that an incremental table holds from before are made by another rule than
    new ones, so those tables have to be built from scratch. Words and tests do not count.
    """
    digest = hashlib.sha256()
    for path in project_files(root):
        inside = path.relative_to(root)
        decides = path.suffix in {".sql", ".csv"} and inside.parts[0] != "tests"
        if decides or str(inside) == "dbt_project.yml":
            digest.update(f"{inside} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def project_files(root: Path) -> Iterator[Path]:
    """The files that decide about a build, in a fixed order."""
    for name in PROJECT_FILES:
        if (root / name).is_file():
            yield root / name
    for name in PROJECT_FOLDERS:
        yield from sorted(path for path in (root / name).rglob("*") if path.is_file())
