"""Our lineage by column against dbt-colibri's, on the same artifacts: time, and edges.

An edge goes from a column to one that gives its value in another node. dbt-colibri reads what dbt
compiled for one target; ours renders every model itself, both sides of `is_incremental()` included.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from mesh.bench.child import environment
from mesh.bench.figure import Figure, ratio
from mesh.core.apart import python_of
from mesh.core.console import info
from mesh.core.errors import MeshError
from mesh.core.paths import ROOT, state_dir
from mesh.core.settings import Lake

LOCK = ROOT / "platform" / "colibri.lock"
OURS = """
import json, sys
from pathlib import Path
from mesh.privacy.lineage import column_lineage
from mesh.privacy.project import load
found = column_lineage(load(Path(sys.argv[2]), Path(sys.argv[1])))
edges = [
    [source.node, source.column.lower(), ref.node, ref.column.lower()]
    for ref, lineage in found.items()
    for source in lineage.direct
]
json.dump(edges, sys.stdout)
"""
THEIRS = "from dbt_colibri.cli.cli import cli; cli()"

Edge = tuple[str, ...]


def lineage(lake: Lake, rounds: int) -> list[Figure]:
    """Both tools on the live project in turn, as commands that a person starts, nothing kept.

    What only one of them finds is written to ``.mesh/bench-colibri/edges.json``.
    """
    from mesh.build import packages
    from mesh.build.dbt import Project

    folder = state_dir() / "bench-colibri"
    project = Project(lake, lake.catalog, packages.ensure())
    if project.invoke(["docs", "generate"], folder):
        raise MeshError("dbt writes no catalog", where=str(folder / "dbt.log"))
    manifest = str(folder / "manifest.json")
    mine = [sys.executable, "-c", OURS, manifest, str(ROOT)]
    other = [str(python_of(LOCK)), "-c", THEIRS, "generate", "--light", "--disable-telemetry"]
    other += ["--manifest", manifest, "--catalog", str(folder / "catalog.json")]
    other += ["--output-dir", str(folder)]
    ours, theirs, output = [], [], "[]"
    for number in range(rounds):
        seconds, output = _run(mine, folder)
        ours.append(seconds)
        seconds, _ = _run(other, folder)
        theirs.append(seconds)
        info(f"    lineage {number + 1}: {ours[-1]:.1f} s, dbt-colibri {theirs[-1]:.1f} s")
    found = {tuple(edge) for edge in json.loads(output)}
    _compare(found, _edges_of(folder / "colibri-manifest.json"), folder / "edges.json")
    what = "lineage by column of the project, by the time of dbt-colibri"
    return [ratio("lineage", what, 1.0, ("ours", ours), ("dbt-colibri", theirs))]


def _run(command: list[str], folder: Path) -> tuple[float, str]:
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)  # what an earlier round kept would be its analysis
    own = environment(MESH_HOME=str(home), DO_NOT_TRACK="1")
    began = time.monotonic()
    done = subprocess.run(command, env=own, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MeshError(f"{command[0]} ended with {done.returncode}: {done.stderr[-500:]}")
    return time.monotonic() - began, done.stdout


def _edges_of(path: Path) -> set[Edge]:
    """The edges between columns; dbt-colibri also lists those between tables, without names."""
    found = json.loads(path.read_text())["lineage"]["edges"]
    return {
        (e["source"], e["sourceColumn"].lower(), e["target"], e["targetColumn"].lower())
        for e in found
        if e["sourceColumn"] and e["targetColumn"]
    }


def _compare(ours: set[Edge], theirs: set[Edge], path: Path) -> None:
    only_ours, only_theirs = sorted(ours - theirs), sorted(theirs - ours)
    path.write_text(json.dumps({"only_ours": only_ours, "only_theirs": only_theirs}, indent=1))
    info(
        f"    {len(ours & theirs):,} edges of both, {len(only_ours):,} only ours, "
        f"{len(only_theirs):,} only dbt-colibri's: {path}"
    )
