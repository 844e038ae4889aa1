"""What a run refuses before it builds."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from mesh.build.run import require_patients
from mesh.core.errors import InputError
from mesh.core.settings import Lake
from mesh.landing import tables
from mesh.landing.land import BATCH_PROPERTY
from tests.unit.landing.exports import PATIENTS

HERE = Lake("", 0, "", "", None, None, "lake", "", "", "", "", "")


def landed(monkeypatch: pytest.MonkeyPatch, *rows: int) -> None:
    """Have the lake hold batches of so many patients."""
    properties = {f"{BATCH_PROPERTY}{n}": json.dumps({"rows": each}) for n, each in enumerate(rows)}
    table = SimpleNamespace(properties=properties) if rows else None
    monkeypatch.setattr(tables, "open_catalog", lambda _lake, _ref: None)
    monkeypatch.setattr(
        tables, "load_table", lambda _catalog, name: table if name == PATIENTS.table else None
    )


@pytest.mark.parametrize("rows", [(), (0,), (0, 0)])
def test_no_patients_at_all_are_refused_with_file_and_line(
    monkeypatch: pytest.MonkeyPatch, rows: tuple[int, ...]
) -> None:
    landed(monkeypatch, *rows)
    with pytest.raises(InputError, match="holds no patient") as caught:
        require_patients(HERE, "build-1", Path("export"))
    assert caught.value.where == "export/patients.csv:1"


@pytest.mark.parametrize("rows", [(3,), (3, 0), (0, 3)])
def test_a_batch_without_new_patients_is_fine(
    monkeypatch: pytest.MonkeyPatch, rows: tuple[int, ...]
) -> None:
    landed(monkeypatch, *rows)
    require_patients(HERE, "build-1", Path("export"))
