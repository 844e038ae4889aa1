"""What the tests of the stack without a stack share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mesh.stack.process import Running


@pytest.fixture
def started() -> Iterator[list[Running]]:
    """Takes what a test starts, and ends what is left of it."""
    found: list[Running] = []
    yield found
    for running in found:
        if one := running.process():
            one.kill()
            running.alive  # noqa: B018 - reaps it
