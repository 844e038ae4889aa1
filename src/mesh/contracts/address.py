"""Addresses of data products: ``data://<domain>/<product>/v<major>`` and what they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path

from mesh.contracts.model import SCHEME, Contract
from mesh.contracts.project import readable_contracts
from mesh.contracts.snippets import Place, snippets
from mesh.core.errors import MeshError
from mesh.core.paths import ROOT

ADDRESS = re.compile(r"data://([a-z][a-z0-9_-]*)/([A-Za-z0-9_.-]+)(?:/v([0-9]{1,9}))?/?")
LIVE = "live"
MAIN = "main"


class UnknownProduct(MeshError):
    """No product has that name or address."""


@dataclass(frozen=True)
class Resolved:
    """Where a product is and how to reach it.

    Attributes:
        reference: The branch or the release of the lake that is read.
        catalog: The Trino catalog that shows it.
        snippets: Ready-to-run access by tool: ``trino-sql``, ``trino-python``, ``pyiceberg`` and
            ``duckdb``. Python reads addresses and secrets through the toolset, so none is in it.
    """

    address: str
    domain: str
    product: str
    version: str
    status: str
    deprecation_date: str | None
    catalog: str
    schema: str
    table: str
    reference: str
    contract: str
    owner: str
    support: tuple[str, ...]
    snippets: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        """As an object of the JSON output."""
        return asdict(self)


def resolve(address: str, release: str | None = None, root: Path = ROOT) -> Resolved:
    """What an address leads to; no engine is asked.

    Args:
        address: The address. Without a version it is the newest that is not deprecated.
        release: A release of the lake to read instead of what is live.
        root: The project with the contracts.

    Raises:
        UnknownProduct: No contract has that address; the hint names near ones.
    """
    contract = find_contract(address, root)
    schema, _, table = contract.table.physical_name.rpartition(".")
    reference = release if release and release != LIVE else MAIN
    catalog = catalog_for(reference)
    place = Place(catalog, schema, table, reference)
    end = contract.deprecation_date
    return Resolved(
        address=contract.address,
        domain=contract.domain,
        product=contract.product,
        version=contract.version,
        status=contract.status,
        deprecation_date=end.isoformat() if end else None,
        catalog=catalog,
        schema=schema,
        table=table,
        reference=reference,
        contract=contract.file,
        owner=contract.owner,
        support=tuple(str(each.get("channel")) for each in contract.support),
        snippets=snippets(place),
    )


def catalog_for(reference: str) -> str:
    """The catalog that shows a branch or release; `mesh branches --attach` makes it."""
    from mesh.lake.branches import attached_catalog

    return "lake" if reference == MAIN else attached_catalog(reference)


def find_contract(name: str, root: Path = ROOT) -> Contract:
    """The contract of a product by address, ``domain/product``, product or model name.

    Raises:
        UnknownProduct: There is none, or a name means several.
    """
    return pick(name, readable_contracts(root))


def pick(name: str, contracts: Sequence[Contract]) -> Contract:
    """The contract that a name means, as :func:`find_contract` does."""
    domain, product, major = _parts(name)
    named = [c for c in contracts if _called(c, domain, product)]
    if not named:
        raise UnknownProduct(
            f"there is no product {name}",
            expected=f"an address like {SCHEME}<domain>/<product>/v<major>",
            hint=_near(name, contracts),
        )
    if len({contract.key[:2] for contract in named}) > 1:
        raise UnknownProduct(
            f"{name} means several products", expected=", ".join(sorted(c.address for c in named))
        )
    if major is None:
        living = [c for c in named if c.status not in ("deprecated", "retired")] or named
        return max(living, key=lambda c: c.major)
    found = next((c for c in named if c.major == major), None)
    if found is None:
        versions = ", ".join(sorted(c.address for c in named))
        raise UnknownProduct(
            f"there is no version {major} of {named[0].product}", expected=versions
        )
    return found


def _parts(name: str) -> tuple[str, str, int | None]:
    match = ADDRESS.fullmatch(name)
    if match:
        return match[1], match[2], int(match[3]) if match[3] else None
    parts = name.removeprefix(SCHEME).strip("/").split("/")
    version = re.fullmatch(r"v([0-9]{1,9})", parts[-1]) if len(parts) > 1 else None
    parts = parts[:-1] if version else parts
    domain = parts[0] if len(parts) > 1 else ""
    return domain, parts[-1], int(version[1]) if version else None


def _called(contract: Contract, domain: str, product: str) -> bool:
    names = {contract.product, contract.id, *(t.name for t in contract.tables)}
    names |= {t.physical_name.rpartition(".")[2] for t in contract.tables}
    return product in names and domain in ("", contract.domain)


def _near(name: str, contracts: Iterable[Contract]) -> str:
    known = {contract.address: contract.address for contract in contracts}
    known |= {contract.product: contract.address for contract in contracts}
    known |= {contract.table.name: contract.address for contract in contracts}
    wanted = [_parts(name)[1], name]
    hits = [known[hit] for each in wanted for hit in get_close_matches(each, known, 3, 0.5)]
    near = list(dict.fromkeys(hits))[:3]
    return f"did you mean {', '.join(near)}?" if near else "`./mesh product list` shows all"
