"""Places besides the models where SQL of a project runs or values lie.

Hooks, operations, stored test failures, overridden parts of dbt, seeds and unit test fixtures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mesh.privacy import elementary, literals, scan, semantic
from mesh.privacy.analysis import Analysis
from mesh.privacy.beside import Ran
from mesh.privacy.check import read_by_name
from mesh.privacy.classes import ANYWHERE, DECLARABLE, Class
from mesh.privacy.columns.parts import Column, ColumnRef, Uses
from mesh.privacy.columns.statement import Written
from mesh.privacy.findings import Finding
from mesh.privacy.paths import origin_name, path_from
from mesh.privacy.policy import Policy
from mesh.privacy.result import Result, Taint
from mesh.privacy.settings import OTHERWISE, configs_of

Entered = tuple[Taint, tuple[ColumnRef, Class] | None]
"""A class with where it enters, and the column and class it came from one step before."""

WRITERS = re.compile(
    r"^((trino|default)__)?(create_table_as|create_view_as|get_create_\w+_sql|get_\w*merge\w*_sql"
    r"|get_\w*insert\w*_sql|get_\w*delete_insert\w*_sql|get_incremental_\w+|snapshot_\w+"
    r"|build_snapshot_table|load_csv_rows|create_csv_table|get_test_sql|statement|run_query"
    r"|run_hooks|get_replace_\w+_sql|get_assert_columns_equivalent|create_or_replace_\w+)$"
)
"""Macros of dbt that decide what is written."""

COUNTED = "count(*)"
"""What dbt says of the rows that fail a test, unless it is told something else."""

MATERIALIZATION = re.compile(r"^materialization_(.+)_(?:default|trino)$")


def findings(analysis: Analysis, policy: Policy, ran: Sequence[Ran]) -> Iterator[Finding]:
    """What is not in order in these places; ``ran`` is what runs in them."""
    own = str(analysis.project.raw["metadata"].get("project_name"))
    for each in ran:
        if each.kind == "test":
            yield from _test(analysis, policy, each.node, each.result)
        else:
            yield from _ran(analysis, policy, each)
    for source in analysis.project.raw["sources"].values():
        if analysis.is_own(source):
            yield from _held(source)
            yield from _freshness(analysis, source)
    for node in analysis.project.raw["nodes"].values():
        if not analysis.is_own(node):
            continue
        if node["resource_type"] != "seed":  # its rows are looked at one by one
            yield from _held(node)
        if node["resource_type"] == "seed":
            yield from _seed(analysis, node)
        elif node["unique_id"] in analysis.tables.nodes:
            result = analysis.result(node["unique_id"])
            yield from _written(analysis, policy, result.written, str(node["name"]), node)
            yield from _shown(analysis, result.shown, str(node["name"]), node)
    yield from _macros(analysis, own)
    yield from _fixtures(analysis, own)
    for saved, table in semantic.exported(analysis.project.raw):
        if analysis.is_own(saved) and not is_private(analysis, policy, table, None):
            yield from _exported(analysis, policy, saved, table)


def _ran(analysis: Analysis, policy: Policy, ran: Ran) -> Iterator[Finding]:
    node, result = ran.node, ran.result
    name, file = str(node["name"]), str(node.get("original_file_path") or "")
    for problem in result.problems:
        # Nothing comes of an analysis but what rendering it runs.
        lost = ran.kind == "analysis" and problem.code == "PRIV005"
        severity = "warning" if lost else ""
        yield Finding(problem.code, name, problem.message, severity=severity, file=file)
    yield from _written(analysis, policy, result.written, name, node)
    yield from _shown(analysis, result.shown, name, node)


def _written(
    analysis: Analysis,
    policy: Policy,
    written: list[Written],
    name: str,
    node: Mapping[str, Any],
) -> Iterator[Finding]:
    for each in written:
        unique_id = analysis.tables.find(each.table)
        target = analysis.tables.nodes.get(unique_id) if unique_id else None
        if is_private(analysis, policy, each.table, target):
            continue
        for column in each.relation.columns:
            if target is not None and target["resource_type"] == "source":
                taint = _above(analysis, ColumnRef(target["unique_id"], column.name), column)
            else:
                taint = _refused(analysis, policy, target, column)
            if taint is not None:
                table = ".".join(each.table)
                message = f"it writes {{}} into {table}"
                yield _finding(analysis, "PRIV009", name, column, taint, message, node)


def is_private(
    analysis: Analysis, policy: Policy, table: tuple[str, ...], target: Mapping[str, Any] | None
) -> bool:
    """Whether only the project itself reads a table: what comes there is followed from there on.

    ``target`` is the node that the table is, if it is one.
    """
    if target is not None:
        return target["resource_type"] != "source" and not policy.is_guarded(target)
    schemas: dict[str, set[bool]] = {}
    for node in analysis.tables.nodes.values():
        if node["resource_type"] != "source":
            schemas.setdefault(str(node.get("schema")).lower(), set()).add(policy.is_guarded(node))
    return len(table) > 1 and schemas.get(table[-2]) == {False}


def _above(analysis: Analysis, ref: ColumnRef, column: Column) -> Entered | None:
    """A class that is written into a column of a source and is not what that declares."""
    declared = analysis.declared(ref).cls
    if declared in {None, Class.DIRECT}:  # who reads it is told anyway
        return None
    for (origin, cls), before in analysis.taints_of(column.uses).items():
        if cls not in ANYWHERE and DECLARABLE.get(cls.word) is not declared:
            return (origin, cls), before
    return None


def _refused(
    analysis: Analysis, policy: Policy, target: Mapping[str, Any] | None, column: Column
) -> Entered | None:
    taints = analysis.taints_of(column.uses)
    for (origin, cls), before in sorted(taints.items(), key=lambda item: -item[0][1]):
        name = origin_name(analysis, origin)
        if not policy.allows(target, cls, name, analysis.declared(origin)):
            return (origin, cls), before
    return None


def _finding(
    analysis: Analysis,
    code: str,
    name: str,
    column: Column,
    taint: Entered,
    message: str,
    node: Mapping[str, Any],
) -> Finding:
    (origin, cls), before = taint
    what = f"{cls.word} values of {origin_name(analysis, origin)}"
    path = path_from(analysis, origin, before, f"{name}.{column.name}", cls)
    file = str(node.get("original_file_path") or "")
    return Finding(code, name, message.format(what), column.name, cls.word, path, file=file)


def _shown(
    analysis: Analysis, shown: Uses, name: str, node: Mapping[str, Any]
) -> Iterator[Finding]:
    taint = _refused(analysis, Policy(), None, Column("", shown))
    if taint is not None:
        message = "it shows {} in a log, an error or the words of a statement"
        yield _finding(analysis, "PRIV014", name, Column("log", shown), taint, message, node)


def _test(
    analysis: Analysis, policy: Policy, node: Mapping[str, Any], result: Result
) -> Iterator[Finding]:
    config = node.get("config") or {}
    kept = elementary.samples(node, analysis.project.raw, analysis.project.variables) or any(
        _stores(analysis, config) for config in configs_of({**node, OTHERWISE: result.settings})
    )
    name, file = str(node["name"]), str(node.get("original_file_path") or "")
    for problem in result.problems:
        # What a test makes stays in the engine unless it is kept; what it reads counts always.
        severity = "error" if kept or problem.code == "PRIV006" else "warning"
        yield Finding(problem.code, name, problem.message, severity=severity, file=file)
    yield from read_by_name(analysis, node, result)
    yield from _written(analysis, policy, result.written, name, node)
    yield from _shown(analysis, result.shown, name, node)
    if (counted := str(config.get("fail_calc") or COUNTED)) != COUNTED:
        query = f"select {counted} as failures from (\n{node['raw_code']}\n) as failing"  # noqa: S608
        yield from _answer(analysis, node, query, name)
    columns = list(result.relation.columns) if kept else []
    if query := _monitored(analysis, node):
        columns += _asked(analysis, node, query).relation.columns
    for column in columns:
        taint = _refused(analysis, policy, None, column)
        if taint is not None:
            yield _finding(analysis, "PRIV012", name, column, taint, "it stores {}", node)


def _monitored(analysis: Analysis, node: Mapping[str, Any]) -> str:
    """The query whose values a test keeps in tables of its package."""
    needed = (node.get("depends_on") or {}).get("nodes") or []
    unique_id = str(node.get("attached_node") or next(iter(needed), ""))
    tested = analysis.tables.nodes.get(unique_id)
    columns = analysis.shown_as(unique_id).columns if tested else []
    return elementary.kept_by(node, tested, [each.name for each in columns])


def _stores(analysis: Analysis, config: Mapping[str, Any]) -> bool:
    said = config.get("store_failures")
    if config.get("store_failures_as"):
        return bool(config["store_failures_as"] != "ephemeral")
    return analysis.project.stores_failures if said is None else bool(said)


def _macros(analysis: Analysis, own: str) -> Iterator[Finding]:
    for macro in analysis.project.raw["macros"].values():
        if macro["package_name"] != own:
            continue
        name = str(macro["name"])
        if WRITERS.match(name):
            yield Finding(
                "PRIV019",
                re.sub(r"^(trino|default)__", "", name),
                f"the macro {name} replaces dbt's own",
                file=str(macro["original_file_path"]),
            )
        elif found := MATERIALIZATION.match(name):
            yield from _materialized(analysis, found[1])


def _materialized(analysis: Analysis, name: str) -> Iterator[Finding]:
    for node in analysis.project.raw["nodes"].values():
        if (node.get("config") or {}).get("materialized") == name:
            yield Finding(
                "PRIV019",
                str(node["name"]),
                f"its materialization {name} is the project's own",
                file=str(node["original_file_path"]),
            )


def _seed(analysis: Analysis, node: Mapping[str, Any]) -> Iterator[Finding]:
    name, file = str(node["name"]), str(node["original_file_path"])
    rows = scan.rows_of(node, analysis.project.folder)
    for column, line, kind in scan.personal_columns(rows):
        message = f"its line {line} holds what looks like {kind}"
        yield Finding("PRIV013", name, message, column, "direct", file=f"{file}:{line}")
    for column in [each.strip().lower() for each in rows[0]] if rows else []:
        ref = ColumnRef(str(node["unique_id"]), column)
        if column in scan.PERSONAL_NAMES and analysis.declared(ref).cls is None:
            message = "the column is called like an identifier and not classified"
            yield Finding("PRIV001", name, message, column, "unknown", file=file)


def _held(node: Mapping[str, Any]) -> Iterator[Finding]:
    name = f"{node['source_name']}.{node['name']}" if "source_name" in node else str(node["name"])
    for column, place, kind in literals.of_node(node):
        message = f"{place} holds what looks like {kind}"
        yield Finding("PRIV013", name, message, column, "direct", file=_file(node))


def _file(node: Mapping[str, Any]) -> str:
    return str(node.get("original_file_path") or "")


def _freshness(analysis: Analysis, source: Mapping[str, Any]) -> Iterator[Finding]:
    """What the log and sources.json of dbt say about when the newest row came."""
    table = f"{source['source_name']}', '{source['name']}"
    query = str(source.get("loaded_at_query") or "")
    if field := source.get("loaded_at_field"):
        query = f"select max({field}) as loaded_at from {{{{ source('{table}') }}}}"  # noqa: S608
    if query:
        name = f"{source['source_name']}.{source['name']}"
        yield from _answer(analysis, source, query, name)


def _asked(analysis: Analysis, node: Mapping[str, Any], query: str) -> Result:
    """What a query gives that is run for a node beside its own."""
    stood_in = {"unique_id": f"{node['unique_id']}.asked", "resource_type": "test"}
    said: dict[str, Any] = {"raw_code": query, "compiled_code": None, "columns": {}}
    return analysis.of_test({**node, **stood_in, **said})


def _answer(
    analysis: Analysis, node: Mapping[str, Any], query: str, name: str
) -> Iterator[Finding]:
    """What is wrong with showing what a query gives."""
    result = _asked(analysis, node, query)
    for problem in result.problems:
        severity = "error" if problem.code == "PRIV006" else "warning"
        yield Finding(problem.code, name, problem.message, severity=severity, file=_file(node))
    for column in result.relation.columns:
        yield from _shown(analysis, column.uses, name, node)


def _exported(
    analysis: Analysis, policy: Policy, saved: Mapping[str, Any], table: tuple[str, ...]
) -> Iterator[Finding]:
    """What a saved query writes into a table that nobody knows."""
    name = str(saved["name"])
    for query in semantic.queries_of(saved, analysis.project.raw):
        result = _asked(analysis, saved, query)
        for problem in result.problems:
            yield Finding(problem.code, name, problem.message, file=_file(saved))
        for column in result.relation.columns:
            taint = _refused(analysis, policy, None, column)
            if taint is not None:
                message = f"it writes {{}} into {'.'.join(table)}"
                yield _finding(analysis, "PRIV009", name, column, taint, message, saved)


def _fixtures(analysis: Analysis, own: str) -> Iterator[Finding]:
    for test in (analysis.project.raw.get("unit_tests") or {}).values():
        if test["package_name"] != own:
            continue
        for given in [*(test.get("given") or []), test.get("expect") or {}]:
            text = str(given.get("rows") or "")
            if given.get("format") == "sql":  # dbt shows rows that differ
                yield from _answer(analysis, test, text, str(test["name"]))
            if kind := scan.kind_of(text):
                yield Finding(
                    "PRIV013",
                    str(test["name"]),
                    f"its rows hold what looks like {kind}",
                    cls="direct",
                    file=_file(test),
                )
                break


__all__ = ["findings", "is_private"]
