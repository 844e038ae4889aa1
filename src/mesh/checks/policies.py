"""Holds every contract against the policies of governance/policies, which are written in Rego."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mesh.contracts.document import read
from mesh.contracts.finding import Finding, errors
from mesh.contracts.lint import lint_file
from mesh.contracts.model import Contract
from mesh.core.errors import MeshError
from mesh.core.paths import ROOT

FOLDER = "governance/policies"
STORAGE = "governance/storage.yml"
QUERY = "data.governance.publish.findings"
SECONDS = 120
_KEYS = {"code", "path", "found", "expected", "hint"}


def check(root: Path = ROOT) -> list[Finding]:
    """What the policies find in the contracts of ``root``.

    Raises:
        MeshError: A policy or an input cannot be read or evaluated.
    """
    contracts: list[Contract] = []
    findings: list[Finding] = []
    for path in sorted((root / "contracts").rglob("*.odcs.yaml")):
        contract, found = lint_file(path, str(path.relative_to(root)))
        findings += errors(found)
        contracts += [contract] if contract else []
    inputs = [policy_input(contract.raw, root) for contract in contracts]
    for contract, answer in zip(contracts, evaluate(root, inputs), strict=True):
        findings += _findings(contract, answer)
    return sorted(findings)


def policy_input(raw: Mapping[str, Any], root: Path = ROOT) -> dict[str, Any]:
    """What a policy is given about one contract."""
    roles, storage = _data(root, "access/roles.yml"), _data(root, STORAGE)
    return {
        "contract": dict(raw),
        "roles": roles.get("roles", {}),
        "storage": storage.get("storage", {}),
    }


def evaluate(root: Path, inputs: Sequence[Any], query: str = QUERY) -> list[Any]:
    """The value of a query for each input.

    Raises:
        MeshError: There is no policy, or the evaluator refused one or died over it.
    """
    paths = [p for p in sorted((root / FOLDER).glob("*.rego")) if not p.stem.endswith("_test")]
    if not paths:
        raise MeshError("there is no policy", where=FOLDER, expected="*.rego")
    modules = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "mesh.checks.rego_child"],
        input=json.dumps({"modules": modules, "query": query, "inputs": list(inputs)}),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
        raise MeshError(f"the policies cannot be evaluated: {last}", where=FOLDER)
    values: list[Any] = json.loads(done.stdout)
    return values


def _findings(contract: Contract, answer: Any) -> Iterator[Finding]:
    """The findings of an answer; one that is no list of findings is an error, never a pass."""
    if not isinstance(answer, list):
        raise MeshError(f"{QUERY} has no value", where=FOLDER, expected="a set of findings")
    for each in answer:
        if not isinstance(each, dict) or set(each) != _KEYS:
            raise MeshError(f"{each!r} is no finding", where=FOLDER, expected=", ".join(_KEYS))
        line, column = contract.place(tuple(each["path"]))
        yield Finding(
            contract.file,
            line,
            column,
            each["code"],
            "",
            each["found"],
            each["expected"],
            each["hint"],
            product=f"{contract.domain}.{contract.product}",
        )


def _data(root: Path, name: str) -> dict[str, Any]:
    document, findings = read(root / name, name)
    if findings or not isinstance(document.data, dict):
        first = min(findings) if findings else None
        raise MeshError(
            first.found if first else "the file holds no mapping",
            where=first.place if first else name,
        )
    return document.data
