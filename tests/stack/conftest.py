"""The stack of the tests: its own folder, ports and data, gone when they are done."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from filelock import FileLock, Timeout

from mesh.core.paths import state_dir
from mesh.core.settings import Lake
from mesh.lake.releases import find_release, rollback
from mesh.stack import lifecycle
from mesh.stack.archive import SWITCH
from tests.stack.published import Published, publish_two_batches


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests marked ``last`` after all others, in their order."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def lake() -> Iterator[Lake]:
    """The lake of this test run, empty at first; ``MESH_TEST_KEEP=1`` leaves it running.

    A second run at the same time needs another folder: ``MESH_TEST_HOME``.
    """
    keep = bool(os.environ.get("MESH_TEST_KEEP"))
    os.environ.setdefault(SWITCH, "off")  # nothing comes of it: the stack is purged in the end
    home = state_dir()
    lock = FileLock(home.with_name(home.name + ".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        pytest.exit(f"another test run uses {home}: wait for it, or set MESH_TEST_HOME", 2)
    if not keep:
        lifecycle.down(purge=True)
    yield lifecycle.up()
    if not keep:
        lifecycle.down(purge=True)
    lock.release()


@pytest.fixture(scope="session")
def _two_releases(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Published:
    return publish_two_batches(lake, tmp_path_factory.mktemp("batches"))


@pytest.fixture
def published(_two_releases: Published) -> Published:
    """Two published batches; the second is live, whatever an earlier test has published."""
    if find_release(_two_releases.lake, "live").tag != _two_releases.second.release:
        rollback(_two_releases.lake, _two_releases.second.release)
    return _two_releases
