"""The errors a user can meet.

One root, so that the command line has one place that prints them::

    MeshError                  exit 2  could not run
    ├── StackError             a process of the stack did not start, died or does not answer
    ├── ArtifactError          a download failed or does not match the lock
    ├── LakeError              Trino, Nessie or S3 refused something
    │   ├── MergeConflict      a publish met tables that changed on main
    │   └── Locked             another publisher holds the lake
    ├── InputError             the input of a landing is not what its header promises
    └── Findings               exit 1  it ran, and what it looked at is not in order
"""

from __future__ import annotations

import errno

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says where a disk, or a share of it, is used up."""


class MeshError(Exception):
    """Something the user can act on.

    Args:
        message: What was found, one sentence.
        where: Place of the fault, as ``path``, ``path:line`` or ``path:line:column``.
        expected: What was expected in its place.
        hint: What to do next.
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        expected: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.expected = expected
        self.hint = hint

    def lines(self) -> list[str]:
        """The error as lines for a terminal, without colour."""
        head = f"{self.where}: {self.message}" if self.where else self.message
        rest = [("expected", self.expected), ("hint", self.hint)]
        return [head, *(f"  {name}: {text}" for name, text in rest if text)]

    def __str__(self) -> str:
        return "\n".join(self.lines())


class StackError(MeshError):
    """A process of the stack did not start, died or does not answer."""


class ArtifactError(MeshError):
    """A download failed or does not match the lock."""


class LakeError(MeshError):
    """Trino, Nessie or S3 refused something."""


class MergeConflict(LakeError):
    """A publish met tables that were changed on main since its branch was opened.

    Args:
        tables: Names ``schema.table`` of the tables in conflict.
    """

    def __init__(self, message: str, *, tables: list[str], hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.tables = tables


class Locked(LakeError):
    """Another publisher holds the lake."""


class InputError(MeshError):
    """The input of a landing is not what its header promises."""


class Findings(MeshError):
    """The check or build ran, and what it looked at is not in order."""

    exit_code = 1
