"""Heap sizes that follow the machine, in megabytes."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from mesh.core.errors import StackError

CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True)
class Heap:
    """Largest heap of each service in MB."""

    trino: int
    nessie: int
    s3: int


def heap() -> Heap:
    """The heaps for this machine; ``MESH_TRINO_HEAP``, ``MESH_NESSIE_HEAP``, ``MESH_S3_HEAP`` win.

    Raises:
        StackError: A variable is not a size such as ``3G`` or ``512M``.
    """
    sizes = heap_for(machine_memory())
    return Heap(
        trino=_override("MESH_TRINO_HEAP", sizes.trino),
        nessie=_override("MESH_NESSIE_HEAP", sizes.nessie),
        s3=_override("MESH_S3_HEAP", sizes.s3),
    )


def heap_for(memory: int) -> Heap:
    """The heaps for a machine with ``memory`` bytes: dbt, Dagster and the browser need the rest."""
    megabytes = memory >> 20
    return Heap(
        trino=min(max(megabytes // 4, 1536), 4096),
        nessie=min(max(megabytes // 20, 256), 512),
        s3=min(max(megabytes // 32, 192), 256),
    )


def machine_memory() -> int:
    """Bytes of memory this process may count on: the machine's, or its control group's."""
    import psutil

    limits = [psutil.virtual_memory().total]
    for path in CGROUP_LIMITS:
        if path.exists() and (text := path.read_text().strip()).isdigit():
            limits.append(int(text))
    return min(limits)


def parse_size(text: str) -> int | None:
    """``3G``, ``512M`` or ``512m`` as megabytes; None when it is neither."""
    match = re.fullmatch(r"(\d+)([gGmM])[bB]?", text.strip())
    if not match:
        return None
    return int(match[1]) * (1024 if match[2] in "gG" else 1)


def _override(variable: str, size: int) -> int:
    text = os.environ.get(variable)
    if not text:
        return size
    if (parsed := parse_size(text)) is None:
        raise StackError(f"{variable} is {text!r}", expected="a size such as 3G or 1536M")
    return parsed
