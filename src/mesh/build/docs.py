"""Where the site lies, what is in it, and dbt's documentation as one file."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from mesh.build.dbt import DbtError, Project
from mesh.core.paths import ROOT, state_dir

SITE = ROOT / "site"
DOCS_PAGE = "dbt/index.html"
QUALITY_PAGE = "elementary_report.html"
INDEX_PAGE = "index.html"
STAMP = "release.txt"
"""Names the release the site was made from, and the state of the files that it shows beside it."""

SHOWN = ("contracts", "access", "src/mesh/site")
"""Folders that the pages are made from and that no release holds."""


def site_dir() -> Path:
    """Where the site is written: beside the state if that was moved, else in the checkout."""
    return state_dir() / "site" if os.environ.get("MESH_HOME") else SITE


def write_docs(project: Project, target: Path, page: Path) -> None:
    """Have dbt describe the project and the tables of ``project.catalog`` in one HTML file.

    Raises:
        DbtError: dbt could not read the project or the lake.
    """
    if project.invoke(["docs", "generate", "--static"], target):
        raise DbtError("dbt could not describe every table", where=str(target / "dbt.log"))
    page.parent.mkdir(parents=True, exist_ok=True)
    new = page.with_name(f".{os.getpid()}.{page.name}")
    shutil.copyfile(target / "static_index.html", new)
    new.replace(page)


def site_release(site: Path) -> str | None:
    """The release the site was made from, None when there is no site."""
    stamp = site / STAMP
    return stamp.read_text().split()[0] if stamp.exists() else None


def site_mark(release: str, root: Path = ROOT) -> str:
    """The release, and a digest of what the pages show beside it."""
    digest = hashlib.sha256()
    for folder in SHOWN:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(root)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{release} {digest.hexdigest()[:16]}"


def is_current(site: Path, release: str, root: Path = ROOT) -> bool:
    """Whether the site shows the release and the contracts as they are."""
    stamp = site / STAMP
    return stamp.exists() and stamp.read_text().strip() == site_mark(release, root)
