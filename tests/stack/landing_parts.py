"""What the tests of landing share: branches with nothing on them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from mesh.core.settings import Lake
from mesh.lake.nessie import Nessie


@contextmanager
def empty_branch(lake: Lake) -> Iterator[str]:
    """Name of a branch that starts before main's first commit; dropped in the end."""
    name = f"landing-{secrets.token_hex(4)}"
    with Nessie.of(lake) as nessie:
        nessie.create(name, "BRANCH", nessie.config()["noAncestorHash"])
        yield name
        nessie.delete(nessie.get(name))
