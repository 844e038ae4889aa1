"""What is wrong with one contract file, whoever wrote it, and with several side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

from mesh.contracts import standard
from mesh.contracts.document import Document, Key, read
from mesh.contracts.finding import Finding, errors
from mesh.contracts.model import Contract, contract_of, owner_of
from mesh.contracts.rules import RULES
from mesh.core.printable import shortened

MAX_FINDINGS = 200
"""Errors of one file that are told, and warnings."""
MAX_NAME = 60
"""Characters of a name for which a near one is sought: that takes longer than the name is long."""
READABLE = ("v3.1.0", "v3.0.2", "v3.0.1", "v3.0.0")
"""Versions of the standard that the published schema of 3.1 describes."""
LATEST = 1
"""The minor version of the latest of them."""

SHAPES = {"data_product": "data_product", "dataset": "dataset"}
"""A key of the root by which an older shape is known."""


@dataclass
class Look:
    """A look at one document: what it is, and where findings go."""

    document: Document
    findings: list[Finding] = field(default_factory=list)

    @property
    def later(self) -> bool:
        """Whether its version of the standard came after the schema that is known here."""
        return _is_later(self.document.data.get("apiVersion"))

    def __post_init__(self) -> None:
        self._told = Counter(each.severity for each in self.findings)

    @property
    def full(self) -> bool:
        """Whether as many errors were found as are told; warnings take no room from them."""
        return self._told["error"] >= MAX_FINDINGS

    def hint(self, name: str, known: Iterable[str], otherwise: str) -> str:
        """The nearest of the known names, if one is near and is still told; else other words."""
        if len(self.findings) >= MAX_FINDINGS or len(name) > MAX_NAME:
            return otherwise
        near = get_close_matches(name, known, 1)
        return f"did you mean `{near[0]}`?" if near else otherwise

    def tell(
        self,
        code: str,
        path: tuple[Key, ...],
        found: str,
        expected: str,
        hint: str,
        *,
        key: bool = False,
        element: str | None = None,
        severity: str = "error",
    ) -> None:
        """Add a finding at ``path``."""
        if self._told[severity] >= MAX_FINDINGS:
            return
        self._told[severity] += 1
        line, column = self.document.place(path, key=key)
        name = element if element is not None else dotted(self.document.data, path)
        self.findings.append(
            Finding(self.document.file, line, column, code, name, found, expected, hint, severity)
        )


def lint_file(path: Path, shown: str | None = None) -> tuple[Contract | None, list[Finding]]:
    """Look at one contract file; the contract is None where an error was found."""
    document, found = read(path, shown)
    return lint(document, found)


def lint(
    document: Document, found: Sequence[Finding] = ()
) -> tuple[Contract | None, list[Finding]]:
    """Look at a document that was read; ``found`` is what reading it found."""
    look = Look(document, list(found))
    if document.root is not None:
        _look(look)
    contract = None if errors(look.findings) else contract_of(document)
    product = shortened(contract.product) if contract else _name_of(document.data)
    named = [_with_product(each, product) for each in look.findings]
    return contract, sorted(named, key=lambda f: (f.line, f.column, f.code))


def lint_files(paths: Iterable[Path]) -> tuple[list[Contract], list[Finding]]:
    """Look at several files, and at what they say together."""
    contracts, findings = [], []
    for path in paths:
        contract, found = lint_file(path)
        findings += found
        contracts += [contract] if contract else []
    return contracts, [*findings, *collisions(contracts)]


def collisions(contracts: Sequence[Contract]) -> Iterator[Finding]:
    """Two contracts that claim one table, or are one product in one version."""
    tables: dict[tuple[str, str], Contract] = {}
    products: dict[tuple[str, str, int], Contract] = {}
    for contract in contracts:
        twin = products.setdefault(contract.key, contract)
        if twin is not contract:
            yield _collision(
                contract,
                ("version",),
                "C321",
                contract.address,
                f"{twin.file} is the same product in the same major version",
                "one file for a product and major version",
                "remove one of the two, or give it the next major version",
            )
        for table in contract.tables:
            claim = (_place_of(contract), table.physical_name.lower())
            first = tables.setdefault(claim, contract)
            if first is not contract:
                field_name = "physicalName" if "physicalName" in table.raw else "name"
                yield _collision(
                    contract,
                    (*table.path, field_name),
                    "C320",
                    table.physical_name,
                    f"the table {table.physical_name} is claimed by {first.file} too",
                    "one product for a table",
                    f"name another table, or let {first.product} own it",
                )


def _place_of(contract: Contract) -> str:
    """What tells equal table names apart: the first server that is named."""
    servers = contract.raw.get("servers")
    first = servers[0] if isinstance(servers, list) and servers else {}
    if not isinstance(first, Mapping):
        return ""
    parts = ("type", "host", "account", "project", "catalog", "database", "dataset", "schema")
    return "/".join(str(first.get(name, "")) for name in parts)


def _collision(
    contract: Contract, path: tuple[Key, ...], code: str, element: str, *words: str
) -> Finding:
    line, column = contract.place(path)
    found, expected, hint = words
    return Finding(
        contract.file, line, column, code, element, found, expected, hint, product=contract.product
    )


def dotted(data: Any, path: Sequence[Key]) -> str:
    """A path in words, with the names of columns and tables in place of their numbers."""
    words: list[str] = []
    for step in path:
        if isinstance(data, Mapping):
            data = data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            data = None
        if not isinstance(step, int):
            words.append(shortened(step))
            continue
        name = data.get("name") or data.get("property") if isinstance(data, Mapping) else None
        named = shortened(name) if isinstance(name, str) else step
        words[-1:] = [f"{words[-1] if words else ''}[{named}]"]
    return ".".join(words)


def _name_of(data: Any) -> str:
    found = (data.get("name") or data.get("id")) if isinstance(data, Mapping) else None
    return shortened(found) if isinstance(found, str) else ""


def _with_product(finding: Finding, product: str) -> Finding:
    from dataclasses import replace

    return replace(finding, product=product)


def _look(look: Look) -> None:
    raw = look.document.data
    if not isinstance(raw, Mapping):
        hint = "start with apiVersion, kind, id, version and status"
        look.tell("C204", (), "the file holds no mapping", "a data contract", hint)
        return
    if not _is_contract(look, raw):
        return
    _unknown(look, raw)
    refused = [] if look.later else list(islice(standard.violations(raw), MAX_FINDINGS))
    if owner_of(raw) == "":
        team: tuple[Key, ...] = ("team",) if "team" in raw else ()
        hint = "add `team: {name: …}` with who answers for the product"
        look.tell("C307", team, "no owner is named", "a team with a name", hint, element="team")
    for rule in RULES:
        if not look.full:
            rule(look)
    untold = [each for each in refused if not _told(look, each[0])]
    for path, found, expected in untold:
        look.tell("C203", path, found, expected, "see the line and the standard's documentation")


def _is_later(version: Any) -> bool:
    """Whether this is a version of the standard that came after its schema here."""
    found = re.fullmatch(r"v3\.([0-9]{1,4})\.[0-9]{1,4}", str(version))
    return found is not None and version not in READABLE and int(found[1]) >= LATEST


def _told(look: Look, path: tuple[Key, ...]) -> bool:
    """Whether a rule has refused the same place already, with more words."""
    places = {look.document.place(path), look.document.place(path, key=True)}
    return any((each.line, each.column) in places for each in errors(look.findings))


def _is_contract(look: Look, raw: Mapping[str, Any]) -> bool:
    shape = next((name for key, name in SHAPES.items() if key in raw), None)
    if shape and "apiVersion" not in raw:
        hint = "`mesh contract import FILE` writes it as a contract of the standard"
        look.tell(
            "C204",
            (shape,),
            f"this is the older shape `{shape}`",
            "a contract of the standard",
            hint,
            key=True,
        )
        return False
    if "dataContractSpecification" in raw:
        hint = "convert it with the tool that wrote it"
        look.tell(
            "C204",
            ("dataContractSpecification",),
            "this is the retired Data Contract Specification",
            "a contract of the standard",
            hint,
            key=True,
        )
        return False
    version = raw.get("apiVersion")
    if _is_later(version):
        hint = "fields that came later are not judged"
        look.tell(
            "C205",
            ("apiVersion",),
            f"{shortened(str(version))} is a later version of the standard",
            ", ".join(READABLE),
            hint,
            severity="warning",
        )
    elif isinstance(version, str) and version not in READABLE:
        hint = "write apiVersion: v3.1.0 and what that version asks for"
        look.tell(
            "C204",
            ("apiVersion",),
            f"{shortened(version)} is not a version that is read here",
            ", ".join(READABLE),
            hint,
        )
        return False
    elif version is None and "apiVersion" in raw:
        hint = "write apiVersion: v3.1.0"
        look.tell("C204", ("apiVersion",), "it is empty", ", ".join(READABLE), hint)
    return True


def _unknown(look: Look, raw: Mapping[str, Any]) -> None:
    for path, part in standard.unknown_fields(raw):
        name = str(path[-1])
        hint = look.hint(
            name, standard.known_fields(part), "put facts of your own in customProperties"
        )
        known = ", ".join(sorted(standard.known_fields(part)))
        mild = look.later or part == "description"
        look.tell(
            "C201",
            path,
            f"the field `{shortened(name)}` is not known here",
            f"one of {known}",
            hint,
            key=True,
            severity="warning" if mild else "error",
        )
