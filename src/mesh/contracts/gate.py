"""What stops a build before it begins: a broken contract, or a version past its end.

Where a change is looked at, a contract that changed without the step of the version it takes too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

from mesh.contracts.consumers import read_consumers, unknown_uses
from mesh.contracts.document import parse
from mesh.contracts.finding import SHOWN, errors, refusal
from mesh.contracts.lint import lint
from mesh.contracts.project import read_contracts
from mesh.contracts.retirement import retirement, today
from mesh.core.errors import Findings
from mesh.core.paths import ROOT

_refusal = partial(refusal, "contracts")


def require_sound(root: Path = ROOT) -> None:
    """Stop where a contract file is not in order.

    Raises:
        Findings: One is not; the findings are in the message.
    """
    _, findings = read_contracts(root)
    if bad := errors(findings):
        raise _refusal(f"{len(bad)} faults in the data contracts; nothing was built", bad)


def require_sound_files(files: Mapping[str, bytes]) -> None:
    """Stop where one of these contents is not in order.

    Raises:
        Findings: One is not; the findings are in the message.
    """
    found = (lint(*parse(content, name))[1] for name, content in files.items())
    if bad := [finding for findings in found for finding in errors(findings)]:
        raise _refusal(f"{len(bad)} faults in the data contracts", bad)


def require_contracts(root: Path = ROOT, day: date | None = None) -> None:
    """Stop where a contract is not in order, or consumers are left without what they use.

    That is a version past its end, and one whose contract is gone before they are.

    Args:
        root: The project.
        day: The day that deprecation dates are judged by; today by default.

    Raises:
        Findings: There is such a contract; the message names product, place and consumers.
    """
    contracts, findings = read_contracts(root)
    consumers, register = read_consumers(root)
    if bad := errors([*findings, *register]):
        raise _refusal(f"{len(bad)} faults in the data contracts; nothing was built", bad)
    if unknown := errors(unknown_uses(consumers, contracts)):
        raise _refusal("consumers rely on what no contract has; nothing was built", unknown)
    if ended := errors(retirement(contracts, consumers, day or today())):
        raise _refusal("a version is past its end; nothing was built", ended)


def require_steps(base: str, root: Path = ROOT, day: date | None = None) -> None:
    """Stop where a contract changed without the step of the version that this takes.

    Args:
        base: A git revision, or a release, that the tree is compared with.
        root: The project.
        day: The day that deprecation dates are judged by; today by default.

    Raises:
        Findings: There is such a change; the message says what it is and whom it hurts.
        MeshError: The base is not known.
    """
    from mesh.contracts.compare_all import of_base

    missing = [each for each in of_base(root, base, day or today()) if not each.step_ok]
    if missing:
        lines = [line for each in missing[:SHOWN] for line in each.lines()]
        said = f"{len(missing)} changes of contracts lack the version that they take"
        raise Findings(
            "\n".join([f"{said}; nothing was built", *lines]),
            hint=f"`./mesh contract diff {base}` shows all; docs/guides/change-a-contract.md",
        )
