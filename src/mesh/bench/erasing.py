"""How long the erasure of a person takes, on lakes of two sizes that are made for it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from mesh.bench.child import environment
from mesh.bench.figure import Figure, ratio
from mesh.core.console import info
from mesh.core.errors import MeshError
from mesh.core.paths import ROOT

SMALL, LARGE = 40, 200
"""Patients of the two lakes."""


def erasing() -> list[Figure]:
    """One person of each lake is erased, once: an erasure cannot be repeated.

    The aim is that the time grows no faster than the data.
    """
    small, large = _seconds(SMALL), _seconds(LARGE)
    what = "erasing a person with the proof by a search of all bytes, at five times the people"
    names = (f"{LARGE} patients", [large]), (f"{SMALL} patients", [small])
    return [ratio("erase", what, LARGE / SMALL, *names)]


def _seconds(patients: int) -> float:
    with TemporaryDirectory() as home:
        info(f"    erase: a lake of {patients} patients")
        try:
            _mesh(home, "run", "--patients", str(patients), "--seed", "7")
            person = json.loads(_mesh(home, "sql", "--format", "json", _SOMEBODY))[0]["patient_id"]
            began = time.monotonic()
            done = json.loads(_mesh(home, "erase", person, "--execute", "--format", "json"))
            seconds = time.monotonic() - began
        finally:
            _mesh(home, "down")
    steps = ", ".join(f"{name} {float(taken):.1f} s" for name, taken in done["steps"])
    info(f"    erase: {seconds:.1f} s ({steps})")
    return seconds


_SOMEBODY = "select min(id) as patient_id from patients_landing.synthea_patients"


def _mesh(home: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mesh", *arguments],
        cwd=ROOT,
        env=environment(MESH_HOME=str(Path(home) / "lake")),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MeshError(f"mesh {arguments[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout
