"""The checks: lint, style, contracts, privacy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mesh.cli import app
from mesh.cli.options import Format, FormatOption
from mesh.core.console import emit, err, info, out, print_json
from mesh.core.errors import InputError

if TYPE_CHECKING:
    from mesh.privacy.findings import Finding

checks = typer.Typer(help="See whether the tree keeps the rules of the house.")
app.add_typer(checks, name="check", no_args_is_help=True)


@checks.command()
def lint(
    fix: Annotated[bool, typer.Option("--fix", help="mend what can be mended first")] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="a check by its id; may be given again")
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Run what git runs before a commit, over the whole tree: layout, types, style."""
    from mesh.checks import lint

    def begin(hook: lint.Hook, files: int) -> None:
        info(f"==> {hook.name} ({files} files)")

    def tell(outcome: lint.Outcome) -> None:
        colour = {"passed": "green", "skipped": None}.get(outcome.status, "red")
        err.print(f"    {outcome.status}, {outcome.seconds:.1f} s", markup=False, style=colour)
        if outcome.status in ("failed", "broken") and format != "json":
            out.print(outcome.output, markup=False)

    outcomes = lint.run(lint.tracked(), fix=fix, only=only or [], begin=begin, tell=tell)
    if format == "json":
        print_json([asdict(outcome) for outcome in outcomes])
    statuses = {outcome.status for outcome in outcomes}
    if statuses & {"failed", "broken"}:
        names = [o.hook for o in outcomes if o.status in ("failed", "broken")]
        info(f"not in order: {', '.join(names)}")
        raise typer.Exit(2 if "broken" in statuses else 1)


@checks.command()
def style(
    rule: Annotated[
        list[str] | None,
        typer.Option(help="code of a rule, or how codes start; may be given again"),
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="list the rules and end")] = False,
    format: FormatOption = Format.table,
) -> None:
    """Hold the dbt project against the rules of the mesh; needs no running stack."""
    from mesh.build.parse import tree_manifest
    from mesh.checks.style import RULES

    if rules:
        listed = [{"code": each.code, "rule": each.sentence} for each in RULES]
        emit(listed, format=format, columns=("code", "rule"))
        return
    if unknown := [each for each in rule or () if not RULES.starting(each)]:
        raise InputError(
            f"no rule has a code that starts with {', '.join(unknown)}",
            expected="one of those that --rules lists",
        )
    findings = RULES.findings(tree_manifest(), rule or ())
    if format == "json":
        print_json([asdict(finding) for finding in findings])
    else:
        for each in findings:
            name = f"{each.node}.{each.column}" if each.column else each.node
            out.print(f"{each.path}: {each.code} {name}: {each.message}", markup=False)
            out.print(f"  hint: {each.hint}", markup=False)
    info(f"{len(findings)} findings" if findings else "the project keeps the rules")
    if any(each.severity == "error" for each in findings):
        raise typer.Exit(1)


@checks.command()
def contracts(
    project_dir: Annotated[
        Path | None, typer.Option("--project-dir", help="another dbt-trino project than this one")
    ] = None,
    live: Annotated[
        bool | None,
        typer.Option("--live/--no-live", help="look at the real tables too; if the stack is up"),
    ] = None,
    catalog: Annotated[
        str | None, typer.Option(help="catalog of the real tables; the published one by default")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="the day to judge by")] = None,
    format: FormatOption = Format.table,
) -> None:
    """See whether contract, model YAML, SQL and the real tables say the same."""
    from mesh.cli.contract import day_of, project_root, tell_findings
    from mesh.contracts.check import check_contracts

    root = project_root(project_dir)
    findings, looked = check_contracts(root, day_of(as_of), live=live, catalog=catalog)
    info(looked)
    tell_findings(findings, format, "the products are what their contracts say")


@checks.command()
def privacy(
    project_dir: Annotated[
        Path | None, typer.Option(help="folder of the dbt project; this one if left out")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="manifest.json to read, instead of parsing the project")
    ] = None,
    published: Annotated[
        str | None, typer.Option(help="folders whose models others read, with commas")
    ] = None,
    base: Annotated[
        str | None, typer.Option(help="git revision whose protections have to be kept")
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Follow personal data by column through all SQL of a project; needs no running stack."""
    from mesh.privacy.verdict import examine

    folders = [each.strip() for each in published.split(",") if each.strip()] if published else []
    findings = examine(project_dir, manifest, folders, base)
    if format == "table":
        for each in findings:
            head = f"{each.file}: " if each.file else ""
            out.print(
                f"{head}{each.code} {each.level} {each.subject}: {each.message}", markup=False
            )
            for step in each.path:
                out.print(f"    {step}", markup=False)
            out.print(f"  hint: {each.as_json()['hint']}", markup=False)
    _conclude(findings, format)


@checks.command()
def values(
    branch: Annotated[
        str, typer.Option(help="branch or release whose landed tables are looked at")
    ] = "main",
    source: Annotated[
        Path | None, typer.Option(help="look at a folder of CSV instead; needs no running stack")
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Look for personal values in source columns that are declared as less."""
    from mesh.core.settings import Lake
    from mesh.lake.names import reference
    from mesh.privacy.values.gate import sentence
    from mesh.privacy.values.look import look_at_folder, look_at_lake

    if source is not None:
        findings = look_at_folder(source)
    else:
        findings = look_at_lake(Lake.current(), reference(branch))
    if format == "table":
        for each in findings:
            out.print(f"{each.file or each.node}: {sentence(each)}", markup=False)
            out.print(f"  hint: {each.as_json()['hint']}", markup=False)
    _conclude(findings, format)


def _conclude(findings: Sequence[Finding], format: Format) -> None:
    """Write the findings as JSON if that is asked for, count them, and end with 1 on an error."""
    if format == "json":
        print_json([finding.as_json() for finding in findings])
    errors = sum(each.level == "error" for each in findings)
    info(f"{errors} errors, {len(findings) - errors} warnings")
    if errors:
        raise typer.Exit(1)
