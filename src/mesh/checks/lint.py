"""Runs the hooks of ``.pre-commit-config.yaml`` over the whole tree.

That file is the only list of them: what git runs before a commit and what ``mesh check lint``
runs cannot differ. Of pre-commit's settings those are understood that our local hooks use.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mesh.core.errors import MeshError
from mesh.core.paths import ROOT

CONFIG = ".pre-commit-config.yaml"
ENVIRONMENT = ".venv/bin/"
"""Where the hooks look for their tools; here they are taken from the running environment."""

FINDINGS_CODE = 1
"""Exit code by which all our tools say that they ran and found something."""


@dataclass(frozen=True)
class Hook:
    """One command and the files it is for; ``fixes`` if it mends instead of checks."""

    id: str
    name: str
    entry: tuple[str, ...]
    files: str
    exclude: str
    pass_filenames: bool
    fixes: bool

    @property
    def check(self) -> str:
        """The name that a check and the mending of its faults share."""
        return self.id.removesuffix("-fix")

    def selects(self, path: str) -> bool:
        """Whether it is for this file."""
        return bool(re.search(self.files, path)) and not re.search(self.exclude, path)


@dataclass(frozen=True)
class Outcome:
    """How a hook went: ``passed``, ``failed``, ``broken`` (could not run) or ``skipped``."""

    hook: str
    name: str
    status: str
    seconds: float
    files: int
    output: str


def hooks(root: Path = ROOT) -> tuple[Hook, ...]:
    """The hooks in their order.

    Raises:
        MeshError: The list is missing or holds what is not a local hook.
    """
    path = root / CONFIG
    try:
        raw = yaml.safe_load(path.read_text())
        return tuple(_hook(entry) for repo in raw["repos"] for entry in _local(repo))
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise MeshError(f"the list of checks cannot be read: {error!r}", where=str(path)) from error


def _local(repo: Mapping[str, Any]) -> list[dict[str, Any]]:
    if repo["repo"] != "local":
        raise MeshError(
            f"{repo['repo']} would be fetched from the network",
            where=CONFIG,
            expected="repo: local",
        )
    found: list[dict[str, Any]] = repo["hooks"]
    return found


def _hook(raw: Mapping[str, Any]) -> Hook:
    return Hook(
        id=raw["id"],
        name=raw["name"],
        entry=tuple(shlex.split(raw["entry"])),
        files=raw["files"],
        exclude=raw.get("exclude", "^$"),
        pass_filenames=raw.get("pass_filenames", True),
        fixes=raw.get("stages") == ["manual"],
    )


def tracked(root: Path = ROOT) -> list[str]:
    """The files that git knows or would take, without deleted ones.

    Raises:
        MeshError: This is no checkout.
    """
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MeshError("git cannot list the files", where=str(root), hint=done.stderr.strip())
    names = dict.fromkeys(name for name in done.stdout.split("\0") if name)
    return [name for name in names if (root / name).is_file()]


def run(
    files: Sequence[str],
    *,
    fix: bool = False,
    only: Sequence[str] = (),
    root: Path = ROOT,
    begin: Callable[[Hook, int], None] = lambda hook, files: None,
    tell: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Run the hooks over the files.

    Args:
        files: Paths from the root.
        fix: Run the hooks that mend before those that check.
        only: Names of checks; all if empty.
        root: The checkout.
        begin: Called with every hook before it runs, and the number of its files.
        tell: Called with every outcome as it comes.

    Raises:
        MeshError: ``only`` names a check that does not exist.
    """
    known = hooks(root)
    if missing := sorted(set(only) - {hook.check for hook in known}):
        names = ", ".join(dict.fromkeys(hook.check for hook in known))
        raise MeshError(f"there is no check {', '.join(missing)}", expected=names)
    wanted = [hook for hook in known if not only or hook.check in only]
    outcomes = []
    for hook in sorted(wanted, key=lambda hook: not hook.fixes):
        if fix or not hook.fixes:
            chosen = [name for name in files if hook.selects(name)]
            begin(hook, len(chosen))
            outcomes.append(_run(hook, chosen, root))
            tell(outcomes[-1])
    return outcomes


def _run(hook: Hook, files: list[str], root: Path) -> Outcome:
    if not files:
        return Outcome(hook.id, hook.name, "skipped", 0.0, 0, "")
    command = [*_resolved(hook.entry), *(files if hook.pass_filenames else [])]
    began = time.monotonic()
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root / "src"), "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        code, output = done.returncode, (done.stdout + done.stderr).strip()
    except OSError as error:
        code, output = 127, f"{command[0]} does not start: {error.strerror}"
    # What mending leaves over is for the check that follows.
    status = {0: "passed", FINDINGS_CODE: "passed" if hook.fixes else "failed"}.get(code, "broken")
    return Outcome(hook.id, hook.name, status, time.monotonic() - began, len(files), output)


def _resolved(entry: Sequence[str]) -> list[str]:
    """The entry with its tool taken from the environment that runs this."""
    tool, *rest = entry
    if tool.startswith(ENVIRONMENT):
        tool = str(Path(sys.executable).parent / tool.removeprefix(ENVIRONMENT))
    return [tool, *rest]
