"""How long the contracts of a project take to check, against dbt's own parsing of it.

On generated projects, so no lake is needed. Check and diff run as a person would start them, as
processes of their own; dbt parses from scratch.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mesh.bench.child import environment
from mesh.bench.figure import Figure, ratio
from mesh.core.console import info
from mesh.core.errors import MeshError
from mesh.core.paths import state_dir

SIZES = (50, 500, 5000)
"""Products of the generated projects."""
AIM = 0.3
"""The most that check and diff may take of the time of a parse."""
MEMORY_AIM = 1.0
"""GB that they may take at most."""
COLUMNS = 12
CHANGED = 50
"""One contract in so many is changed after the commit that is compared with."""


def contracts(rounds: int, sizes: Sequence[int] = SIZES) -> list[Figure]:
    """Check and diff of generated projects, as a share of ``dbt parse``, and their memory."""
    found: list[Figure] = []
    for size in sizes:
        root = state_dir() / "bench" / f"contracts-{size}"
        info(f"    a project of {size} products")
        generate(root, size)
        ours, bare, memory = [], [], []
        for _ in range(rounds):
            bare.append(_parse(root))
            checked, kept = _mesh(root, "check", "contracts", "--no-live")
            compared, more = _mesh(root, "contract", "diff", "HEAD")
            ours.append(checked + compared)
            memory.append(max(kept, more))
        what = f"check and diff of {size} contracts, by the time of dbt parse"
        name = f"contracts-{size}"
        found.append(ratio(name, what, AIM, ("check and diff", ours), ("dbt parse", bare)))
        most = f"most memory of check and diff of {size} contracts, in GB"
        found.append(Figure(f"{name}-memory", most, "GB", MEMORY_AIM, tuple(memory), {}))
        shutil.rmtree(root)
    return found


def generate(root: Path, size: int) -> None:
    """Write a project of ``size`` products in a git repository, some changed since its commit."""
    shutil.rmtree(root, ignore_errors=True)
    for folder in ("models/gold", "contracts/shop"):
        (root / folder).mkdir(parents=True)
    (root / "dbt_project.yml").write_text("name: bench\nversion: 1.0.0\nprofile: bench\n")
    (root / "profiles.yml").write_text(
        "bench: {target: here, outputs: {here: {type: trino, method: none, host: 127.0.0.1, "
        "port: 1, user: mesh, database: lake, schema: main}}}\n"
    )
    for number in range(size):
        name = f"table_{number}"
        (root / f"models/gold/{name}.sql").write_text(_sql(number))
        (root / f"models/gold/{name}.yml").write_text(_yaml(name))
        (root / f"contracts/shop/{name}.odcs.yaml").write_text(_contract(name, "1.0.0"))
    _git(root, "init", "--quiet")
    _git(root, "add", ".")
    _git(root, "commit", "--quiet", "--message", "Generate")
    for number in range(0, size, CHANGED):
        path = root / f"contracts/shop/table_{number}.odcs.yaml"
        # One that is risky makes the diff name who reads the product, by column.
        worded = _contract(f"table_{number}", "1.1.0").replace("A value", "The value")
        path.write_text(worded.replace(", {channel: '#talk'}", ""))
        described = root / f"models/gold/table_{number}.yml"
        described.write_text(described.read_text().replace("A value", "The value"))


def _names() -> list[str]:
    return [f"column_{index}" for index in range(COLUMNS)]


def _sql(number: int) -> str:
    """A model that reads the one before it, in chains of ten."""
    source = f"{{{{ ref('table_{number - 1}') }}}}" if number % 10 else "landing.raw"
    listed = ",\n        ".join(_names())
    cast = ",\n        ".join(f"cast({n} as decimal(18, 2)) as {n}" for n in _names())
    return (
        f"with\n\nsource as (\n    select\n        {listed}\n    from {source}\n),\n\n"
        f"final as (\n    select\n        {cast}\n    from source\n)\n\nselect * from final\n"
    )


def _yaml(name: str) -> str:
    columns = "".join(
        f'      - name: {column}\n        data_type: "decimal(18, 2)"\n'
        "        description: A value.\n        constraints: [{type: not_null}]\n"
        + ("        data_tests: [unique]\n" if column == "column_0" else "")
        for column in _names()
    )
    return (
        f"models:\n  - name: {name}\n    description: One row per thing.\n"
        f"    config: {{contract: {{enforced: true}}}}\n    columns:\n{columns}"
    )


def _contract(name: str, version: str) -> str:
    columns = "".join(
        f"      - name: {column}\n        businessName: Column\n        logicalType: number\n"
        '        physicalType: "decimal(18, 2)"\n        required: true\n'
        "        classification: none\n        description: A value.\n"
        + ("        primaryKey: true\n" if column == "column_0" else "")
        for column in _names()
    )
    return (
        f"apiVersion: v3.1.0\nkind: DataContract\nid: shop.{name}\nname: {name}\n"
        f"version: {version}\nstatus: active\ndomain: shop\nteam: {{name: Shop team}}\n"
        "support: [{channel: '#help'}, {channel: '#talk'}]\n"
        "description: {purpose: Measured., limitations: Generated., usage: None.}\n"
        f"schema:\n  - name: {name}\n    description: One row per thing.\n"
        f"    dataGranularityDescription: One row per thing\n    properties:\n{columns}"
        "slaProperties:\n  - {property: freshness, value: 24, unit: h}\n"
    )


def _git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    subprocess.run(["git", "-C", str(root), *who, *arguments], check=True, capture_output=True)


def _parse(root: Path) -> float:
    """Seconds that dbt takes to parse the project from scratch."""
    command = [sys.executable, "-m", "dbt.cli.main", "parse", "--no-partial-parse", "--quiet"]
    command += ["--project-dir", str(root), "--profiles-dir", str(root)]
    seconds, _ = _timed([*command, "--target-path", str(root / "target")], root)
    return seconds


def _mesh(root: Path, *arguments: str) -> tuple[float, float]:
    command = [sys.executable, "-P", "-m", "mesh", *arguments, "--project-dir", str(root)]
    return _timed([*command, "--format", "json"], root)


def _timed(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Wall seconds and the most memory in GB of a process.

    Raises:
        MeshError: It failed.
    """
    own = environment(DBT_SEND_ANONYMOUS_USAGE_STATS="false")
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise MeshError(f"{' '.join(command[2:6])} ended with {process.returncode}")
    unit = 1e9 if sys.platform == "darwin" else 1024**2  # bytes there, KiB here
    return time.monotonic() - began, usage.ru_maxrss / unit
