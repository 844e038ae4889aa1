"""Draws a graph of tables from left to right: where boxes and lines go, for an inline SVG."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT = 216, 50
"""Size of a box, in pixels."""
ACROSS, DOWN = 58, 16
"""Space between two boxes side by side, and between one above the other."""
MARGIN = 8


@dataclass(frozen=True)
class Box:
    """A node with the place of its upper left corner."""

    id: str
    x: int
    y: int


@dataclass(frozen=True)
class Line:
    """An edge, as the ``d`` of an SVG path."""

    start: str
    end: str
    path: str


@dataclass(frozen=True)
class Drawing:
    """A graph that knows where everything goes."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def draw(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> Drawing:
    """Place a graph without circles, so that every edge leads to the right and few cross.

    Args:
        nodes: All nodes.
        edges: Pairs of (from, to) of these nodes.
    """
    column = _columns(nodes, edges)
    names, parts = _subdivided(nodes, edges, column)
    pairs = [pair for chain in parts for pair in pairwise(chain)]
    places = _places(names, pairs, column)
    boxes = tuple(Box(node, *places[node]) for node in nodes)
    lines = tuple(Line(chain[0], chain[-1], _path([places[n] for n in chain])) for chain in parts)
    return Drawing(
        width=max((x for x, _ in places.values()), default=0) + WIDTH + MARGIN,
        height=max((y for _, y in places.values()), default=0) + HEIGHT + MARGIN,
        boxes=boxes,
        lines=lines,
    )


def _columns(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The column of each node: behind everything that leads to it, as far right as it can be."""
    following: dict[str, list[str]] = {node: [] for node in nodes}
    for start, end in edges:
        following[start].append(end)
    found: dict[str, int] = {}

    def from_end(node: str) -> int:
        if node not in found:
            found[node] = 0  # a circle ends here
            found[node] = max((from_end(each) + 1 for each in following[node]), default=0)
        return found[node]

    deepest = max((from_end(node) for node in nodes), default=0)
    return {node: deepest - found[node] for node in nodes}


def _subdivided(
    nodes: Sequence[str], edges: Sequence[tuple[str, str]], column: dict[str, int]
) -> tuple[list[str], list[list[str]]]:
    """Edges as chains with a bend in every column that they pass; adds the bends to ``column``."""
    names, chains = list(nodes), []
    for number, (start, end) in enumerate(edges):
        bends = []
        for between in range(column[start] + 1, column[end]):
            bend = f"\0{number}.{between}"
            column[bend] = between
            bends.append(bend)
        names += bends
        chains.append([start, *bends, end])
    return names, chains


def _places(
    names: Sequence[str], edges: Sequence[tuple[str, str]], column: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its optional drawing back ends are not there
        import igraph
    number = {name: index for index, name in enumerate(names)}
    graph = igraph.Graph(len(names), [(number[a], number[b]) for a, b in edges], directed=True)
    layout = graph.layout_sugiyama(layers=[column[name] for name in names], maxiter=200)
    rows = _apart({name: float(layout.coords[number[name]][0]) for name in names}, column)
    lowest = min(rows.values(), default=0.0)
    return {
        name: (
            MARGIN + column[name] * (WIDTH + ACROSS),
            MARGIN + round((rows[name] - lowest) * (HEIGHT + DOWN)),
        )
        for name in names
    }


def _apart(rows: Mapping[str, float], column: Mapping[str, int]) -> dict[str, float]:
    """The rows with at least one between two of a column: the layout can put two on one place."""
    found: dict[str, float] = {}
    free: dict[int, float] = {}
    for name in sorted(rows, key=lambda each: (column[each], rows[each], each)):
        found[name] = max(rows[name], free.get(column[name], rows[name]))
        free[column[name]] = found[name] + 1
    return found


def _path(places: Sequence[tuple[int, int]]) -> str:
    """A smooth line from the right side of the first place to the left side of the last."""
    middle = HEIGHT // 2
    x, y = places[0][0] + WIDTH, places[0][1] + middle
    found = [f"M{x} {y}"]
    for place in places[1:]:
        ahead = (place[0], place[1] + middle)
        half = (x + ahead[0]) // 2
        found.append(f"C{half} {y} {half} {ahead[1]} {ahead[0]} {ahead[1]}")
        x, y = ahead
        if place is not places[-1]:
            x += WIDTH
            found.append(f"H{x}")
    return "".join(found)
