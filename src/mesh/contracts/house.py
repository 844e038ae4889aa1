"""What this house asks of a contract beyond the standard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mesh.contracts.document import Key
from mesh.contracts.finding import Finding
from mesh.contracts.model import Contract
from mesh.contracts.project import ContractProject
from mesh.contracts.sql_rules import faults
from mesh.contracts.trino_types import UnknownType, parse_type

CLASSES = ("direct", "quasi", "sensitive", "free_text", "technical", "none")
LEVELS = ("freshness", "latency", "availability", "accuracy", "retention")
PORTS = ("table", "events", "files", "api")


def house_rules(project: ContractProject) -> Iterator[Finding]:
    """What the contracts of this mesh lack."""
    for contract in project.contracts:
        yield from _names(contract)
        yield from _words(contract)
        yield from _columns(contract)
        yield from _people(project, contract)
        yield from _queries(project, contract)
        yield from _sql_rules(contract)


def _finding(
    contract: Contract, code: str, path: tuple[Key, ...], element: str, *words: str
) -> Finding:
    line, column = contract.place(path)
    found, expected, hint = words
    return Finding(
        contract.file, line, column, code, element, found, expected, hint, product=contract.product
    )


def file_name(contract: Contract) -> str:
    """Where the contract of a product lies; later versions carry theirs in the name."""
    version = "" if contract.major <= 1 else f".v{contract.major}"
    return f"contracts/{contract.domain}/{contract.product}{version}.odcs.yaml"


def _names(contract: Contract) -> Iterator[Finding]:
    if contract.file != file_name(contract):
        yield _finding(
            contract,
            "C401",
            ("name",),
            "file",
            f"it lies in {contract.file}",
            file_name(contract),
            "move it, or correct name, domain or version",
        )
    if contract.custom.get("address") != contract.address:
        yield _finding(
            contract,
            "C402",
            ("customProperties",),
            "address",
            f"its address is {contract.custom.get('address')}",
            contract.address,
            "write the address that domain, name and version make",
        )
    wanted = f"{contract.domain}.{contract.product}.v{contract.major}"
    if contract.id != wanted:
        yield _finding(
            contract,
            "C403",
            ("id",),
            "id",
            f"its id is {contract.id}",
            wanted,
            "domain, product and major version",
        )
    if len(contract.tables) != 1:
        yield _finding(
            contract,
            "C404",
            ("schema",),
            "schema",
            f"it describes {len(contract.tables)} tables",
            "one table",
            "one contract for a product, one product for a gold model",
        )
    if contract.custom.get("outputPort") not in PORTS:
        yield _finding(
            contract,
            "C405",
            ("customProperties",),
            "outputPort",
            f"its port is {contract.custom.get('outputPort')}",
            ", ".join(PORTS),
            "say how consumers get it",
        )


def _words(contract: Contract) -> Iterator[Finding]:
    for part in ("purpose", "limitations", "usage"):
        if not str(contract.description.get(part) or "").strip():
            yield _finding(
                contract,
                "C410",
                ("description",),
                part,
                f"it has no {part}",
                "a sentence for a stranger",
                f"write description.{part}",
            )
    if not contract.support:
        yield _finding(
            contract,
            "C411",
            ("support",),
            "support",
            "no support channel is named",
            "where questions go",
            "add a channel under `support`",
        )
    if not contract.roles:
        yield _finding(
            contract,
            "C412",
            ("roles",),
            "roles",
            "no role may read it",
            "the roles that may",
            "add them under `roles`",
        )
    for name in LEVELS:
        if not any(level.name == name for level in contract.levels):
            yield _finding(
                contract,
                "C413",
                ("slaProperties",),
                name,
                "the service level is missing",
                ", ".join(LEVELS),
                "promise what can be kept",
            )
    for table in contract.tables:
        if not table.grain or not table.description.startswith("One row per "):
            yield _finding(
                contract,
                "C414",
                (*table.path, "description"),
                table.name,
                "the grain is not stated",
                '"One row per …", in both places',
                "say it in dataGranularityDescription and start description so",
            )
    if not contract.sample_queries:
        yield _finding(
            contract,
            "C415",
            ("customProperties",),
            "sampleQueries",
            "it has no sample query",
            "one that a stranger can run",
            "add it to the custom property sampleQueries",
        )


def _columns(contract: Contract) -> Iterator[Finding]:
    for table in contract.tables:
        for column in table.columns:
            if column.classification not in CLASSES:
                yield _finding(
                    contract,
                    "C420",
                    column.path,
                    column.name,
                    f"its class is {column.classification or 'not given'}",
                    ", ".join(CLASSES),
                    "say how personal it is",
                )
            for part, value in (
                ("description", column.description),
                ("businessName", column.business_name),
                ("logicalType", column.logical),
                ("physicalType", column.physical),
            ):
                if not value:
                    yield _finding(
                        contract,
                        "C421",
                        column.path,
                        column.name,
                        f"it has no {part}",
                        f"a {part}",
                        "write it",
                    )
            yield from _type(contract, column.path, column.name, column.physical)


def _type(contract: Contract, path: tuple[Key, ...], name: str, text: str) -> Iterator[Finding]:
    try:
        found = parse_type(text) if text else None
    except UnknownType as error:
        yield _finding(
            contract,
            "C302",
            (*path, "physicalType"),
            name,
            f"{text} is not known",
            "a type as Trino spells it",
            str(error),
        )
        return
    if found is not None and str(found) != text:
        yield _finding(
            contract,
            "C422",
            (*path, "physicalType"),
            name,
            f"the type is written {text}",
            str(found),
            "write it as Trino prints it",
        )


def _people(project: ContractProject, contract: Contract) -> Iterator[Finding]:
    node = project.model_of(contract)
    group = project.manifest.groups.get(node.group or "") if node else None
    if group is not None and group.owner_name != contract.owner:
        yield _finding(
            contract,
            "C515",
            ("team",),
            "team",
            f"its owner is {contract.owner}",
            f"{group.owner_name}, as models/_groups.yml says",
            "make the two agree",
        )


def _queries(project: ContractProject, contract: Contract) -> Iterator[Finding]:
    """Sample queries read the product, name columns that it has, and run as a role it knows."""
    if len(contract.tables) != 1:
        return
    table = contract.table
    known = {column.name for column in table.columns}
    roles = {str(role.get("role")) for role in contract.roles}
    path = _path_of(contract, "sampleQueries")
    for index, query in enumerate(contract.sample_queries):
        place, name = (*path, "value", index), str(query.get("name") or index)
        if str(query.get("role")) not in roles:
            yield _finding(
                contract,
                "C431",
                place,
                name,
                f"it runs as {query.get('role')}",
                ", ".join(sorted(roles)),
                "one of the roles that may read it",
            )
        for fault in _faults(str(query.get("sql") or ""), table.physical_name, known):
            yield _finding(
                contract,
                "C430",
                place,
                name,
                fault,
                "a query of this product",
                "correct the sample query",
            )


def _sql_rules(contract: Contract) -> Iterator[Finding]:
    """A rule in SQL can be made a test: else it would be documentation and look like more."""
    for rule in (each for each in contract.table.all_rules if each.kind == "sql"):
        for fault in faults(rule):
            yield _finding(
                contract,
                "C432",
                rule.path,
                rule.identity,
                fault,
                "a named query of {object} that gives one figure",
                "correct the rule, or say it as type: text",
            )


def _path_of(contract: Contract, name: str) -> tuple[Key, ...]:
    raw = contract.raw.get("customProperties")
    entries = enumerate(raw if isinstance(raw, list) else ())
    named = (i for i, e in entries if isinstance(e, Mapping) and e.get("property") == name)
    return "customProperties", next(named, 0)


def _faults(sql: str, table: str, known: set[str]) -> Iterator[str]:
    try:
        query = sqlglot.parse_one(sql, read="trino")
    except (SqlglotError, RecursionError) as error:
        yield f"it does not parse: {str(error).splitlines()[0]}"
        return
    if not isinstance(query, exp.Query):
        yield "it is no query"
        return
    inner = {cte.alias for cte in query.ctes}
    read = {f"{t.db}.{t.name}" for t in query.find_all(exp.Table) if t.name not in inner}
    if table not in read:
        yield f"it does not read {table}"
    if read != {table}:
        return  # columns of other products are theirs to check
    aliases = {projection.alias for projection in query.find_all(exp.Alias)}
    for column in query.find_all(exp.Column):
        if column.name not in known and column.name not in aliases:
            yield f"the product has no column {column.name}"
