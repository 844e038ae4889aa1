"""The measure of branches leaves the lake as it was."""

from __future__ import annotations

import pytest

from mesh.core.settings import Lake
from mesh.lake.branches import branches
from mesh.lake.catalogs import catalogs
from mesh.lake.nessie import Nessie
from mesh.lake.timing import branch_times

pytestmark = pytest.mark.stack


def state(lake: Lake) -> tuple[list[tuple[str, str]], set[str]]:
    with Nessie.of(lake) as nessie:
        heads = [(ref.name, ref.hash) for ref in nessie.references()]
    return sorted(heads), catalogs(lake)


def test_measuring_branches_touches_nothing_that_is_published(lake: Lake) -> None:
    before = state(lake)
    small, large = branch_times(lake, 1_000, 2), branch_times(lake, 200_000, 2)
    assert state(lake) == before
    assert large.size > 50 * small.size
    for times in (small, large):
        assert len(times.open) == len(times.merge) == len(times.rollback) == 2
        assert 0 < times.open_and_merge < 5
    assert not [one for one in branches(lake) if one.name.startswith("bench-")]
