"""Data products: list, show, sample, resolve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mesh.cli import app
from mesh.cli.contract import ProjectDir, project_root
from mesh.cli.options import Format, FormatOption
from mesh.core.console import emit, info, out, print_json, print_table

if TYPE_CHECKING:
    from mesh.contracts.model import Contract

products = typer.Typer(help="Find data products and reach them.")
app.add_typer(products, name="product", no_args_is_help=True)

Release = Annotated[
    str | None, typer.Option(help="a release instead of what is live; see `mesh releases`")
]
Product = Annotated[str, typer.Argument(help="an address, a product or a model")]
COLUMNS = ("address", "version", "status", "owner", "table", "what it is")


@products.command("list")
def list_(
    domain: Annotated[str | None, typer.Option(help="only this domain")] = None,
    project_dir: ProjectDir = None,
    format: FormatOption = Format.table,
) -> None:
    """List the products with their addresses."""
    from mesh.contracts.project import readable_contracts

    contracts = readable_contracts(project_root(project_dir))
    rows = [_row(c) for c in sorted(contracts, key=lambda c: c.key) if domain in (None, c.domain)]
    emit(rows, format=format, columns=COLUMNS)


def _row(contract: Contract) -> dict[str, object]:
    end = contract.deprecation_date
    return {
        "address": contract.address,
        "domain": contract.domain,
        "product": contract.product,
        "version": contract.version,
        "status": f"{contract.status} until {end}" if end else contract.status,
        "owner": contract.owner,
        "table": contract.table.physical_name,
        "what it is": contract.table.grain,
        "contract": contract.file,
    }


@products.command()
def show(
    product: Product, project_dir: ProjectDir = None, format: FormatOption = Format.table
) -> None:
    """Show what a product means, promises and holds."""
    from mesh.contracts.address import find_contract

    contract = find_contract(product, project_root(project_dir))
    if format == "json":
        print_json({**_row(contract), "contract_text": contract.raw})
        return
    table = contract.table
    out.print(f"{contract.address}  {contract.version}  {_row(contract)['status']}", markup=False)
    out.print(f"{table.business_name}: {table.description}\n", markup=False)
    for part in ("purpose", "limitations", "usage"):
        text = str(contract.description.get(part) or "").strip()
        out.print(f"{part}: {text}", markup=False)
    channels = ", ".join(str(each.get("channel")) for each in contract.support)
    roles = ", ".join(str(role.get("role")) for role in contract.roles)
    out.print(f"owner: {contract.owner}, {channels}", markup=False)
    out.print(f"table: {table.physical_name}, key: {', '.join(table.key)}", markup=False)
    out.print(f"roles: {roles}", markup=False)
    for level in contract.levels:
        out.print(f"{level.name}: {level.value} {level.unit}", markup=False)
    out.print()
    print_table(
        ("column", "type", "required", "class", "meaning"),
        [
            (c.name, c.physical, "yes" if c.required else "", c.classification, c.description)
            for c in table.columns
        ],
    )


@products.command()
def sample(
    product: Product,
    query: Annotated[
        str | None, typer.Option(help="name of a sample query; all are listed")
    ] = None,
    run: Annotated[
        bool, typer.Option("--run", help="ask it as its role and show the rows")
    ] = False,
    project_dir: ProjectDir = None,
    format: FormatOption = Format.table,
) -> None:
    """Show the sample queries of a product, or run one."""
    from mesh.contracts.address import find_contract
    from mesh.core.errors import InputError

    contract = find_contract(product, project_root(project_dir))
    chosen = [q for q in contract.sample_queries if query in (None, q.get("name"))]
    if not chosen:
        names = ", ".join(str(q.get("name")) for q in contract.sample_queries)
        raise InputError(f"there is no sample query {query}", expected=names or "none is written")
    if run:
        if len(chosen) > 1:
            names = ", ".join(str(q.get("name")) for q in chosen)
            raise InputError("several queries could be run", expected=f"--query, one of {names}")
        _run(chosen[0], format)
    elif format == "json":
        print_json([dict(each) for each in chosen])
    else:
        for each in chosen:
            out.print(f"-- {each.get('name')}: {each.get('question')}", markup=False)
            out.print(f"{str(each.get('sql')).strip()}\n", markup=False)


def _run(sample: Mapping[str, Any], format: str) -> None:
    """Ask it as its role does; on a lake of somebody else as the account that is known."""
    from mesh.access.accounts import as_role
    from mesh.core.settings import Lake
    from mesh.stack import sql

    lake = Lake.current()
    asking = as_role(lake, str(sample.get("role"))) if lake.embedded else lake
    statements = list(sql.split(str(sample.get("sql")), str(sample.get("name"))))
    sql.run(asking, statements, None, None, format)


@products.command()
def resolve(
    address: Annotated[str, typer.Argument(help="data://<domain>/<product>/v<major>")],
    release: Release = None,
    project_dir: ProjectDir = None,
    format: FormatOption = Format.table,
) -> None:
    """Say where an address leads, and how to read it with each tool."""
    from mesh.contracts.address import resolve as resolved

    found = resolved(address, release, project_root(project_dir))
    if format == "json":
        print_json(found.as_json())
        return
    facts = found.as_json()
    shown = ("address", "version", "status", "deprecation_date", "catalog", "schema", "table",
             "reference", "contract", "owner", "support")  # fmt: skip
    for name in shown:
        value = facts[name]
        text = ", ".join(value) if isinstance(value, tuple) else value
        if text:
            out.print(f"{name}: {text}", markup=False)
    for tool, text in found.snippets.items():
        out.print(f"\n# {tool}", markup=False)
        out.print(str(text).rstrip(), markup=False)
    if release and found.catalog != "lake":
        info(f"Trino shows the release after `./mesh branches --attach {release}`")
