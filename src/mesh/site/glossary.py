"""The words of the mesh: what domains define in docs blocks, and business names of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mesh.build.nodes import Doc, Manifest
from mesh.site.catalogue import Catalogue, Product, slug, words

DOMAIN = "_domain"
"""How the names of the docs blocks end that describe a domain."""


@dataclass(frozen=True)
class Meaning:
    """One meaning of a term: whose it is, and the columns (product, column) that carry it."""

    text: str
    domain: str
    columns: tuple[tuple[Product, str], ...] = ()


@dataclass(frozen=True)
class Term:
    """A term with its meanings; several where domains or products mean different things."""

    name: str
    anchor: str
    meanings: tuple[Meaning, ...]


def domain_text(domain: str, manifest: Manifest) -> str:
    """What a domain says of itself: its docs block, else the description of its group."""
    doc = manifest.docs.get(f"{domain}{DOMAIN}")
    group = manifest.groups.get(domain)
    return " ".join((doc.text if doc else group.description if group else "").split())


def terms(catalogue: Catalogue, manifest: Manifest) -> tuple[Term, ...]:
    """All terms, in the order of the alphabet."""
    found: dict[str, dict[str, Meaning]] = {}
    names: dict[str, str] = {}
    for doc in sorted(manifest.docs.values(), key=lambda doc: doc.name):
        if doc.domain and not doc.name.endswith(DOMAIN):
            _add(found, names, words(doc.name), _of_doc(doc))
    for product in catalogue.products:
        for column in product.contract.table.columns:
            text = " ".join(column.description.split())
            if column.business_name and text:
                mark = Meaning(text, product.contract.domain, ((product, column.name),))
                _add(found, names, column.business_name, mark)
    return tuple(
        Term(names[key], f"term-{slug(key)}", tuple(found[key].values())) for key in sorted(found)
    )


def _of_doc(doc: Doc) -> Meaning:
    return Meaning(" ".join(doc.text.split()), doc.domain)


def _add(
    found: dict[str, dict[str, Meaning]], names: dict[str, str], name: str, meaning: Meaning
) -> None:
    """Add a meaning, together with the columns that had the same words before."""
    key = name.lower()
    names.setdefault(key, name)
    known = found.setdefault(key, {})
    before = known.get(meaning.text)
    columns = (*(before.columns if before else ()), *meaning.columns)
    known[meaning.text] = Meaning(
        meaning.text, before.domain if before else meaning.domain, columns
    )


def by_letter(found: Sequence[Term]) -> Mapping[str, list[Term]]:
    """The terms by their first letter."""
    letters: dict[str, list[Term]] = {}
    for term in found:
        first = term.name[:1].upper()
        letters.setdefault(first if first.isalpha() else "#", []).append(term)
    return letters
