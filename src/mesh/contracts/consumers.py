"""Who relies on a product: the register ``access/consumers.yml``.

One entry for a consumer and a product::

    consumers:
      - consumer: Receivables desk
        product: data://fintech/claims/v1
        columns: [claim_id, outstanding_amount]   # left out: all of them
        contact: receivables@example.org
        acknowledged: [v2]                        # versions it has agreed to go on with
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.contracts.document import Document, read
from mesh.contracts.finding import Finding
from mesh.contracts.model import Contract
from mesh.core.printable import shortened

FILE = "access/consumers.yml"
PRODUCT = re.compile(r"(data://)?([^/\s]+/)?[^/\s]+(/v[0-9]{1,9})?/?")
"""A product by its address, by domain and name, or by name."""
VERSION = re.compile(r"v?[0-9]{1,9}(\.[0-9]+){0,2}")
FIELDS = ("consumer", "product", "version", "columns", "contact", "acknowledged", "purpose")


@dataclass(frozen=True)
class Consumer:
    """A consumer of a product in one major version.

    ``columns`` are those it uses, empty for all; ``acknowledged`` the major versions that it has
    agreed to go on with.
    """

    name: str
    domain: str
    product: str
    major: int | None
    columns: tuple[str, ...]
    contact: str
    acknowledged: tuple[int, ...]
    place: tuple[int, int] = (0, 0)

    @property
    def words(self) -> str:
        """The consumer as a message names it."""
        return f"{self.name} ({self.contact})"

    def reads(self, contract: Contract) -> bool:
        """Whether it relies on this product in this major version."""
        named = self.product in (contract.product, *(t.name for t in contract.tables))
        placed = not self.domain or self.domain == contract.domain
        return named and placed and self.major in (None, contract.major)

    def left_behind(self, contract: Contract, contracts: Iterable[Contract]) -> bool:
        """Whether the end of this version leaves it without one that it goes on with.

        Args:
            contract: The version that ends.
            contracts: All contracts; to agree to a version that none of them has counts nothing.
        """
        later = {v for v in versions_of(contract, contracts) if v > contract.major}
        return self.reads(contract) and not later & set(self.acknowledged)


def versions_of(contract: Contract, contracts: Iterable[Contract]) -> set[int]:
    """The major versions that there are of the product of a contract."""
    return {each.major for each in contracts if each.key[:2] == contract.key[:2]}


def read_consumers(root: Path) -> tuple[list[Consumer], list[Finding]]:
    """The consumers that are registered, and what is wrong with the register."""
    path = root / FILE
    if not path.is_file():
        return [], []
    document, findings = read(path, FILE)
    if document.root is None:
        return [], findings
    entries = document.data.get("consumers") if isinstance(document.data, Mapping) else None
    if not isinstance(entries, list):
        return [], [
            *findings,
            _finding(
                document,
                (),
                "C561",
                "the register lists no consumers",
                "consumers: [...]",
                "list them under `consumers`",
            ),
        ]
    consumers = []
    for index, entry in enumerate(entries):
        made = _consumer(document, index, entry)
        findings += made if isinstance(made, list) else []
        consumers += [made] if isinstance(made, Consumer) else []
    return consumers, findings


def _consumer(document: Document, index: int, entry: Any) -> Consumer | list[Finding]:
    path = ("consumers", index)
    if not isinstance(entry, Mapping):
        return [
            _finding(
                document,
                path,
                "C561",
                "the entry is no mapping",
                ", ".join(FIELDS),
                "give consumer, product and contact",
            )
        ]
    wrong = [
        _finding(
            document,
            (*path, name),
            "C561",
            f"the field `{name}` is not known here",
            ", ".join(FIELDS),
            "see its spelling",
        )
        for name in entry
        if name not in FIELDS
    ]
    missing = [name for name in ("consumer", "product", "contact") if not entry.get(name)]
    if missing:
        wrong.append(
            _finding(
                document,
                path,
                "C561",
                f"{', '.join(missing)} is missing",
                "consumer, product and contact",
                "add it",
            )
        )
    wrong += [
        _finding(
            document,
            (*path, name),
            "C561",
            f"{shortened(str(value))!r} is no {what}",
            form,
            "see its spelling",
        )
        for name, value, what, form in _unreadable(entry)
    ]
    if wrong:
        return wrong
    domain, product, major = _address(str(entry["product"]))
    given = _major(entry.get("version"))
    return Consumer(
        name=str(entry["consumer"]),
        domain=domain,
        product=product,
        major=given if given is not None else major,
        columns=tuple(str(c) for c in _listed(entry.get("columns"))),
        contact=str(entry["contact"]),
        acknowledged=tuple(v for v in map(_major, _listed(entry.get("acknowledged"))) if v),
        place=document.place(path),
    )


def _unreadable(entry: Mapping[str, Any]) -> Iterator[tuple[str, Any, str, str]]:
    """What would be read as something else: the field, its value, what it is not, and a form."""
    product = entry.get("product")
    if product and not PRODUCT.fullmatch(str(product)):
        yield "product", product, "address of a product", "data://<domain>/<product>/v<major>"
    versions = [("version", entry.get("version"))]
    versions += [("acknowledged", each) for each in _listed(entry.get("acknowledged"))]
    for name, value in versions:
        if value is not None and (isinstance(value, bool) or not VERSION.fullmatch(str(value))):
            yield name, value, "version", "a major version, as v2"
    major, given = _address(str(product))[2], _major(entry.get("version"))
    if None not in (major, given) and major != given:
        yield "version", given, f"version of {product}", "one of the two"


def _address(text: str) -> tuple[str, str, int | None]:
    """Domain, product and major version of an address, also without its scheme."""
    parts = text.removeprefix("data://").strip("/").split("/")
    major = (
        _major(parts.pop()) if len(parts) > 1 and re.fullmatch(r"v[0-9]{1,9}", parts[-1]) else None
    )
    return ("", parts[0], major) if len(parts) == 1 else (parts[0], parts[1], major)


def _major(value: Any) -> int | None:
    match = re.match(r"v?([0-9]{1,9})(?![0-9])", str(value)) if value is not None else None
    return int(match[1]) if match else None


def _listed(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _finding(
    document: Document, path: tuple[str | int, ...], code: str, found: str, expected: str, hint: str
) -> Finding:
    line, column = document.place(path)
    return Finding(document.file, line, column, code, "", found, expected, hint)


def unknown_uses(consumers: Sequence[Consumer], contracts: Sequence[Contract]) -> Iterator[Finding]:
    """Consumers of a product, a version or a column that is not there, or that agree to none."""
    for consumer in consumers:
        used = [contract for contract in contracts if consumer.reads(contract)]
        if not used:
            yield _unknown(
                consumer,
                "C562",
                f"there is no product {'/'.join(filter(None, (consumer.domain, consumer.product)))}"
                + (f" in version {consumer.major}" if consumer.major else ""),
                "the address of a product",
                "`./mesh product list` shows them; while one uses a version, it stays",
            )
        for contract in used:
            known = {c.name.lower() for table in contract.tables for c in table.columns}
            for name in sorted(each for each in consumer.columns if each.lower() not in known):
                yield _unknown(
                    consumer,
                    "C563",
                    f"{contract.address} has no column {name}",
                    "columns of the product",
                    f"see {contract.file}",
                    contract.product,
                )
        there = {version for contract in used for version in versions_of(contract, contracts)}
        for version in sorted(set(consumer.acknowledged) - there) if used else ():
            yield _unknown(
                consumer,
                "C564",
                f"it has agreed to go on with v{version}, which no contract has",
                "versions of the product: " + ", ".join(f"v{each}" for each in sorted(there)),
                "have it agree to one of them, or publish that version",
                used[0].product,
            )


def _unknown(
    consumer: Consumer, code: str, found: str, expected: str, hint: str, product: str = ""
) -> Finding:
    return Finding(
        FILE, *consumer.place, code, consumer.name, found, expected, hint, product=product
    )
