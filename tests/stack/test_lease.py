"""The lease of a lake that several machines share."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, replace

import pytest

from mesh.core.errors import Locked
from mesh.core.settings import Lake
from mesh.lake.lease import LEASE, end, lease, require
from mesh.lake.lock import Holder, myself
from mesh.lake.nessie import Nessie


@pytest.fixture
def shared(lake: Lake) -> Lake:
    """The test lake, as one that was named in the environment."""
    return replace(lake, embedded=False)


def held_by(lake: Lake, holder: Holder) -> None:
    """A lease that another process took and never gave back."""
    with Nessie.of(lake) as nessie:
        made = nessie.create(LEASE, "BRANCH", str(nessie.config()["noAncestorHash"]))
        nessie.put_namespace(made, "lease", json.dumps(asdict(holder)))


def is_held(lake: Lake) -> bool:
    with Nessie.of(lake) as nessie:
        return nessie.find(LEASE) is not None


def test_a_second_machine_is_refused_with_the_holders_name(shared: Lake) -> None:
    elsewhere = replace(myself("run-a"), host="elsewhere")
    held_by(shared, elsewhere)
    try:
        with pytest.raises(Locked, match=r"run-a .* on elsewhere"), lease(shared, "run-b"):
            pytest.fail("the lease was taken twice")
        with Nessie.of(shared) as nessie, pytest.raises(Locked, match="run-a"):
            require(nessie, "run-b")
    finally:
        assert end(shared) == str(elsewhere)
    assert end(shared) is None


def test_it_is_given_back_however_the_run_ends(shared: Lake) -> None:
    with pytest.raises(KeyboardInterrupt), lease(shared, "run-a"):
        assert is_held(shared)
        with Nessie.of(shared) as nessie:
            require(nessie, "run-a")
        raise KeyboardInterrupt
    assert not is_held(shared)


def test_that_of_a_killed_process_of_this_machine_is_taken_over(shared: Lake) -> None:
    child = subprocess.Popen(["sleep", "60"])
    child.kill()
    child.wait()
    held_by(shared, replace(myself("run-a"), pid=child.pid))
    with lease(shared, "run-b"):
        assert is_held(shared)
    assert not is_held(shared)


def test_the_lake_of_a_checkout_needs_none(lake: Lake) -> None:
    with lease(lake, "run-a"):
        assert not is_held(lake)
