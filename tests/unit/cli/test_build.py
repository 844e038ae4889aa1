"""What the verb `run` refuses before it starts anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh.cli.build import run
from mesh.core.errors import InputError


@pytest.mark.parametrize(("patients", "seed"), [(4, None), (None, 7), (4, 7)])
def test_a_folder_does_not_go_with_what_makes_patients(
    tmp_path: Path, patients: int | None, seed: int | None
) -> None:
    with pytest.raises(InputError, match="--source does not go with"):
        run(source=tmp_path, patients=patients, seed=seed)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name, found in (("file", "is a file"), ("nowhere", "does not exist")):
        with pytest.raises(InputError, match=found):
            run(source=tmp_path / name)
