"""What the page of one product tells, made ready for its template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mesh.build.nodes import Manifest
from mesh.contracts.model import Field
from mesh.site.catalogue import Catalogue, Product, slug, words
from mesh.site.columns import Ref
from mesh.site.history import Change, own_changes
from mesh.site.inputs import Consumer, Inputs, Sight
from mesh.site.levels import BROKEN, KEPT, State, states
from mesh.site.quality import Check, verdict
from mesh.site.samples import Answer, SampleQuery, sample_queries
from mesh.site.tables import Journey, Tables, short_name


@dataclass(frozen=True)
class Summary:
    """A product in short, as its card shows it; ``rows`` is None where not known."""

    product: Product
    rows: int | None
    quality: str
    levels_kept: int
    levels_broken: int


@dataclass(frozen=True)
class Place:
    """A column somewhere in the lineage; ``href`` is a path in the site or None."""

    table: str
    column: str
    href: str | None
    kind: str = ""


@dataclass(frozen=True)
class Trace:
    """The lineage of one column: what it is made of, where it enters, where it goes.

    ``tables`` are the nodes that it passes, for the picture.
    """

    column: str
    made_of: tuple[Place, ...]
    enters: tuple[Place, ...]
    goes_to: tuple[Place, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """All that the page of a product shows; None stands for what is not known."""

    columns: tuple[Field, ...]
    versions: tuple[Product, ...]
    successor: Product | None
    levels: tuple[State, ...]
    checks: tuple[Check, ...]
    verdict: str
    journey: Journey | None
    traces: tuple[Trace, ...] | None
    sights: tuple[Sight, ...]
    sights_from_contract: bool
    consumers: tuple[Consumer, ...] | None
    changes: tuple[Change, ...] | None
    samples: tuple[tuple[SampleQuery, Answer | None], ...]
    access: Mapping[str, str]
    migration: str
    extras: tuple[tuple[str, str], ...]


def summary_of(product: Product, inputs: Inputs, checks: Sequence[Check]) -> Summary:
    """A product in short."""
    published = inputs.summary.products if inputs.summary else ()
    rows = next((each.rows for each in published if each.table == product.relation), None)
    found = [state.state for state in states(product, inputs, checks)]
    return Summary(product, rows, verdict([*checks]), found.count(KEPT), found.count(BROKEN))


def view_of(
    product: Product,
    catalogue: Catalogue,
    inputs: Inputs,
    tables: Tables,
    checks: Sequence[Check],
) -> View:
    """All that the page of a product shows."""
    contract = product.contract
    known = inputs.consumers
    consumers = None if known is None else known.get(contract.address, ())
    queries = tuple(sample_queries([contract]))
    sights = (inputs.sights or {}).get(contract.address)
    latest = catalogue.latest(product)
    return View(
        columns=contract.table.columns,
        versions=catalogue.versions(product),
        successor=None if latest is product else latest,
        levels=tuple(states(product, inputs, checks)),
        checks=tuple(checks),
        verdict=verdict([*checks]),
        journey=tables.journey(product, consumers or ()),
        traces=_traces(product, catalogue, inputs),
        sights=tuple(_roles(contract.roles)) if sights is None else sights,
        sights_from_contract=sights is None,
        consumers=consumers,
        changes=_changes(product, inputs),
        samples=tuple((query, _answer(query, inputs)) for query in queries),
        access=inputs.access.get(contract.address, {}),
        migration=inputs.migrations.get(contract.address, "") if latest is not product else "",
        extras=tuple(_extras(contract.custom)),
    )


def _answer(query: SampleQuery, inputs: Inputs) -> Answer | None:
    """The answer to a query as it reads now; what was asked before it changed tells nothing."""
    answer = inputs.answers.get(query.key)
    return answer if answer and answer.digest == query.digest else None


def _roles(roles: Sequence[Mapping[str, Any]]) -> Iterator[Sight]:
    """What the contract itself says of roles."""
    for role in roles:
        yield Sight(
            role=str(role.get("role") or ""),
            access=str(role.get("access") or ""),
            description=" ".join(str(role.get("description") or "").split()),
        )


def _changes(product: Product, inputs: Inputs) -> tuple[Change, ...] | None:
    own = own_changes(product.contract)
    if inputs.changes is None:
        return own or None
    return (*own, *inputs.changes.get(product.contract.file, ()))


_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a name in camel case starts a new word."""

_TOLD = ("address", "sampleQueries", "changelog")
"""Custom properties that have a place of their own on the page."""


def _extras(custom: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in custom.items():
        if name not in _TOLD and isinstance(value, str | int | float | list):
            told = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield words(_HUMP.sub(" ", name).lower()), told


def _traces(product: Product, catalogue: Catalogue, inputs: Inputs) -> tuple[Trace, ...] | None:
    lineage, node = inputs.lineage, product.node
    if lineage is None or node is None:
        return None

    def place(ref: Ref) -> Place:
        return _place(ref, catalogue, inputs.manifest)

    found = []
    for column in product.contract.table.columns:
        ref = Ref(node.unique_id, column.name.lower())
        above, below = lineage.upstream(ref), lineage.downstream(ref)
        enters = [each for each in above if not lineage.made_of.get(each)]
        products = [each for each in below if each.node in catalogue.by_node]
        passed = {each.node for each in above | below} | {node.unique_id}
        found.append(
            Trace(
                column=column.name,
                made_of=tuple(place(each) for each in lineage.made_of.get(ref, ())),
                enters=tuple(place(each) for each in sorted(enters)),
                goes_to=tuple(place(each) for each in sorted(products)),
                tables=tuple(sorted(passed)),
            )
        )
    return tuple(found)


def _place(ref: Ref, catalogue: Catalogue, manifest: Manifest) -> Place:
    product = catalogue.by_node.get(ref.node)
    if product is not None:
        known = product.column_names.get(ref.column.lower())
        href = f"{product.page}#column-{slug(known)}" if known else product.page
        return Place(product.title, ref.column, href, "product")
    table = manifest.relation_of(ref.node)
    kind = ref.node.split(".", 1)[0]
    if table is None:
        return Place(ref.node, ref.column, None, kind)
    layer = "landed file" if kind == "source" else getattr(table, "layer", "") or kind
    return Place(short_name(table.name), ref.column, None, f"{table.domain} {layer}".strip())
