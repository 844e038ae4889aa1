"""What the site is made from. Everything is given, so the same inputs give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mesh.build.manifest import Manifest, RunResults
from mesh.build.summary import Summary
from mesh.contracts.model import Contract
from mesh.site.columns import ColumnLineage
from mesh.site.history import Change
from mesh.site.readings import Readings
from mesh.site.samples import Answers


@dataclass(frozen=True)
class Published:
    """The release that the site shows; ``at`` is None where nobody knows when it was published."""

    tag: str
    at: datetime | None = None


@dataclass(frozen=True)
class Consumer:
    """Somebody who relies on a product; no ``columns`` stands for all of them."""

    name: str
    contact: str
    columns: tuple[str, ...] = ()
    purpose: str = ""
    goes_on_with: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sight:
    """What a role sees of a product: ``how`` by column, for those it does not see as they are."""

    role: str
    access: str
    description: str = ""
    rows: str = ""
    how: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Links:
    """Pages of other tools that lie in the same folder, as paths in it; None where left out."""

    documentation: str | None = None
    quality: str | None = None


@dataclass(frozen=True)
class Inputs:
    """All that pages are made from.

    What is optional is None where it is not known; the pages then say so. Times are in UTC.

    Attributes:
        written_at: When the pages are made; ages are counted up to it.
        loaded_at: When the newest rows of a table had been loaded, by ``schema.table``.
        consumers: By the address of the product.
        sights: Who may see what, by the address of the product.
        changes: What happened to a contract, youngest first, by its file.
        answers: How sample queries were answered, by address and name of the query.
        readings: How often a product answered in the last month, by its address.
        access: Ready-to-run access by tool, by the address of the product.
        migrations: How to leave a version for its successor, by the address of the old one.
        left_out: What could not be had, each as a sentence.
    """

    contracts: tuple[Contract, ...]
    manifest: Manifest
    written_at: datetime
    release: Published | None = None
    summary: Summary | None = None
    results: RunResults | None = None
    loaded_at: Mapping[str, datetime] = field(default_factory=dict)
    consumers: Mapping[str, tuple[Consumer, ...]] | None = None
    sights: Mapping[str, tuple[Sight, ...]] | None = None
    lineage: ColumnLineage | None = None
    changes: Mapping[str, tuple[Change, ...]] | None = None
    answers: Answers = field(default_factory=dict)
    readings: Mapping[str, Readings] = field(default_factory=dict)
    access: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    migrations: Mapping[str, str] = field(default_factory=dict)
    links: Links = Links()
    left_out: tuple[str, ...] = ()
