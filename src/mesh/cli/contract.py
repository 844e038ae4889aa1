"""Data contracts: lint, diff, sync, import, export, migration."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesh.cli import app
from mesh.cli.options import Format, FormatOption
from mesh.core.console import info, out, print_json
from mesh.core.errors import InputError

if TYPE_CHECKING:
    from mesh.contracts.changes import Change
    from mesh.contracts.finding import Finding

contracts = typer.Typer(help="Write, compare and compile the contracts of data products.")
app.add_typer(contracts, name="contract", no_args_is_help=True)

ProjectDir = Annotated[
    Path | None, typer.Option("--project-dir", help="another dbt project than this one")
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="the day to judge by, YYYY-MM-DD")]


def tell_findings(findings: list[Finding], format: str, nothing: str) -> None:
    """Write findings; exit code 1 where one is an error."""
    from mesh.contracts.finding import errors

    if format == "json":
        print_json([finding.as_json() for finding in findings])
    else:
        for finding in findings:
            out.print("\n".join(finding.lines()), markup=False)
    bad = errors(findings)
    mild = f" and {len(findings) - len(bad)} warnings" if len(findings) > len(bad) else ""
    info(f"{len(bad)} findings{mild}" if findings else nothing)
    if bad:
        raise typer.Exit(1)


def day_of(text: str | None) -> date:
    """The day that an option names, today without one.

    Raises:
        InputError: It is no day.
    """
    from mesh.contracts.retirement import today

    try:
        return date.fromisoformat(text) if text else today()
    except ValueError as error:
        raise InputError(f"`{text}` is no day", expected="YYYY-MM-DD") from error


def project_root(given: Path | None) -> Path:
    """The project that is meant."""
    from mesh.core.paths import ROOT

    return given.resolve() if given else ROOT


@contracts.command()
def lint(
    files: Annotated[list[Path], typer.Argument(help="contract files, or folders of them")],
    format: FormatOption = Format.table,
) -> None:
    """Look at contract files of anybody; nothing that they name is opened."""
    from mesh.contracts.lint import lint_files

    paths: list[Path] = []
    for each in files:
        if not each.exists():
            raise InputError("there is no such file", where=str(each), expected="a contract file")
        inside = sorted(p for p in each.rglob("*") if p.suffix in (".yaml", ".yml"))
        paths += [p for p in inside if p.is_file()] if each.is_dir() else [each]
    paths = list({path.resolve(): path for path in reversed(paths)}.values())[::-1]
    _, findings = lint_files(paths)
    tell_findings(findings, format, f"{len(paths)} contracts are in order")


@contracts.command()
def diff(
    old: Annotated[str, typer.Argument(help="a git revision or release, or the older file")],
    new: Annotated[Path | None, typer.Argument(help="the younger file")] = None,
    project_dir: ProjectDir = None,
    as_of: AsOf = None,
    format: FormatOption = Format.table,
) -> None:
    """Classify what changed, demand the version step, and name who is hurt."""
    from mesh.contracts import compare_all

    day, root = day_of(as_of), project_root(project_dir)
    if new is not None:
        changes = compare_all.of_files(Path(old), new, root)
    else:
        changes = compare_all.of_base(root, old, day)
    _tell_changes(changes, format)
    if not all(change.step_ok for change in changes):
        raise typer.Exit(1)


def _tell_changes(changes: list[Change], format: str) -> None:
    if format == "json":
        print_json([change.as_json() for change in changes])
        return
    for change in changes:
        out.print("\n".join(change.lines()), markup=False)
    missing = sum(not change.step_ok for change in changes)
    info(f"{len(changes)} changes, {missing} without the version step that they take")


@contracts.command()
def sync(
    check: Annotated[bool, typer.Option("--check", help="only tell what would be written")] = False,
    project_dir: ProjectDir = None,
    format: FormatOption = Format.table,
) -> None:
    """Write the model YAML from the contracts; hand-written parts stay."""
    from mesh.contracts.gate import require_sound
    from mesh.contracts.sync import sync as write

    root = project_root(project_dir)
    require_sound(root)
    done = write(root, dry_run=check)
    if format == "json":
        print_json([{"file": each.file, "changes": list(each.changes)} for each in done])
    else:
        for each in done:
            out.print(each.file, markup=False)
            for line in each.changes:
                out.print(f"  {line}", markup=False)
    word = "would be written" if check else "were written"
    info(f"{len(done)} files {word}" if done else "the model YAML says what the contracts say")
    if check and done:
        raise typer.Exit(1)


@contracts.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="a `data_product` or `dataset` file")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="write it here")] = None,
) -> None:
    """Write a contract of the standard from one of the two older shapes."""
    from mesh.contracts.importer import import_file
    from mesh.core.console import warn

    text, unmapped = import_file(file)
    for each in unmapped:
        warn(each)
    _write(text, output)


@contracts.command()
def export(
    product: Annotated[str, typer.Argument(help="an address, a product, a model or a file")],
    to: Annotated[str, typer.Option("--to", help="odcs, jsonschema or simple")] = "odcs",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="write it here")] = None,
    project_dir: ProjectDir = None,
) -> None:
    """Write a contract as the standard, as JSON Schema of a row, or in the simple form."""
    from mesh.contracts.address import find_contract
    from mesh.contracts.exporter import export as exported
    from mesh.contracts.lint import lint_file

    path = Path(product)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        contract, findings = lint_file(path)
        if contract is None:
            tell_findings(findings, "table", "")
            raise typer.Exit(1)
    else:
        contract = find_contract(product, project_root(project_dir))
    _write(exported(contract, to), output)


@contracts.command()
def migration(
    product: Annotated[str, typer.Argument(help="a product with two versions")],
    from_version: Annotated[
        int | None, typer.Option("--from", help="the version to leave; the one before by default")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="write it here")] = None,
    project_dir: ProjectDir = None,
) -> None:
    """Write the note for consumers who move from one version of a product to the next."""
    from mesh.contracts.migration import migration_note

    _write(migration_note(project_root(project_dir), product, from_version), output)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    output.write_text(text, encoding="utf-8")
    info(f"written to {output}")
