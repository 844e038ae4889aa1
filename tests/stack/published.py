"""A lake that holds two batches, published one after the other, for the tests that only read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mesh.build.run import Options, Outcome, run
from mesh.core.settings import Lake
from mesh.landing.synthea import generate
from tests.stack.batches import first_export
from tests.stack.csv_truth import Files

PATIENTS = 12
SEED = 3


@dataclass(frozen=True)
class Published:
    """Two releases of one lake.

    Attributes:
        lake: The lake.
        files: The second export, which is the whole truth.
        first: The run that published the first export, with its faults.
        second: The run that published the second.
    """

    lake: Lake
    files: Files
    first: Outcome
    second: Outcome


def publish_two_batches(lake: Lake, folder: Path) -> Published:
    """Run the mesh on an earlier export with faults, then on the export itself."""
    full = generate(PATIENTS, SEED)
    earlier = folder / "earlier"
    first_export(full, earlier)
    first = run(Options(source=earlier))
    second = run(Options(source=full))
    return Published(lake, Files(full), first, second)
