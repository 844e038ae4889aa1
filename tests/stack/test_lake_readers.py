"""What readers see while main moves under them.

A release is made of three tables that carry the same number. Whoever reads a table finds the
number of one release, whoever reads on finds that number or a later one, and whoever reads through
a release's own catalog finds the same number in all three, always.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import pytest

from mesh.core.settings import Lake
from mesh.lake.branches import attach
from mesh.lake.catalogs import drop_catalog
from mesh.lake.publish import publish
from mesh.lake.releases import rollback
from mesh.lake.trino import connect
from tests.stack.lake_parts import build, fresh_schema, release

pytestmark = pytest.mark.stack

TABLES = ("orders", "claims", "stocks")


@dataclass(frozen=True)
class Seen:
    """One answer: when its statement began and ended, and the number in each table."""

    began: float
    ended: float
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Moved:
    """One publish or rollback: main moved from one number to another in between."""

    began: float
    ended: float
    old: int
    new: int


class Reader(threading.Thread):
    """Asks the same statements in turn until told to stop."""

    def __init__(self, lake: Lake, catalog: str, schema: str, statements: list[str]) -> None:
        super().__init__()
        self.connection = connect(lake, catalog, schema)
        self.statements = statements
        self.seen: list[Seen] = []
        self.errors: list[Exception] = []
        self.stop = threading.Event()

    def run(self) -> None:
        try:
            with self.connection as connection:
                while not self.stop.is_set():
                    for statement in self.statements:
                        began = time.monotonic()
                        cursor = connection.cursor()
                        cursor.execute(statement)
                        row = cursor.fetchall()[0]
                        self.seen.append(Seen(began, time.monotonic(), tuple(row)))
        except Exception as error:
            self.errors.append(error)

    def wait_for_a_round(self) -> None:
        """Until every statement was begun and answered once more."""
        enough = len(self.seen) + len(self.statements) + 1
        deadline = time.monotonic() + 120
        while len(self.seen) < enough and self.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)


@contextmanager
def reading(lake: Lake, catalog: str, schema: str, statements: list[str]) -> Iterator[Reader]:
    """A reader at work while the block runs."""
    reader = Reader(lake, catalog, schema, statements)
    reader.start()
    try:
        yield reader
    finally:
        reader.stop.set()
        reader.join(60)
    assert not reader.errors


def numbered(number: int) -> list[str]:
    rows = f"select {number} as n, x from unnest(sequence(1, 50)) as u (x)"
    return [f"create or replace table {name} as {rows}" for name in TABLES]


EACH = [f"select max(n) from {name}" for name in TABLES]
JOINED = ["select " + ", ".join(f"(select max(n) from {name})" for name in TABLES)]


def moves(lake: Lake, schema: str, rounds: int, readers: list[Reader]) -> list[Moved]:
    """Publish and roll back in turn, each time when all readers have seen the state before.

    The numbers grow with every publish.
    """
    made: list[Moved] = []
    live = 1

    def timed(move: Callable[[], object], new: int) -> None:
        nonlocal live
        began = time.monotonic()
        move()
        made.append(Moved(began, time.monotonic(), live, new))
        live = new
        for reader in readers:
            reader.wait_for_a_round()

    for number in range(2, rounds + 2):
        branch = build(lake, schema, numbered(number))
        timed(lambda branch=branch, number=number: publish(lake, branch, f"{number}", {}), number)
        timed(lambda: rollback(lake), made[-1].old)
    return made


def live_during(made: list[Moved], seen: Seen) -> set[int]:
    """The numbers that were live at some moment of a statement."""
    live = {1} if not made or seen.began < made[0].ended else set()
    for move, following in zip(made, [*made[1:], None], strict=True):
        until = following.ended if following else float("inf")
        if seen.ended > move.began and seen.began < until:
            live.add(move.new)
    return live


@dataclass(frozen=True)
class Watched:
    """What three readers saw while main moved."""

    made: list[Moved]
    pollers: list[Seen]
    """One product after the other, through the published catalog."""
    joined: list[Seen]
    """Three products in one statement, through the published catalog."""
    pinned: list[Seen]
    """Three products in one statement, through the first release's own catalog."""


@pytest.fixture(scope="module")
def watched(lake: Lake) -> Watched:
    schema = fresh_schema()
    first = release(lake, schema, numbered(1))
    shown = attach(lake, first.tag)
    with (
        reading(lake, lake.catalog, schema, EACH) as pollers,
        reading(lake, lake.catalog, schema, JOINED) as joined,
        reading(lake, shown, schema, JOINED) as pinned,
    ):
        made = moves(lake, schema, 3, [pollers, joined, pinned])
    drop_catalog(lake, shown)
    return Watched(made, pollers.seen, joined.seen, pinned.seen)


def test_pollers_of_several_products_see_all_old_or_all_new(watched: Watched) -> None:
    for seen in watched.pollers:
        assert set(seen.numbers) <= live_during(watched.made, seen), seen
    # In the order asked: across all products the number changes once for each move of main.
    told = [seen.numbers[0] for seen in watched.pollers]
    changes = [new for old, new in pairwise(told) if old != new]
    assert changes == [move.new for move in watched.made]


def test_one_statement_over_several_products_sees_one_release(watched: Watched) -> None:
    """Unless main moves in the instant Trino looks its tables up, and then no third release."""
    for seen in watched.joined:
        assert set(seen.numbers) <= live_during(watched.made, seen), seen
        if not [m for m in watched.made if seen.began < m.ended and seen.ended > m.began]:
            assert len(set(seen.numbers)) == 1, seen
    mixed = [seen for seen in watched.joined if len(set(seen.numbers)) > 1]
    assert len(mixed) <= len(watched.made)


def test_a_release_read_through_its_own_catalog_never_changes(watched: Watched) -> None:
    assert {seen.numbers for seen in watched.pinned} == {(1, 1, 1)}
