"""What this house asks of a contract beyond the standard."""

from __future__ import annotations

from collections.abc import Iterator

from mesh.contracts.document import Key
from mesh.contracts.finding import Finding
from mesh.contracts.house_sql import house_finding, sql_in_contract
from mesh.contracts.model import Contract
from mesh.contracts.project import ContractProject
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
        yield from sql_in_contract(contract)


def file_name(contract: Contract) -> str:
    """Where the contract of a product lies; later versions carry theirs in the name."""
    version = "" if contract.major <= 1 else f".v{contract.major}"
    return f"contracts/{contract.domain}/{contract.product}{version}.odcs.yaml"


def _names(contract: Contract) -> Iterator[Finding]:
    if contract.file != file_name(contract):
        yield house_finding(
            contract,
            "C401",
            ("name",),
            "file",
            f"it lies in {contract.file}",
            file_name(contract),
            "move it, or correct name, domain or version",
        )
    if contract.custom.get("address") != contract.address:
        yield house_finding(
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
        yield house_finding(
            contract,
            "C403",
            ("id",),
            "id",
            f"its id is {contract.id}",
            wanted,
            "domain, product and major version",
        )
    if len(contract.tables) != 1:
        yield house_finding(
            contract,
            "C404",
            ("schema",),
            "schema",
            f"it describes {len(contract.tables)} tables",
            "one table",
            "one contract for a product, one product for a gold model",
        )
    if contract.custom.get("outputPort") not in PORTS:
        yield house_finding(
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
            yield house_finding(
                contract,
                "C410",
                ("description",),
                part,
                f"it has no {part}",
                "a sentence for a stranger",
                f"write description.{part}",
            )
    if not contract.support:
        yield house_finding(
            contract,
            "C411",
            ("support",),
            "support",
            "no support channel is named",
            "where questions go",
            "add a channel under `support`",
        )
    if not contract.roles:
        yield house_finding(
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
            yield house_finding(
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
            yield house_finding(
                contract,
                "C414",
                (*table.path, "description"),
                table.name,
                "the grain is not stated",
                '"One row per …", in both places',
                "say it in dataGranularityDescription and start description so",
            )
    if not contract.sample_queries:
        yield house_finding(
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
                yield house_finding(
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
                    yield house_finding(
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
        yield house_finding(
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
        yield house_finding(
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
        yield house_finding(
            contract,
            "C515",
            ("team",),
            "team",
            f"its owner is {contract.owner}",
            f"{group.owner_name}, as models/_groups.yml says",
            "make the two agree",
        )
