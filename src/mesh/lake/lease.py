"""One publisher of a lake that several machines share.

The lock of a checkout is seen on one machine only, and every publishing build writes through one
catalog (docs/decisions/one-build-catalog.md). On an external lake a run therefore holds a lease as
well: a branch of Nessie of one fixed name, which only one of several can create. Its one commit
says who holds it. It stands on no data, so it keeps no table alive.

A lease whose holder is known to be dead, a process of this machine, is taken over. One of another
machine stays until somebody ends it by ``./mesh clean --lease``: no clock decides.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict

from mesh.core.console import info, warn
from mesh.core.errors import LakeError, Locked
from mesh.core.settings import Lake
from mesh.lake.commits import Reference
from mesh.lake.lock import Holder, has_ended, myself
from mesh.lake.nessie import Conflict, Nessie

LEASE = "publisher-lease"
UNNAMED = "a run that has not said who it is"
_POLL_SECONDS = 2.0


@contextmanager
def lease(lake: Lake, run_id: str, wait: bool = False) -> Iterator[None]:
    """Be the only publisher of an external lake while the block runs.

    Args:
        lake: The lake; the embedded one has no other publishers than those of its checkout.
        run_id: The run that publishes.
        wait: Wait for the other publisher instead of giving up.

    Raises:
        Locked: Another machine publishes and ``wait`` is False.
    """
    if lake.embedded:
        yield
        return
    with Nessie.of(lake) as nessie:
        _take(nessie, myself(run_id), wait)
        try:
            yield
        finally:
            _give_back(nessie, run_id)


def require(nessie: Nessie, run_id: str) -> None:
    """Refuse a publish while another run holds the lease.

    Raises:
        Locked: Somebody ended this run's lease, and another run has taken it.
    """
    held = nessie.find(LEASE)
    if held and (holder := _holder(nessie, held)) and holder.run_id != run_id:
        raise Locked(
            f"{holder} holds the lake now",
            expected=f"the lease of {run_id}, which somebody has ended",
            hint="the branch stays for a look; run again when that run has ended",
        )


def end(lake: Lake) -> str | None:
    """End the lease whoever holds it, and say who that was; None where there is none."""
    with Nessie.of(lake) as nessie:
        held = nessie.find(LEASE)
        if held is None:
            return None
        holder = _holder(nessie, held)
        nessie.delete(held)
        return str(holder or UNNAMED)


def _take(nessie: Nessie, me: Holder, wait: bool) -> None:
    empty = str(nessie.config()["noAncestorHash"])
    told = False
    while True:
        try:
            made = nessie.create(LEASE, "BRANCH", empty)
        except Conflict:
            held = nessie.find(LEASE)
            if held is None or _taken_over(nessie, held):
                continue
            holder = _holder(nessie, held) or UNNAMED
            if not wait:
                raise Locked(
                    f"another publisher is at work on this lake: {holder}",
                    hint="try again when it has ended (`./mesh run --wait` waits); if its machine "
                    "is gone, `./mesh clean --lease` ends the lease",
                ) from None
            if not told:
                info(f"waiting for {holder}")
                told = True
            time.sleep(_POLL_SECONDS)
        else:
            try:
                nessie.put_namespace(made, "lease", json.dumps(asdict(me)))
            except BaseException:
                with suppress(LakeError):
                    nessie.delete(made)
                raise
            return


def _taken_over(nessie: Nessie, held: Reference) -> bool:
    """Whether the holder was a process of this machine that is gone, so that its lease is too."""
    holder = _holder(nessie, held)
    if holder is None or not has_ended(holder):
        return False
    info(f"the lease of {holder} is taken over: that process is gone")
    with suppress(Conflict):
        nessie.delete(held)
    return True


def _give_back(nessie: Nessie, run_id: str) -> None:
    try:
        held = nessie.find(LEASE)
        if held and (holder := _holder(nessie, held)) and holder.run_id == run_id:
            nessie.delete(held)
    except LakeError as error:
        warn(f"the lease stays until `./mesh clean --lease`: {error.message}")


def _holder(nessie: Nessie, held: Reference) -> Holder | None:
    commit = next(nessie.log(f"@{held.hash}", 1), None)
    with suppress(ValueError, TypeError):
        return Holder(**json.loads(commit.message)) if commit else None
    return None
