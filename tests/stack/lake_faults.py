"""A wire to Nessie that breaks at a chosen change, and a publish that dies there.

As a program, ``python lake_faults.py BRANCH.json N when`` publishes the branch and is
killed by SIGKILL at the N-th change it asks of Nessie, ``before`` or ``after`` Nessie made it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import httpx

from mesh.core.settings import Lake
from mesh.lake.branches import Branch
from mesh.lake.nessie import Nessie
from mesh.lake.publish import publish

When = Literal["before", "after"]


class BreakingWire(httpx.BaseTransport):
    """Passes requests on; at the N-th change it calls ``fault`` before or after passing it."""

    def __init__(self, at: int, when: When, fault: Callable[[httpx.Request], None]) -> None:
        self.inner = httpx.HTTPTransport()
        self.at, self.when, self.fault = at, when, fault
        self.changes = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.changes += request.method != "GET"
        due = request.method != "GET" and self.changes == self.at
        if due and self.when == "before":
            self.fault(request)
        response = self.inner.handle_request(request)
        if due and self.when == "after":
            response.read()
            self.fault(request)
        return response

    def close(self) -> None:
        """Close idle connections; the next client that comes through opens new ones."""
        self.inner.close()


def lose(request: httpx.Request) -> None:
    """The connection breaks."""
    raise httpx.ReadError("broken on purpose", request=request)


def die(request: httpx.Request) -> None:
    """The process is killed."""
    os.kill(os.getpid(), signal.SIGKILL)


def through(wire: BreakingWire, patience: float = 5.0) -> Callable[[Lake], Nessie]:
    """A stand-in for ``Nessie.of`` that connects through ``wire``."""
    return lambda lake: Nessie(
        lake.nessie_uri, lake.nessie_token, transport=wire, patience=patience
    )


def main() -> None:
    """Publish and die on the way."""
    described, at, when = sys.argv[1:]
    wire = BreakingWire(int(at), "before" if when == "before" else "after", die)
    Nessie.of = through(wire)  # type: ignore[method-assign,assignment]
    branch = Branch(**json.loads(Path(described).read_text()))
    publish(Lake.current(), branch, "dies on the way", {})
    sys.stdout.write(f"lived: {wire.changes} changes\n")


if __name__ == "__main__":
    main()
