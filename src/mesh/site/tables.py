"""Lineage by table: what a product is made from, and what is made from it."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from mesh.build.nodes import Manifest, Node
from mesh.site.catalogue import Catalogue, Product
from mesh.site.drawing import Drawing, draw
from mesh.site.inputs import Consumer

MOST = 40
"""Boxes of a picture; of what is further away only the lists tell."""


@dataclass(frozen=True)
class Station:
    """A table, exposure or consumer on the way; ``href`` is a path in the site or None."""

    id: str
    name: str
    kind: str
    domain: str
    href: str | None
    step: int
    """Steps from the product: negative upstream, 0 the product itself."""


@dataclass(frozen=True)
class Journey:
    """The lineage of a product; the picture ends at other products, which have their own."""

    stations: Mapping[str, Station]
    drawing: Drawing

    def where(self, *, upstream: bool) -> tuple[Station, ...]:
        """The stations before or after the product, the nearest first."""
        side = -1 if upstream else 1
        found = [station for station in self.stations.values() if station.step * side > 0]
        return tuple(sorted(found, key=lambda s: (abs(s.step), s.domain, s.name)))


class Tables:
    """Finds the lineage of products.

    Args:
        manifest: The project.
        catalogue: The products that have pages.
        documentation: The page of dbt's documentation, as a path in the site.
    """

    def __init__(
        self, manifest: Manifest, catalogue: Catalogue, documentation: str | None = None
    ) -> None:
        self._manifest = manifest
        self._catalogue = catalogue
        self._documentation = documentation
        read = {node.unique_id: node.depends_on for node in manifest.nodes.values()}
        read |= {each.unique_id: each.depends_on for each in manifest.exposures.values()}
        self._before = {
            unique_id: sorted(each for each in before if manifest.relation_of(each))
            for unique_id, before in read.items()
        }
        self._after: dict[str, list[str]] = {}
        for unique_id in sorted(self._before):
            for each in self._before[unique_id]:
                self._after.setdefault(each, []).append(unique_id)

    def journey(self, product: Product, consumers: Iterable[Consumer] = ()) -> Journey | None:
        """The lineage of a product; None where its model is not known."""
        if product.node is None:
            return None
        start = product.node.unique_id
        ends = self._catalogue.by_node
        steps = {start: 0, **_steps(self._before, start, -1), **_steps(self._after, start, 1)}
        near = {**_steps(self._before, start, -1, ends), **_steps(self._after, start, 1, ends)}
        drawn = [start, *sorted(near, key=lambda each: (abs(near[each]), each))][:MOST]
        stations = {each: self._station(each, steps[each]) for each in sorted(steps)}
        kept = set(drawn)
        edges = [
            (a, b)
            for b in sorted(kept)
            for a in self._before.get(b, ())
            if a in kept and (start in (a, b) or steps[a] * steps[b] > 0)
        ]
        for number, consumer in enumerate(consumers):
            mark = f"consumer.{number}"
            stations[mark] = Station(mark, consumer.name, "consumer", "", "#consumers", 1)
            drawn.append(mark)
            edges.append((start, mark))
        return Journey(stations, draw(drawn, edges))

    def _station(self, unique_id: str, step: int) -> Station:
        product = self._catalogue.by_node.get(unique_id)
        if product is not None:
            name, domain = product.title, product.contract.domain
            return Station(unique_id, name, "product", domain, product.page, step)
        exposure = self._manifest.exposures.get(unique_id)
        if exposure is not None:
            return Station(unique_id, exposure.name, exposure.kind, "", None, step)
        table = self._manifest.relation_of(unique_id)
        if table is None:
            return Station(unique_id, unique_id, "table", "", None, step)
        kind = (table.layer or table.kind) if isinstance(table, Node) else "landed file"
        href = f"{self._documentation}#!/{_kind(unique_id)}/{unique_id}"
        return Station(
            unique_id,
            short_name(table.name),
            kind,
            table.domain,
            href if self._documentation else None,
            step,
        )


def _kind(unique_id: str) -> str:
    return unique_id.split(".", 1)[0]


def short_name(name: str) -> str:
    """The name of a model without its layer and domain, which are said beside it."""
    return name.partition("__")[2] or name


def _steps(
    edges: Mapping[str, list[str]], start: str, by: int, ends: Container[str] = ()
) -> dict[str, int]:
    """The least number of steps to everything that can be reached; ``ends`` are not passed."""
    found = {start: 0}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here in ends and here != start:
            continue
        for each in edges.get(here, ()):
            if each not in found:
                found[each] = found[here] + by
                waiting.append(each)
    del found[start]
    return found
