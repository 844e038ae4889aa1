"""The measures on the stack. Each works beside what is published and leaves it as it was."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from mesh.bench.figure import Figure, ratio
from mesh.core.console import info
from mesh.core.errors import MeshError
from mesh.core.paths import state_dir
from mesh.core.settings import Lake

THREADS = 4
"""As in profiles.yml."""
CATALOG = "bench"
SIZES = (10_000, 2_000_000)
"""Rows of the tables beside which branches are opened and merged: 0.2 and 43 MB."""


@dataclass
class Pair:
    """Seconds of two ways to do the same, one sample for each round."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)


def build(lake: Lake, rounds: int) -> list[Figure]:
    """``dbt build`` of the whole project, against its statements sent by a bare client."""
    from mesh.bench.replay import read_plan, replay
    from mesh.build import packages
    from mesh.build.dbt import Project
    from mesh.build.summary import Summary
    from mesh.lake.releases import release_file

    day = Summary.from_json(release_file(lake, "live", "summary.json")).as_of_date
    project = Project(lake, CATALOG, packages.ensure(), variables={"as_of_date": day})
    # Seeds are read, not built: a bare client has no statements for them.
    command = ["build", "--full-refresh", "--exclude", "resource_type:unit_test"]
    command += ["resource_type:seed", "package:elementary"]
    folder = state_dir() / "bench"
    pair = Pair()
    for number in range(rounds):
        shutil.rmtree(folder, ignore_errors=True)
        with _branch(lake):
            began = time.monotonic()
            if project.invoke(command, folder):
                raise MeshError("the build fails", where=str(folder / "dbt.log"))
            pair.ours.append(time.monotonic() - began)
        plan = read_plan(folder)
        with _branch(lake), _client(lake) as execute:
            pair.bare.append(replay(plan, execute, THREADS))
        _tell("build", number, pair)
    what = "dbt build of the project, over the same statements sent by a bare client"
    return [ratio("build", what, 1.3, ("dbt build", pair.ours), ("bare client", pair.bare))]


@contextmanager
def _branch(lake: Lake) -> Iterator[None]:
    from mesh.lake.branches import drop_branch, open_branch
    from mesh.lake.names import new_run_id

    branch = open_branch(lake, "ci", new_run_id(), catalog=CATALOG)
    try:
        yield
    finally:
        drop_branch(lake, branch)


@contextmanager
def _client(lake: Lake) -> Iterator[Callable[[str], object]]:
    """Sends statements, with a connection for each thread."""
    from mesh.lake.trino import connect

    local = threading.local()

    def execute(statement: str) -> object:
        if not hasattr(local, "connection"):
            local.connection = connect(lake, CATALOG)
        cursor = local.connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall()

    yield execute


def landing(lake: Lake, folder: Path, rounds: int) -> list[Figure]:
    """Landing of an export, against Arrow reading it and writing bare Parquet."""
    from mesh.lake.names import MAIN, new_run_id
    from mesh.lake.nessie import Nessie
    from mesh.landing.land import land

    pair = Pair()
    with Nessie.of(lake) as nessie:
        *_, oldest = nessie.log(MAIN)
        for number in range(rounds):
            # From the first commit, where nothing is landed yet.
            branch = nessie.create(f"bench-{new_run_id()}", "BRANCH", oldest.hash)
            try:
                began = time.monotonic()
                landed = land(lake, branch.name, folder)
                pair.ours.append(time.monotonic() - began)
            finally:
                nessie.delete(nessie.get(branch.name))
            pair.bare.append(_bare_parquet(folder, [one.file for one in landed]))
            _tell("landing", number, pair)
    what = "landing an export, over reading it with Arrow and writing bare Parquet"
    return [ratio("landing", what, 3.0, ("landing", pair.ours), ("bare Parquet", pair.bare))]


def _bare_parquet(folder: Path, names: list[str]) -> float:
    """Seconds for the same rows as text from CSV to Parquet files, compressed alike."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    with TemporaryDirectory(dir=state_dir()) as target:
        began = time.monotonic()
        for name in names:
            with (folder / name).open("rb") as file:
                header = file.readline().decode().strip().split(",")
            types = csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()))
            rows = csv.read_csv(folder / name, convert_options=types)
            parquet.write_table(rows, Path(target) / f"{name}.parquet", compression="zstd")
        return time.monotonic() - began


def start(rounds: int) -> list[Figure]:
    """Start of the stack with its artifacts and data in place."""
    from mesh.stack import lifecycle

    if lifecycle.external():
        raise MeshError("the lake is external: its start is not ours to measure")
    samples = []
    for number in range(rounds):
        lifecycle.down()
        began = time.monotonic()
        lifecycle.up()
        samples.append(time.monotonic() - began)
        info(f"    start {number + 1}: {samples[-1]:.1f} s")
    what = "from no process to a lake that answers, nothing to download"
    return [Figure("start", what, "s", 15.0, tuple(samples), {})]


def branches(lake: Lake, rounds: int) -> list[Figure]:
    """Opening and merging a branch, beside a small and a large table."""
    from mesh.lake.timing import branch_times

    samples: dict[int, list[float]] = {rows: [] for rows in SIZES}
    bytes_of: dict[int, int] = {}
    for number in range(rounds):
        for rows in SIZES:
            times = branch_times(lake, rows, 1)
            samples[rows].append(times.open_and_merge)
            bytes_of[rows] = times.size
        info(f"    branches {number + 1}: " + ", ".join(f"{s[-1]:.2f} s" for s in samples.values()))
    sizes = {rows: f"{bytes_of[rows] / 1e6:.1f} MB" for rows in SIZES}
    what = "opening a branch with its catalog and merging it, {} replaced on it"
    small, large = SIZES
    return [
        *(
            Figure(f"branch {sizes[rows]}", what.format(sizes[rows]), "s", 1.0, tuple(taken), {})
            for rows, taken in samples.items()
        ),
        # Independent of size: a fifth more or less is the noise of one opening.
        ratio(
            "branch sizes",
            "the larger of the two over the smaller",
            1.2,
            (sizes[large], samples[large]),
            (sizes[small], samples[small]),
        ),
    ]


def _tell(name: str, number: int, pair: Pair) -> None:
    info(f"    {name} {number + 1}: {pair.ours[-1]:.1f} s, bare {pair.bare[-1]:.1f} s")
