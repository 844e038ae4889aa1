"""Makes every page from the inputs: gives (path in the site, text), and writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mesh.site import glossary, search
from mesh.site.catalogue import CLASSES, Catalogue, Product, domain_page, slug, words
from mesh.site.inputs import Inputs
from mesh.site.levels import moment
from mesh.site.product import Summary, summary_of, view_of
from mesh.site.quality import checks_by_product
from mesh.site.tables import Tables

HERE = Path(__file__).resolve().parent
ASSETS = ("site.css", "site.js")
INDEX = "search-index.js"


def pages(inputs: Inputs) -> Iterator[tuple[str, str]]:
    """Every file of the site with its text, in a fixed order."""
    site = _Site(inputs)
    yield from site.assets()
    yield from site.front()
    yield from site.of_domains()
    yield from site.of_products()


class _Site:
    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.catalogue = Catalogue(inputs.contracts, inputs.manifest)
        self.terms = glossary.terms(self.catalogue, inputs.manifest)
        self.tables = Tables(inputs.manifest, self.catalogue, inputs.links.documentation)
        self.checks = checks_by_product(self.catalogue, inputs)
        self.cards = {
            product.page: summary_of(product, inputs, self.checks[product.page])
            for product in self.catalogue.products
        }
        self.environment = _environment(inputs, self.catalogue)

    def render(self, template: str, path: str, **values: Any) -> tuple[str, str]:
        root = "../" * path.count("/")
        text = self.environment.get_template(template).render(root=root, path=path, **values)
        return path, text

    def assets(self) -> Iterator[tuple[str, str]]:
        for name in ASSETS:
            yield f"assets/{name}", (HERE / "assets" / name).read_text(encoding="utf-8")
        yield INDEX, search.index(self.catalogue, self.terms)

    def cards_of(self, domain: str) -> list[Summary]:
        return [self.cards[product.page] for product in self.catalogue.of_domain(domain)]

    def front(self) -> Iterator[tuple[str, str]]:
        domains = [(domain, self.about(domain), self.cards_of(domain)) for domain in self.domains]
        yield self.render("home.html", "index.html", domains=domains)
        letters = glossary.by_letter(self.terms)
        yield self.render("glossary.html", "glossary.html", letters=letters)
        yield self.render("addresses.html", "addresses.html", products=self.catalogue.products)

    @property
    def domains(self) -> tuple[str, ...]:
        return self.catalogue.domains

    def about(self, domain: str) -> str:
        return glossary.domain_text(domain, self.inputs.manifest)

    def of_domains(self) -> Iterator[tuple[str, str]]:
        summary = self.inputs.summary
        for domain in self.domains:
            arrivals = [a for a in summary.arrivals if a.domain == domain] if summary else []
            yield self.render(
                "domain.html",
                domain_page(domain),
                domain=domain,
                about=self.about(domain),
                group=self.inputs.manifest.groups.get(domain),
                neighbours=self.catalogue.neighbours(domain),
                cards=self.cards_of(domain),
                arrival=arrivals[0] if arrivals and arrivals[0].rows else None,
                terms=[t for t in self.terms if any(m.domain == domain for m in t.meanings)],
            )

    def of_products(self) -> Iterator[tuple[str, str]]:
        for product in self.catalogue.products:
            view = view_of(
                product, self.catalogue, self.inputs, self.tables, self.checks[product.page]
            )
            card = self.cards[product.page]
            yield self.render("product.html", product.page, product=product, view=view, card=card)
            name = product.contract.product
            latest = self.catalogue.latest(product)
            if latest is product:
                folder = product.page.rpartition("/")[0]
                yield self.render("latest.html", f"{folder}/index.html", product=product, name=name)


def _environment(inputs: Inputs, catalogue: Catalogue) -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "words": words,
        "moment": moment,
        "short": search.short,
        "slug": slug,
        "safe_url": safe_url,
        "paragraphs": paragraphs,
        "markdown": markdown,
        "thousands": lambda number: f"{number:,}",
        "iso": lambda time: time.isoformat() if isinstance(time, datetime) else "",
        "domain_page": domain_page,
        "column_anchor": lambda name: f"column-{slug(name)}",
        "hue": hue,
    }
    made.globals |= {
        "inputs": inputs,
        "catalogue": catalogue,
        "classes": CLASSES,
        "page_of": _page_of,
    }
    return made


def _page_of(product: Product) -> str:
    return product.page


def safe_url(url: object) -> str:
    """A link that a contract names, if it only leads somewhere; else nothing."""
    text = str(url).strip()
    try:
        scheme = urlsplit(text).scheme
    except ValueError:
        return ""
    return quote(text, safe=":/?#[]@!$&'()*+,;=%~") if scheme in ("http", "https", "mailto") else ""


def paragraphs(text: object) -> list[str]:
    """The paragraphs of a text."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", str(text)) if part.strip()]


def markdown(text: str) -> Markup:
    """A note in Markdown as HTML, below a heading of level 3; HTML and links in it stay text."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False})
    reader.disable(["link", "image", "autolink", "html_block", "html_inline", "entity"])
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + 3, 6)}"
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704  # escaped above


def hue(domain: str) -> int:
    """A colour for a domain, one of eight and the same on every page."""
    return sum(ord(letter) * (at + 1) for at, letter in enumerate(domain)) % 8
