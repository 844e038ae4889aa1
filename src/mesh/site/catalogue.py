"""The products of the site: each a contract with its model, and the page that tells of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mesh.build.nodes import Manifest, Node
from mesh.contracts.model import Contract

ENDED = ("deprecated", "retired")

CLASSES = {
    "direct": "Says who a person is: a name, an address, a number. Never in a product.",
    "free_text": "Text that people wrote; it may hold anything.",
    "sensitive": "Says something about a person that needs protection, as health or money.",
    "quasi": "Could say who a person is together with other facts, as age, area or a pseudonym.",
    "technical": "Says how and when the row came to be.",
    "none": "Says nothing about a person.",
}
"""The classes of columns, the most protected first."""


@dataclass(frozen=True)
class Product:
    """A product in one major version; ``node`` is None where the release does not hold it."""

    contract: Contract
    node: Node | None

    @property
    def page(self) -> str:
        """Its page, as a path in the site."""
        domain, name, major = self.contract.key
        return f"products/{slug(domain)}/{slug(name)}/v{major}.html"

    @property
    def title(self) -> str:
        """What people call it."""
        return self.contract.table.business_name or words(self.contract.product)

    @property
    def relation(self) -> str:
        """``schema.table``."""
        return self.contract.table.physical_name

    @property
    def summary(self) -> str:
        """What it is, in a few words."""
        purpose = str(self.contract.description.get("purpose") or "")
        return " ".join((purpose or self.contract.table.description).split())

    @property
    def ended(self) -> bool:
        """Whether it should not be started with any more."""
        return self.contract.status in ENDED or self.contract.deprecation_date is not None

    @cached_property
    def column_names(self) -> Mapping[str, str]:
        """The names of its columns by what they are in lower case."""
        return {each.name.lower(): each.name for each in self.contract.table.columns}

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The classes of its columns that are about people, the most protected first."""
        found = {column.classification or "none" for column in self.contract.table.columns}
        known = [name for name in CLASSES if name in found - {"none", "technical"}]
        return (*known, *sorted(found - set(CLASSES)))


class Catalogue:
    """The products by domain, name and version.

    Args:
        contracts: The contracts; those without a table are no products.
        manifest: The models that were published.
    """

    def __init__(self, contracts: Sequence[Contract], manifest: Manifest) -> None:
        self._manifest = manifest
        nodes = {node.relation: node for node in manifest.products}
        described = sorted((c for c in contracts if c.tables), key=lambda c: c.key)
        self.products = tuple(Product(c, nodes.get(c.table.physical_name)) for c in described)
        self.by_node: Mapping[str, Product] = {p.node.unique_id: p for p in self.products if p.node}
        self.undescribed = tuple(
            node for node in manifest.products if node.unique_id not in self.by_node
        )
        self._versions: dict[tuple[str, str], list[Product]] = {}
        for product in self.products:
            self._versions.setdefault(product.contract.key[:2], []).append(product)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains that have products."""
        return tuple(sorted({product.contract.domain for product in self.products}))

    def of_domain(self, domain: str) -> tuple[Product, ...]:
        """The products of a domain, those that live on first."""
        own = [product for product in self.products if product.contract.domain == domain]
        return tuple(sorted(own, key=lambda product: (product.ended, product.title.lower())))

    def neighbours(self, domain: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The domains whose products a domain reads, and those that read its own."""
        reads: set[str] = set()
        read_by: set[str] = set()
        for node in self._manifest.models:
            for each in node.depends_on:
                before = self.by_node.get(each)
                pair = (before.contract.domain, node.domain) if before else (domain, domain)
                if pair[0] != pair[1]:
                    reads |= {pair[0]} if node.domain == domain else set()
                    read_by |= {node.domain} if pair[0] == domain else set()
        return tuple(sorted(reads)), tuple(sorted(read_by))

    def versions(self, product: Product) -> tuple[Product, ...]:
        """The major versions of a product, the newest first."""
        return tuple(reversed(self._versions[product.contract.key[:2]]))

    def latest(self, product: Product) -> Product:
        """The version to start with: the newest that has no end, else the newest."""
        found = self.versions(product)
        return next((each for each in found if not each.ended), found[0])


def slug(text: str) -> str:
    """A text as a part of a path: different texts stay different."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda found: f"-{ord(found[0]):x}-", text) or "-"


def words(name: str) -> str:
    """A name in snake case as words."""
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def domain_page(domain: str) -> str:
    """The page of a domain, as a path in the site."""
    return f"domains/{slug(domain)}.html"
