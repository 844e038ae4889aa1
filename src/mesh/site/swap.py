"""Puts a folder in the place of another, in one step where the system can."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

_AT_FDCWD = -100
_EXCHANGE = 2
"""``RENAME_EXCHANGE`` of Linux and ``RENAME_SWAP`` of macOS."""


def replace_folder(new: Path, place: Path) -> None:
    """Have ``new`` take the place of ``place``; what was there is deleted.

    Both have to lie on one file system. Where the system cannot exchange two folders, the place
    is empty for a moment.
    """
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        new.rename(place)
        return
    if not _exchanged(new, place):
        old = place.with_name(f".{place.name}.{os.getpid()}.old")
        place.rename(old)
        new.rename(place)
        new = old
    shutil.rmtree(new, ignore_errors=True)


def _exchanged(new: Path, place: Path) -> bool:
    """Whether the two have changed places in one step."""
    names = os.fsencode(new), os.fsencode(place)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return not library.renamex_np(*names, _EXCHANGE)
        return not library.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE)
    except (OSError, AttributeError):
        return False
