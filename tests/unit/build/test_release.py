"""What a run leaves of those before it."""

from __future__ import annotations

from pathlib import Path

from mesh.build.release import KEPT_RUNS, _forget_old_runs


def test_the_youngest_folders_stay_whatever_made_them(tmp_path: Path) -> None:
    """Those of checks do not push out the run that was just published."""
    for number in range(KEPT_RUNS + 5):
        (tmp_path / f"ci-20260102t0000{number:02}-abcdef").mkdir()
    young = tmp_path / "20260103t000000-abcdef"
    old = tmp_path / "20260101t000000-abcdef"
    young.mkdir()
    old.mkdir()

    _forget_old_runs(tmp_path)

    assert young.is_dir()
    assert not old.exists()
    assert len(list(tmp_path.iterdir())) == KEPT_RUNS
