"""``datacontract-cli`` in an environment of its own: the field's own reader of contracts.

Its dependencies do not fit beside ours, so it is installed apart (:mod:`mesh.core.apart`).
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from mesh.core.apart import python_of
from mesh.core.errors import ArtifactError
from mesh.core.paths import ROOT

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
        [str(python_of(LOCK)), "-c", script, *arguments],
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
