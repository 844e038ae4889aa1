"""The real generator, and its export from the file to the engine."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mesh.core.settings import Lake
from mesh.lake.catalogs import create_catalog, drop_catalog
from mesh.lake.trino import query
from mesh.landing import synthea
from mesh.landing.files import FILES
from tests.stack.landing_parts import empty_branch

pytestmark = pytest.mark.stack

PATIENTS = 3
SEED = 11
CATALOG = "ci_landing"


@pytest.fixture
def ref(lake: Lake) -> Iterator[str]:
    """A branch with nothing on it, with a catalog in Trino."""
    with empty_branch(lake) as name:
        create_catalog(lake, CATALOG, name)
        yield name
        drop_catalog(lake, CATALOG)


def hashes(folder: Path) -> dict[str, str]:
    return {
        file.name: hashlib.sha256((folder / file.name).read_bytes()).hexdigest() for file in FILES
    }


def mesh(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mesh", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_same_parameters_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = []
    for home in ("one", "two"):
        monkeypatch.setenv("MESH_HOME", str(tmp_path / home))
        exports.append(hashes(synthea.generate(PATIENTS, SEED)))
    assert exports[0] == exports[1]


def test_what_is_generated_is_in_the_engine_cell_by_cell(lake: Lake, ref: str) -> None:
    generated = mesh("generate", "--patients", str(PATIENTS), "--seed", str(SEED))
    assert generated.returncode == 0, generated.stderr
    folder = Path(generated.stdout.strip())
    land = ("land", "--source", str(folder), "--ref", ref, "--format", "json")
    first = mesh(*land)
    assert first.returncode == 0, first.stderr
    landed = {row["file"]: row for row in json.loads(first.stdout)}
    for file in FILES:
        with (folder / file.name).open(newline="", encoding="utf-8") as text:
            expected = [[cell or None for cell in row] for row in csv.reader(text)][1:]
        assert landed[file.name]["rows"] == len(expected)
        columns = ", ".join(f'"{name}"' for name in file.columns)
        rows = query(lake, f"select {columns} from {CATALOG}.{file.table} order by _row_number")
        assert [list(row) for row in rows] == expected
    again = mesh(*land)
    assert all(row["skipped"] for row in json.loads(again.stdout))


def test_a_bad_call_is_one_clear_error(lake: Lake, tmp_path: Path) -> None:
    for arguments, sentence in (
        (("--patients", "0"), "0 patients cannot be generated"),
        (("--source", str(tmp_path / "nowhere")), "there is no such folder"),
        (("--source", str(tmp_path)), "allergies.csv"),
        (("--source", str(tmp_path), "--seed", "3"), "--source does not go with"),
    ):
        result = mesh("land", *arguments)
        assert result.returncode == 2
        assert not result.stdout
        assert sentence in result.stderr
        assert "Traceback" not in result.stderr
