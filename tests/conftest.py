"""Keeps every test away from the lake of the person who runs them."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEPT = ("MESH_CACHE", "MESH_MAVEN_URL", "MESH_TEST_HOME", "MESH_TEST_KEEP")
"""Variables of ours that a test run takes over, beside the heap sizes."""


def _isolate() -> None:
    """Forget addresses and secrets of any other lake; the tests have a folder of their own."""
    for name in list(os.environ):
        ours = name.startswith(("MESH_", "DBT_ENV_SECRET_MESH_"))
        if ours and name not in KEPT and not name.endswith("_HEAP"):
            del os.environ[name]
    os.environ["MESH_HOME"] = os.environ.get("MESH_TEST_HOME") or str(ROOT / ".mesh-test")
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"


@pytest.fixture(autouse=True)
def _hear_signals() -> None:
    """Undo what nohup, a background job or a library ignores: tests interrupt, children inherit."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


_isolate()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in tests/stack: it needs the real Trino, Nessie and S3."""
    for item in items:
        if (ROOT / "tests" / "stack") in item.path.parents:
            item.add_marker(pytest.mark.stack)
