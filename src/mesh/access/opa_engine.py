"""A real OPA: the one on the path, or one built from its Go module where Go is there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from mesh.core.errors import ArtifactError
from mesh.core.paths import ROOT, cache_dir

MODULE = "github.com/open-policy-agent/opa"
VERSION = "v1.22.2"
BUILD_SECONDS = 900
"""Longest wait for the build; it took 110 s of processor where this was written."""
EVAL_SECONDS = 300


def engine() -> Path:
    """The program; built into the shared cache when there is none.

    Raises:
        ArtifactError: There is neither OPA nor Go, or the build failed.
    """
    if found := shutil.which("opa"):
        return Path(found)
    path = cache_dir() / f"opa-{VERSION.removeprefix('v')}" / "opa"
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name("build.lock")):
        if not path.exists():
            _build(path.parent)
    return path


def evaluate(
    query: str, given: Any, data: Mapping[str, Any], policies: Sequence[Path], program: Path
) -> Any:
    """The value of a query over an input, by a real OPA.

    Args:
        query: What to evaluate, for example ``data.mesh.access.allow``.
        given: The input document.
        data: The data document.
        policies: Rego files.
        program: See :func:`engine`.

    Raises:
        ArtifactError: OPA refused it.
    """
    words = [str(program), "eval", "--format", "json", "--stdin-input"]
    for path in policies:
        words += ["--data", str(path)]
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        stored = Path(folder) / "data.json"
        stored.write_text(json.dumps(data))
        found = subprocess.run(
            [*words, "--data", str(stored), query],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=EVAL_SECONDS,
            check=False,
        )
    answer = json.loads(found.stdout or "{}")
    if found.returncode or answer.get("errors"):
        raise ArtifactError(f"OPA refused {query}: {found.stdout}{found.stderr}"[:2000])
    results = answer.get("result") or []
    return results[0]["expressions"][0]["value"] if results else None


def _build(folder: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise ArtifactError("there is neither OPA nor Go here", hint="put `opa` on the path")
    env = {**os.environ, "GOBIN": str(folder), "GOFLAGS": "-trimpath", "CGO_ENABLED": "0"}
    try:
        subprocess.run(
            [go, "install", f"{MODULE}@{VERSION}"],
            env=env,
            cwd=ROOT,
            capture_output=True,
            timeout=BUILD_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise ArtifactError(f"OPA cannot be built: {error}") from error
