"""Who may see what: matrix, can, diff, render; ``check access`` and ``check policies``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from mesh.cli import app
from mesh.cli.check import checks
from mesh.cli.options import Format, FormatOption
from mesh.core.console import info, out, print_json
from mesh.core.errors import InputError

if TYPE_CHECKING:
    from mesh.contracts.finding import Finding

access = typer.Typer(help="See and render who may see what.")
app.add_typer(access, name="access", no_args_is_help=True)


@access.command()
def render(
    identity: Annotated[
        str, typer.Option(help="user: an account for each role; group: groups of people")
    ] = "user",
) -> None:
    """Write the engine's rules from access/ and the contracts; commit what changed."""
    from mesh.access.compiled import write

    if identity not in ("user", "group"):
        raise InputError(f"there is no identity {identity!r}", expected="user or group")
    changed = write(identity="group" if identity == "group" else "user")
    info("\n".join(f"wrote {name}" for name in changed) or "the rendered rules are up to date")


@access.command()
def matrix(
    role: Annotated[str | None, typer.Option(help="this role only")] = None,
    product: Annotated[str | None, typer.Option(help="this product only, domain.name")] = None,
    format: FormatOption = Format.table,
) -> None:
    """Print how each role sees each column; what is not listed is denied."""
    from mesh.access.decide import decide
    from mesh.access.matrix import cells

    policy = decide().policy
    if role is not None and role not in policy.roles:
        raise InputError(f"there is no role {role!r}", expected=", ".join(policy.roles))
    found = [
        cell
        for cell in cells(policy)
        if role in (None, cell.role) and product in (None, cell.product)
    ]
    rows = [{**cell.as_json(), "sees": cell.says} for cell in found]
    _write(rows, format, ("role", "product", "table", "column", "class", "sees"))
    info(f"{len(found)} cells of {len({cell.role for cell in found})} roles")


@access.command()
def can(
    role: Annotated[str, typer.Argument(help="a role, or the service account")],
    table: Annotated[str, typer.Argument(help="[CATALOG.]SCHEMA.TABLE[.COLUMN]")],
    format: FormatOption = Format.table,
) -> None:
    """Say what the engine will answer, from the rendered rules and without a stack.

    Exit code 1 where it will refuse.
    """
    from mesh.access.ask import ask

    answer = ask(role, table)
    if format == "json":
        print_json(asdict(answer))
    else:
        out.print("\n".join(answer.lines()), markup=False)
    if not answer.allowed:
        raise typer.Exit(1)


@access.command()
def diff(
    base: Annotated[str, typer.Argument(help="branch, tag or commit to compare with")],
    format: FormatOption = Format.table,
) -> None:
    """Say what the tree opens or closes since a commit."""
    from mesh.access.decide import decide
    from mesh.access.matrix import compare, policy_at

    found = compare(policy_at(base), decide().policy)
    columns = ("effect", "role", "table", "column", "before", "after")
    _write([asdict(each) for each in found], format, columns)
    opened = sum(each.effect == "opens" for each in found)
    info(f"{len(found)} differences, {opened} of them open something" if found else "no difference")


@checks.command(name="access")
def check_access(format: FormatOption = Format.table) -> None:
    """Hold roles, purposes, contracts and the rendered rules against each other."""
    from mesh.access.compiled import check

    _tell(check(), format, "the access rules are in order")


@checks.command()
def policies(format: FormatOption = Format.table) -> None:
    """Hold the contracts against the policies of governance/policies."""
    from mesh.checks.policies import check

    _tell(check(), format, "every contract keeps the policies")


def _write(rows: Sequence[Mapping[str, object]], format: str, columns: Sequence[str]) -> None:
    """Write rows as JSON, or aligned with one row on a line however long it is: for grep."""
    if format == "json":
        print_json([dict(row) for row in rows])
        return
    texts = [[str(row[name]) for name in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]
    for line in [list(columns), *texts]:
        cells = zip(line, widths, strict=True)
        out.print("  ".join(cell.ljust(width) for cell, width in cells).rstrip(), markup=False)


def _tell(findings: list[Finding], format: str, nothing: str) -> None:
    """Write findings; exit code 1 where one is an error."""
    if format == "json":
        print_json([each.as_json() for each in findings])
    else:
        for each in findings:
            out.print("\n".join(each.lines()), markup=False)
    info(f"{len(findings)} findings" if findings else nothing)
    if any(each.severity == "error" for each in findings):
        raise typer.Exit(1)
