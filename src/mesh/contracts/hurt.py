"""Who notices a change: models and exposures downstream, and registered consumers.

A direct reader notices what its SQL names. What reads that model in turn is named as reached
through it, where its columns or rows come from the changed ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mesh.build.nodes import Exposure, Manifest, Node
from mesh.checks.style.rules import own_macros
from mesh.contracts.changes import Change
from mesh.contracts.columns_read import columns_read
from mesh.contracts.consumers import Consumer
from mesh.contracts.model import Contract
from mesh.contracts.reach import columns_reached
from mesh.privacy.lineage import Lineage


@dataclass(frozen=True)
class Reader:
    """A model or exposure that reads a product.

    ``columns`` are those it notices, in lower case; None where it reads all of them or its text
    does not tell. ``through`` is the model by which it is reached, empty for a direct reader.
    """

    name: str
    kind: str
    columns: frozenset[str] | None
    through: str = ""

    @property
    def words(self) -> str:
        """The reader as a message names it."""
        return f"{self.kind} {self.name}" + (f" through {self.through}" if self.through else "")

    def uses(self, columns: Sequence[str]) -> bool:
        """Whether it notices a change of these columns; an empty list means all."""
        return self.columns is None or not columns or bool(self.columns & _lower(columns))


def _lower(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


def with_hurt(
    changes: Iterable[Change],
    contract: Contract,
    node: Node | None,
    manifest: Manifest | None,
    consumers: Sequence[Consumer],
    lineage: Lineage | None = None,
) -> list[Change]:
    """The changes with the names of those who notice them.

    Args:
        changes: Changes of one product.
        contract: The contract before the change.
        node: Its model, None where none is known.
        manifest: The project; None without one.
        consumers: All registered consumers.
        lineage: What the project's columns are made of; without it all that is built from a
            direct reader is named with it.
    """
    found = readers(manifest, node, lineage) if manifest and node else []
    return [replace(change, hurt=_hurt(change, contract, found, consumers)) for change in changes]


def _hurt(
    change: Change, contract: Contract, found: Sequence[Reader], consumers: Sequence[Consumer]
) -> tuple[str, ...]:
    if change.kind == "safe":
        return ()
    noticed = [r for r in found if r.uses(change.columns)]
    direct = {r.name for r in noticed if not r.through}
    named = [
        r.words for r in noticed if not r.through or (r.through in direct and r.name not in direct)
    ]
    registered = [
        f"consumer {consumer.words}"
        for consumer in consumers
        if consumer.reads(contract)
        and (
            not change.columns
            or not consumer.columns
            or _lower(consumer.columns) & _lower(change.columns)
        )
    ]
    return (*named, *registered)


def readers(manifest: Manifest, node: Node, lineage: Lineage | None = None) -> list[Reader]:
    """Who reads a model: direct readers with the columns they name, then what they reach."""
    direct = [n for n in manifest.nodes.values() if node.unique_id in n.depends_on]
    macros = "\n".join(macro.sql for macro in own_macros(manifest)) + "\n"
    found = []
    for each in sorted(direct, key=lambda n: n.name):
        found.append(Reader(each.label, each.kind, columns_read(each, node, macros)))
        found += _reached(manifest, node, each, lineage)
    found += [Reader(x.name, "exposure", None) for x in _exposures(manifest, [node])]
    return list(dict.fromkeys(found))


def _reached(
    manifest: Manifest, product: Node, direct: Node, lineage: Lineage | None
) -> Iterator[Reader]:
    """What is built from a direct reader, each with the columns of the product it notices."""
    later = beyond(manifest, direct)
    between = {n.unique_id for n in (direct, *later)}
    columns = {
        n.unique_id: columns_reached(lineage, manifest, n, product, between) if lineage else None
        for n in (direct, *later)
    }
    for each in later:
        yield Reader(each.label, each.kind, columns[each.unique_id], direct.label)
    for exposure in _exposures(manifest, [direct, *later]):
        read = [columns[name] for name in exposure.depends_on if name in columns]
        known = [each for each in read if each is not None]
        all_known = frozenset[str]().union(*known) if len(known) == len(read) else None
        yield Reader(exposure.name, "exposure", all_known, direct.label)


def beyond(manifest: Manifest, node: Node) -> list[Node]:
    """Everything that is built from a model, nearest first."""
    found: dict[str, Node] = {}
    layer = [node.unique_id]
    while layer:
        fresh = [
            n
            for n in manifest.nodes.values()
            if n.unique_id not in found and set(layer) & set(n.depends_on)
        ]
        found.update({n.unique_id: n for n in fresh})
        layer = [n.unique_id for n in fresh]
    return list(found.values())


def _exposures(manifest: Manifest, nodes: Sequence[Node]) -> Iterator[Exposure]:
    names = {node.unique_id for node in nodes}
    for exposure in manifest.exposures.values():
        if names & set(exposure.depends_on):
            yield exposure
