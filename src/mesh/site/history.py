"""What happened to each contract: from its own changelog, and from the history of its file."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mesh.contracts.model import Contract

SECONDS = 20
"""How long git may take."""
ENTRY, FIELD = "\x1e", "\x1f"


@dataclass(frozen=True)
class Change:
    """One change; ``version`` is the one it led to, empty where it stayed."""

    date: str
    text: str
    version: str = ""


def own_changes(contract: Contract) -> tuple[Change, ...]:
    """The changes that a contract names itself, in its custom property ``changelog``."""
    found = contract.custom.get("changelog")
    listed = found if isinstance(found, list) else []
    entries = [each for each in listed if isinstance(each, Mapping)]
    return tuple(
        Change(
            date=str(entry.get("date") or ""),
            text=str(entry.get("description") or entry.get("change") or ""),
            version=str(entry.get("version") or ""),
        )
        for entry in entries
    )


def git_changes(root: Path, folder: str) -> dict[str, tuple[Change, ...]] | None:
    """The commits that touched each file below ``folder``, youngest first; None without git."""
    command = ["git", "-C", str(root), "log", "-p", "-U0", "--no-color", "--no-ext-diff"]
    command += ["--no-textconv", "--no-renames", "--relative"]
    command += [f"--format={ENTRY}%cs{FIELD}%s{FIELD}", "--", folder]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    found: dict[str, list[Change]] = {}
    for entry in done.stdout.decode(errors="replace").split(ENTRY)[1:]:
        for file, change in _of_commit(entry):
            found.setdefault(file, []).append(change)
    return {file: tuple(changes) for file, changes in found.items()}


def _of_commit(entry: str) -> Iterator[tuple[str, Change]]:
    """The files that a commit touched, each with the version it came to."""
    date, subject, patch = entry.split(FIELD, 2)
    file, version = "", ""
    for line in [*patch.splitlines(), "+++ "]:
        if line.startswith("+++ "):
            if file:
                yield file, Change(date, subject, version)
            file, version = line.removeprefix("+++ b/") if line != "+++ " else "", ""
            file = "" if file.startswith("+++ ") else file
        elif line.startswith("+version:"):
            version = line.removeprefix("+version:").strip().strip("'\"")
