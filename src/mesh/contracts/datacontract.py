"""``datacontract-cli`` in an environment of its own: the field's own reader of contracts.

Its dependencies do not fit beside ours, so it is installed apart, from a lock with hashes, into
the cache that checkouts share. Once it is there no network is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

from mesh.core.errors import ArtifactError
from mesh.core.paths import ROOT, cache_dir

LOCK = ROOT / "platform" / "datacontract.lock"
LINT = """
import json, sys
from datacontract.data_contract import DataContract

found = {}
for path in sys.argv[1:]:
    run = DataContract(data_contract_file=path).lint()
    faults = [str(c.reason) for c in run.checks if getattr(c.result, "value", c.result) != "passed"]
    result = getattr(run.result, "value", str(run.result))
    found[path] = faults or ([] if result == "passed" else [result])
json.dump(found, sys.stdout)
"""
BREAKING = """
import json, sys
from datacontract.data_contract import DataContract
from datacontract.model.breaking import Perspective

found = {}
for old, new in zip(sys.argv[1::2], sys.argv[2::2]):
    result = DataContract(data_contract_file=old).breaking(
        DataContract(data_contract_file=new), perspective=Perspective.CONSUMER
    )
    found[new] = [f"{e.path}: {e.message}" for e in result.entries if e.level.value == "error"]
json.dump(found, sys.stdout)
"""
QUIET = {"DO_NOT_TRACK": "1", "PYTHONSAFEPATH": "1"}


def environment() -> Path:
    """The Python of the environment, installed on first use.

    Raises:
        ArtifactError: There is no uv, or the packages cannot be installed.
    """
    digest = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache_dir() / f"datacontract-{digest}"
    python = folder / "bin" / "python"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _install(folder, python)
            (folder / "complete").touch()
    return python


def _install(folder: Path, python: Path) -> None:
    uv = _uv()
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(LOCK)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ArtifactError(
                f"datacontract-cli cannot be installed: {done.stderr.strip()[-300:]}",
                where=str(LOCK.relative_to(ROOT)),
                hint="the package registry has to be reachable once",
            )


def _uv() -> str:
    """The installer: one on PATH, else the one that `./mesh` keeps in the cache."""
    kept = sorted(cache_dir().glob("uv-*/bin/uv"))
    found = shutil.which("uv") or (str(kept[-1]) if kept else None)
    if found is None:
        raise ArtifactError("there is no uv to install it with", hint="run `./mesh --help` once")
    return found


def lint(paths: Sequence[Path]) -> dict[str, list[str]]:
    """What datacontract-cli finds wrong with each file; an empty list means that it accepts it.

    Raises:
        ArtifactError: It is not there, or does not run.
    """
    return _run(LINT, [str(path) for path in paths])


def breaking(pairs: Sequence[tuple[Path, Path]]) -> dict[str, list[str]]:
    """What datacontract-cli calls breaking for consumers, by the newer file of each pair.

    Raises:
        ArtifactError: It is not there, or does not run.
    """
    return _run(BREAKING, [str(path) for pair in pairs for path in pair])


def _run(script: str, arguments: Sequence[str]) -> dict[str, list[str]]:
    done = subprocess.run(
        [str(environment()), "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **QUIET},
    )
    try:
        found: dict[str, list[str]] = json.loads(done.stdout)
    except ValueError as error:
        raise ArtifactError(f"datacontract-cli did not run: {done.stderr[-300:]}") from error
    return found
