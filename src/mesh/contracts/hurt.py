"""Who notices a change: models and exposures downstream, and registered consumers.

:func:`readers` is the one place that looks into lineage. It reads which columns of a product the
SQL of a direct reader names; what reads that model in turn is named as reached through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import jinja2
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mesh.build.nodes import Exposure, Manifest, Node
from mesh.checks.style.rules import own_macros
from mesh.checks.style.sql import render
from mesh.contracts.changes import Change
from mesh.contracts.consumers import Consumer
from mesh.contracts.model import Contract


@dataclass(frozen=True)
class Reader:
    """A model or exposure that reads a product.

    ``columns`` are those it names; None where it reads all of them or its text does not tell.
    ``through`` is the model by which it is reached, empty for a direct reader.
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
        return self.columns is None or not columns or bool(self.columns & set(columns))


def with_hurt(
    changes: Iterable[Change],
    contract: Contract,
    node: Node | None,
    manifest: Manifest | None,
    consumers: Sequence[Consumer],
) -> list[Change]:
    """The changes with the names of those who notice them.

    Args:
        changes: Changes of one product.
        contract: The contract before the change.
        node: Its model, None where none is known.
        manifest: The project; None without one.
        consumers: All registered consumers.
    """
    found = readers(manifest, node) if manifest and node else []
    return [replace(change, hurt=_hurt(change, contract, found, consumers)) for change in changes]


def _hurt(
    change: Change, contract: Contract, found: Sequence[Reader], consumers: Sequence[Consumer]
) -> tuple[str, ...]:
    if change.kind == "safe":
        return ()
    direct = {r.name for r in found if not r.through and r.uses(change.columns)}
    named = [
        r.words for r in found if r.uses(change.columns) and (not r.through or r.through in direct)
    ]
    registered = [
        f"consumer {consumer.words}"
        for consumer in consumers
        if consumer.reads(contract)
        and (
            not change.columns
            or not consumer.columns
            or set(consumer.columns) & set(change.columns)
        )
    ]
    return (*named, *registered)


def readers(manifest: Manifest, node: Node) -> list[Reader]:
    """Who reads a model: direct readers with the columns they name, then what they reach."""
    direct = [n for n in manifest.nodes.values() if node.unique_id in n.depends_on]
    macros = "\n".join(macro.sql for macro in own_macros(manifest)) + "\n"
    found = []
    for each in sorted(direct, key=lambda n: n.name):
        columns = columns_read(each, node, macros)
        found.append(Reader(each.label, each.kind, columns))
        beyond = _beyond(manifest, each)
        found += [Reader(n.label, n.kind, columns, each.label) for n in beyond if n not in direct]
        found += [
            Reader(x.name, "exposure", columns, each.label)
            for x in _exposures(manifest, [each, *beyond])
        ]
    found += [Reader(x.name, "exposure", None) for x in _exposures(manifest, [node])]
    return list(dict.fromkeys(found))


def _beyond(manifest: Manifest, node: Node) -> list[Node]:
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


def columns_read(reader: Node, product: Node, macros: str) -> frozenset[str] | None:
    """The columns of ``product`` that the SQL of ``reader`` names; None for all, or unknown."""
    try:
        query = sqlglot.parse_one(
            reader.compiled_code or render(reader.raw_code, macros), read="trino"
        )
    except (SqlglotError, jinja2.TemplateError, RecursionError):
        return None
    names = {product.name.lower(), product.table.lower()}
    found: set[str] = set()
    for select in query.find_all(exp.Select):
        sources = _sources(select)
        mine = {alias for alias, table in sources.items() if table in names}
        if not mine:
            continue
        columns = _named(select, mine, alone=len(sources) == 1)
        if columns is None:
            return None
        found |= columns
    return frozenset(found)


def _sources(select: exp.Select) -> dict[str, str]:
    """The relations of a select: alias to the name of the table, empty for another query."""
    first = select.args.get("from_") or select.args.get("from")
    relations = [first.this] if first else []
    relations += [join.this for join in select.args.get("joins") or ()]
    return {
        r.alias_or_name.lower(): r.name.lower() if isinstance(r, exp.Table) else ""
        for r in relations
    }


def _named(select: exp.Select, mine: set[str], *, alone: bool) -> set[str] | None:
    """The columns that a select names of its sources ``mine``; None if it takes all."""
    found: set[str] = set()
    for star in select.find_all(exp.Star):
        if isinstance(star.parent, exp.Select | exp.Column):
            return None
    for column in select.find_all(exp.Column):
        table = column.table.lower()
        if table in mine or (not table and alone):
            found.add(column.name.lower())
        elif not table:
            found.add(column.name.lower())  # of either side: rather one too many
    return found
