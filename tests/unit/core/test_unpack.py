"""What git packed is unpacked, on every Python, and nothing outside of the folder."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from mesh.core.unpack import unpack


def packed(*names: str) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 2
            archive.addfile(member, io.BytesIO(b"ok"))
        link = tarfile.TarInfo("a/link")
        link.type, link.linkname = tarfile.SYMTYPE, "one"
        archive.addfile(link)
    return held.getvalue()


@pytest.mark.parametrize("old", [False, True])
def test_members_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bool) -> None:
    if old:
        monkeypatch.delattr(tarfile, "data_filter")
    unpack(packed("a/one", "a/b/two"), tmp_path)
    assert (tmp_path / "a" / "one").read_text() == "ok"
    assert (tmp_path / "a" / "b" / "two").read_text() == "ok"


@pytest.mark.parametrize("old", [False, True])
def test_nothing_is_written_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bool
) -> None:
    place = tmp_path / "place"
    if old:
        monkeypatch.delattr(tarfile, "data_filter")
        unpack(packed("../outside", "inside"), place)
        assert (place / "inside").exists()
    else:
        with pytest.raises(tarfile.TarError):
            unpack(packed("../outside"), place)
    assert not (tmp_path / "outside").exists()
