"""Writes the pages into a folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from mesh.contracts.model import Contract
from mesh.core.paths import ROOT
from mesh.site.inputs import Inputs
from mesh.site.pages import pages


def write_pages(inputs: Inputs, site: Path, root: Path = ROOT) -> int:
    """Write every page below ``site``, and the contracts beside them; gives the number of files."""
    count = 0
    for path, text in pages(inputs):
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        count += 1
    return count + _copy(inputs.contracts, site, root)


def _copy(contracts: Iterable[Contract], site: Path, root: Path) -> int:
    """The contracts themselves: what the pages lead to."""
    count = 0
    for contract in contracts:
        source, target = root / contract.file, site / contract.file
        if source.is_file() and target.resolve().is_relative_to(site.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            count += 1
    return count
