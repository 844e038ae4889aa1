"""Decides: from roles, purposes, classes and contracts to what is allowed, column by column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mesh.access.policy import Grant, Policy, Treatment
from mesh.access.row_filters import columns_of, holds
from mesh.access.source import CLEAR, HIDDEN, Role, Source, read_source
from mesh.contracts.finding import Finding, errors
from mesh.contracts.lint import lint_file
from mesh.contracts.model import Contract, Field
from mesh.core.paths import ROOT

LINK = "link"
NEVER_DERIVED = ("direct", "free_text")
_HIDDEN = Treatment(HIDDEN)
_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class Decided:
    """The policy, and what is not in order in what it was made from."""

    policy: Policy
    findings: tuple[Finding, ...]


def decide(root: Path = ROOT) -> Decided:
    """Decide from the files below ``root``.

    Raises:
        MeshError: access/ cannot be read.
    """
    source = read_source(root)
    contracts, findings = _contracts(root)
    findings += list(_strange_roles(source, contracts))
    findings += list(_strange_columns(source, contracts))
    findings += list(_weak_filters(source))
    grants: list[Grant] = []
    for name, role in source.roles.items():
        readable = list(_readable(source, name, role, contracts, findings))
        grants += _grants(source, name, role, readable, findings)
        grants += _silver(name, role, root)
    policy = Policy(
        catalog=source.catalog,
        service_account=source.service_account,
        roles=tuple(source.roles),
        operators=tuple(n for n, role in source.roles.items() if role.operates_engine),
        grants=tuple(sorted(grants, key=lambda g: (g.role, g.schema, g.table))),
    )
    return Decided(policy, tuple(sorted(findings)))


def product_of(contract: Contract) -> str:
    """``domain.product`` of a contract."""
    return f"{contract.domain}.{contract.product}"


def _contracts(root: Path) -> tuple[list[Contract], list[Finding]]:
    contracts: list[Contract] = []
    findings: list[Finding] = []
    for path in sorted((root / "contracts").rglob("*.odcs.yaml")):
        contract, found = lint_file(path, str(path.relative_to(root)))
        findings += errors(found)
        if contract is not None and contract.tables:
            contracts.append(contract)
    return contracts, findings


def _readable(
    source: Source,
    name: str,
    role: Role,
    contracts: Iterable[Contract],
    findings: list[Finding],
) -> Iterator[Contract]:
    """The contracts whose product the role may read: owner and purpose both say yes."""
    for contract in contracts:
        product = product_of(contract)
        places = [i for i, each in enumerate(contract.roles) if each.get("role") == name]
        steward = role.steward_of == contract.domain
        if not (places or steward or role.all_products):
            continue
        where = contract.place(("roles", places[0])) if places else (0, 0)
        closing = source.classes.closed.get(contract.domain)
        if closing and role.kind in closing.kinds:
            findings.append(
                Finding(
                    contract.file, *where, "A101", name,
                    f"{product} is given to {name}, but {contract.domain} is closed to "
                    f"{role.kind}", "another role", closing.because, product=product,
                )
            )  # fmt: skip
        elif not any(source.purposes[each].covers(product) for each in role.purposes):
            findings.append(
                Finding(
                    contract.file, *where, "A102", name,
                    f"{product} is given to {name}, but no purpose of that role covers it",
                    "a purpose in access/purposes.yml, or not this role",
                    "the owner of a product and the purposes of a role both have to allow it",
                    product=product,
                )
            )  # fmt: skip
        else:
            yield contract


def _grants(
    source: Source,
    name: str,
    role: Role,
    readable: list[Contract],
    findings: list[Finding],
) -> Iterator[Grant]:
    linked = _linking_domains(source, readable)
    joined = any(linked <= set(source.purposes[each].joins) for each in role.purposes)
    may_link = len(linked) < 2 or joined
    for contract in readable:
        product = product_of(contract)
        for table in contract.tables:
            schema, _, table_name = table.physical_name.rpartition(".")
            classes = {c.name: class_of(source, contract, c) for c in table.columns}
            columns = {
                each.name: _treatment(
                    source, each, _mask(role, product, each.name, classes[each.name], may_link)
                )
                for each in table.columns
            }
            findings += _bad_names(contract, schema, table_name, columns)
            rows = role.rows.get(product)
            yield Grant(
                name, schema, table_name, product, columns, classes, rows.keep if rows else ""
            )


def _linking_domains(source: Source, readable: Iterable[Contract]) -> set[str]:
    """The domains in which the role would read an identifier that several domains share."""
    return {
        contract.domain
        for contract in readable
        for table in contract.tables
        for column in table.columns
        if class_of(source, contract, column) == LINK
    }


def class_of(source: Source, contract: Contract, column: Field) -> str:
    """The class of a column: its classification in the contract, or a finer one.

    A column without a known classification counts as direct, which hardly any role sees.
    """
    declared = column.classification
    if declared not in source.classes.classes:
        return "direct"
    if declared in NEVER_DERIVED:
        return declared
    product = product_of(contract)
    for name, fitting in source.classes.derived.items():
        named = column.name in (*fitting.columns, *fitting.products.get(product, ()))
        if named or (declared == "sensitive" and contract.domain in fitting.domains):
            return name
    return declared


def _treatment(source: Source, column: Field, mask: str) -> Treatment:
    """A mask by its name, as it is for a column of this type."""
    if mask == HIDDEN:
        return _HIDDEN
    if mask == CLEAR:
        return Treatment(CLEAR)
    by_type = source.classes.masks[mask]
    kind = re.split(r"[ (]", column.physical.lower(), maxsplit=1)[0]
    template = by_type.get(kind) or by_type.get("any", HIDDEN)
    if template in (CLEAR, HIDDEN):
        return Treatment(template)
    text = template.replace("{column}", column.name).replace("{type}", column.physical)
    return Treatment("masked", mask, text)


def _mask(role: Role, product: str, column: str, class_: str, may_link: bool) -> str:
    """The name of the mask, ``clear`` or ``hidden`` that a role has for a column."""
    if class_ == LINK and not may_link:
        return HIDDEN
    return role.exceptions.get(product, {}).get(column) or role.sees.get(class_, HIDDEN)


def _bad_names(
    contract: Contract, schema: str, table: str, columns: Iterable[str]
) -> Iterator[Finding]:
    """Names that would mean something else in a pattern or an expression."""
    for text in (schema, table, *columns):
        if not _IDENTIFIER.fullmatch(text):
            yield Finding(
                contract.file, *contract.place(("schema", 0)), "A103", text,
                f"`{text}` cannot stand in access rules", "lower-case letters, digits, underscores",
                "give physicalName as schema.table", product=product_of(contract),
            )  # fmt: skip


def _silver(name: str, role: Role, root: Path) -> Iterator[Grant]:
    """A steward reads every silver table of the domain, its quarantine among them."""
    if role.steward_of is None:
        return
    folder = root / "models" / role.steward_of / "silver"
    for path in sorted(folder.glob("*.sql")):
        if _IDENTIFIER.fullmatch(path.stem):
            yield Grant(name, f"{role.steward_of}_silver", path.stem)


def _strange_roles(source: Source, contracts: Iterable[Contract]) -> Iterator[Finding]:
    for contract in contracts:
        for index, each in enumerate(contract.roles):
            if each.get("role") not in source.roles:
                yield Finding(
                    contract.file, *contract.place(("roles", index)), "A104",
                    str(each.get("role")), f"there is no role {each.get('role')!r}",
                    "a role of access/roles.yml", "docs/guides/add-a-role.md",
                    product=product_of(contract),
                )  # fmt: skip
    known = {product_of(contract) for contract in contracts}
    for name, role in source.roles.items():
        for product in sorted({*role.exceptions, *role.rows} - known):
            yield Finding(
                "access/roles.yml", 0, 0, "A105", name, f"there is no product {product}",
                "a product that has a contract", "mend or remove the entry",
            )  # fmt: skip


def _weak_filters(source: Source) -> Iterator[Finding]:
    """Row filters that the engine may ask after a condition of the user."""
    for name, role in source.roles.items():
        for product, rows in role.rows.items():
            if columns_of(rows.keep) != {rows.keep} and not holds(rows.keep):
                yield Finding(
                    "access/roles.yml", 0, 0, "A109", name,
                    f"{name}: {product} keeps rows by `{rows.keep}`, which can be got round",
                    "columns compared with constants, with `and` between",
                    "publish a column that says it, and compare that",
                    product=product,
                )  # fmt: skip


def _strange_columns(source: Source, contracts: Iterable[Contract]) -> Iterator[Finding]:
    """Exceptions and row filters over columns that the product does not have."""
    known: dict[str, set[str]] = {}
    for contract in contracts:
        names = {column.name for table in contract.tables for column in table.columns}
        known[product_of(contract)] = names & known.get(product_of(contract), names)
    for name, role in source.roles.items():
        used = {product: set(columns) for product, columns in role.exceptions.items()}
        for product, rows in role.rows.items():
            used[product] = used.get(product, set()) | columns_of(rows.keep)
        for product, columns in used.items():
            if strange := sorted(columns - known.get(product, columns)):
                yield Finding(
                    "access/roles.yml", 0, 0, "A107", name,
                    f"{name}: {product} has no column {', '.join(strange)}",
                    "a condition over columns of the product, without subqueries",
                    "mend or remove the entry: the engine refuses every query over such a filter",
                    product=product,
                )  # fmt: skip
