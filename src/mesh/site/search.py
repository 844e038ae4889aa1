"""The index that the search of the site reads: a script, because a file on disk fetches nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mesh.site.catalogue import Catalogue
from mesh.site.glossary import Term

LONGEST = 120
"""Characters of a text that are kept to search in and to show."""


def index(catalogue: Catalogue, terms: Sequence[Term]) -> str:
    """A script that sets ``MESH_INDEX``.

    ``products`` are (title, address, page, domain, status, what it is); ``columns`` are (name,
    business name, numbers of the products that have it); ``terms`` are (name, anchor, meaning).
    """
    products = [
        [
            product.title,
            product.contract.address,
            product.page,
            product.contract.domain,
            product.contract.status,
            short(product.summary),
            product.relation.rpartition(".")[2],
        ]
        for product in catalogue.products
    ]
    columns: dict[tuple[str, str], list[int]] = {}
    for number, product in enumerate(catalogue.products):
        for column in product.contract.table.columns:
            columns.setdefault((column.name, column.business_name), []).append(number)
    content = {
        "products": products,
        "columns": [[*names, numbers] for names, numbers in sorted(columns.items())],
        "terms": [[term.name, term.anchor, short(term.meanings[0].text)] for term in terms],
    }
    # ASCII and without "<": right in a script whatever a contract says.
    text = json.dumps(content, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.MESH_INDEX={text};\n"


def short(text: str, longest: int = LONGEST) -> str:
    """A text, cut at a word where it is long."""
    if len(text) <= longest:
        return text
    return text[:longest].rpartition(" ")[0].rstrip(",;:.") + " …"
