"""Unpacks what git packed."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path


def unpack(packed: bytes, place: Path) -> None:
    """Write the members of a tar file to a folder, and none outside of it.

    Python 3.11.0 to 3.11.3 knows no filters, so there only plain files and folders are taken.

    Raises:
        TarError: It is no tar file, or a member would lie outside.
    """
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(place, filter="data")
            return
        for member in archive:
            inside = (place / member.name).resolve().is_relative_to(place.resolve())
            if inside and (member.isfile() or member.isdir()):
                archive.extract(member, place)
