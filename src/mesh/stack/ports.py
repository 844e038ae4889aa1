"""Free ports on loopback, the same ones as last time where that is possible."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable, Mapping

RANGE = range(20_000, 32_000)
"""Below the ports that systems hand out for outgoing connections, so that they stay free."""


def is_free(port: int) -> bool:
    """Whether nothing listens on the port, on loopback or on all interfaces."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose(
    names: Iterable[str], before: Mapping[str, int], held: Iterable[str] = ()
) -> dict[str, int]:
    """A port for each name: the one it had before if that is free, or ``held`` by its process."""
    chosen: dict[str, int] = {}
    holds = set(held)
    for name in names:
        port = before.get(name)
        if port is None or port in chosen.values() or not (name in holds or is_free(port)):
            port = _draw({*chosen.values(), *before.values()})
        chosen[name] = port
    return chosen


def _draw(taken: set[int]) -> int:
    candidates = [port for port in RANGE if port not in taken]
    random.shuffle(candidates)
    return next(port for port in candidates if is_free(port))
