"""The stack of the tests: its own folder, ports and data, gone when they are done."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from mesh.core.settings import Lake
from mesh.stack import lifecycle


@pytest.fixture(scope="session")
def lake() -> Iterator[Lake]:
    """The lake of this test run, empty at first; ``MESH_TEST_KEEP=1`` leaves it running."""
    keep = bool(os.environ.get("MESH_TEST_KEEP"))
    if not keep:
        lifecycle.down(purge=True)
    yield lifecycle.up()
    if not keep:
        lifecycle.down(purge=True)
