"""Progress on stderr, data on stdout; readable without colour."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from mesh.core.printable import printable


class PlainConsole(Console):
    """A console to which no text can send what steers a terminal; rich's own styles remain."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as rich does, with the control characters of texts spelled out."""
        super().print(*(printable(o) if isinstance(o, str) else o for o in objects), **options)


err = PlainConsole(stderr=True, highlight=False, soft_wrap=True)
_UNFOLDED = 1_000_000
"""Characters that no row of a table is wide: no cell is folded, so every name can be copied.

A terminal breaks long lines at its edge, as it does for other tools that print tables.
"""
out = PlainConsole(highlight=False, soft_wrap=True, width=_UNFOLDED)


def info(text: str) -> None:
    """Say one line of progress."""
    err.print(text, markup=False)


def warn(text: str) -> None:
    """Say one line that the reader should not miss."""
    err.print(f"warning: {text}", markup=False, style="yellow")


@dataclass
class Steps:
    """The steps of a long command with their wall time in seconds."""

    taken: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Announce a step and record how long it took; a failing step is recorded too."""
        info(f"==> {name}")
        began = time.monotonic()
        try:
            yield
        finally:
            seconds = time.monotonic() - began
            self.taken.append((name, seconds))
            info(f"    {name}: {seconds:.1f} s")


def download_progress() -> Progress:
    """A progress display for downloads: name, bar, sizes, speed, time left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=err,
    )


def print_json(value: Any) -> None:
    """Write one JSON document to stdout."""
    sys.stdout.write(json.dumps(value, indent=2, default=str) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows to stdout as an aligned table; NULL is shown as an empty cell."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else printable(str(cell)) for cell in row))
    out.print(table)


def emit(rows: Sequence[Mapping[str, object]], *, format: str, columns: Sequence[str]) -> None:
    """Write rows as ``json`` (a list of objects) or as a table of ``columns``."""
    if format == "json":
        print_json([dict(row) for row in rows])
    else:
        print_table(columns, [[row.get(name) for name in columns] for row in rows])
