"""Holds what reaches a column against what may be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mesh.privacy import declarations
from mesh.privacy.analysis import METADATA, Analysis
from mesh.privacy.classes import Class
from mesh.privacy.columns.parts import ColumnRef
from mesh.privacy.declarations import Declaration
from mesh.privacy.findings import Finding
from mesh.privacy.paths import label, origin_name, path_of
from mesh.privacy.policy import Policy
from mesh.privacy.result import Problem, Result
from mesh.privacy.small_counts import unguarded_counts

Origins = dict[Class, list[ColumnRef]]


def findings(analysis: Analysis, policy: Policy) -> Iterator[Finding]:
    """Everything that is not in order, node by node, in a project that was looked at."""
    for unique_id, node in analysis.tables.nodes.items():
        if node["resource_type"] == "source" or not analysis.is_own(node):
            continue
        result = analysis.result(unique_id)
        for problem in result.problems:
            yield _of_problem(problem, node)
        if policy.is_guarded(node):
            yield from _published(analysis, policy, unique_id, node, result)
        yield from read_by_name(analysis, node, result)
    yield from _undeclared(analysis)


def _of_problem(problem: Problem, node: Mapping[str, Any]) -> Finding:
    return Finding(
        problem.code, str(node["name"]), problem.message, file=str(node["original_file_path"])
    )


def _published(
    analysis: Analysis, policy: Policy, unique_id: str, node: Mapping[str, Any], result: Result
) -> Iterator[Finding]:
    for column, taints in result.taints.items():
        refused: Origins = {}
        for origin, cls in taints:
            declared = analysis.declared(origin)
            if not policy.allows(node, cls, origin_name(analysis, origin), declared):
                refused.setdefault(cls, []).append(origin)
        yield from _refusals(analysis, unique_id, node, column, refused)
    yield from _small_groups(node, result)
    if policy.is_published(node):
        yield from unguarded_counts(analysis, node, result, policy.smallest)
    if any(each != unique_id and not each.startswith(METADATA) for each in result.relation.open):
        yield _open(analysis, node, result)


def _small_groups(node: Mapping[str, Any], result: Result) -> Iterator[Finding]:
    """Two attributes of people that form groups, of whatever size."""
    keys = [
        column
        for column, taints in result.taints.items()
        if any(cls is Class.GENERALISED_KEY for _, cls in taints)
    ]
    if len(keys) > 1:
        message = f"it counts groups by {', '.join(keys)}, however small they are"
        yield Finding("PRIV018", str(node["name"]), message, file=str(node["original_file_path"]))


def _refusals(
    analysis: Analysis,
    unique_id: str,
    node: Mapping[str, Any],
    column: str,
    refused: Origins,
) -> Iterator[Finding]:
    words: dict[str, None] = {}
    for cls, origins in sorted(refused.items(), reverse=True):
        if cls.word in words:
            continue
        words[cls.word] = None
        names = ", ".join(sorted(origin_name(analysis, each) for each in origins))
        path = path_of(analysis, ColumnRef(unique_id, column), (origins[0], cls))
        code = "PRIV004" if cls is Class.UNKNOWN else "PRIV003"
        what = "values nobody classified" if cls is Class.UNKNOWN else f"{cls.word} values"
        yield Finding(
            code,
            str(node["name"]),
            f"it gives {what} of {names}",
            column,
            cls.word,
            path,
            hint=_hint(cls, analysis.declared(origins[0])),
            file=str(node["original_file_path"]),
        )


HINTS = {
    Class.DIRECT: "use pseudonym() for a key, redact() for a value, or drop it",
    Class.FREE_TEXT: "use suppress_text(), or drop the column",
    Class.QUASI: "use year_of(), age_band() or zip3(), or drop the column",
    Class.SENSITIVE: "publish it as a figure over enough people with small_cell(), or drop it",
    Class.UNKNOWN: "declare the column of the source: config: {meta: {privacy: {class: …}}}",
}


def _hint(cls: Class, declared: Declaration) -> str:
    if cls.name.endswith(("_SUM", "_KEY")):
        return "show it only for enough people: small_cell(), or having count(distinct …) >= 11"
    return HINTS.get(cls, "")


def _open(analysis: Analysis, node: Mapping[str, Any], result: Result) -> Finding:
    sources = sorted(analysis.open_sources(result.relation))
    names = ", ".join(label(analysis, each) for each in sources) or "a table nobody knows"
    none = any(not (analysis.tables.nodes.get(each) or {}).get("columns") for each in sources)
    return Finding(
        "PRIV008",
        str(node["name"]),
        f"a star brings every column of {names}"
        + (", of which none is declared" if none else ", also those that come later"),
        cls="unknown" if none else "",
        severity="error" if none else "warning",
        file=str(node["original_file_path"]),
    )


def read_by_name(analysis: Analysis, node: Mapping[str, Any], result: Result) -> Iterator[Finding]:
    """Tables of the project that a model or test reads without dbt knowing of it."""
    known = set((node.get("depends_on") or {}).get("nodes") or []) | {node["unique_id"]}
    for each in sorted(result.reads - known):
        yield Finding(
            "PRIV007",
            str(node["name"]),
            f"it reads {label(analysis, each)} by its name",
            file=str(node["original_file_path"]),
        )


def _undeclared(analysis: Analysis) -> Iterator[Finding]:
    own = analysis.project.raw["metadata"].get("project_name")
    for unique_id, node in analysis.project.raw["sources"].items():
        if node["package_name"] != own:
            continue
        name, file = label(analysis, unique_id), str(node["original_file_path"])
        named = list(declarations.columns_of(node))
        if not named:
            yield Finding("PRIV001", name, "no column of the source is declared", file=file)
        for column, raw in named:
            declared = declarations.of_column(raw)
            if declared.cls is None and declared.word:
                message = f"there is no class {declared.word!r}"
                yield Finding("PRIV002", name, message, column, declared.word, file=file)
            elif declared.cls is None:
                message = "the column is not classified"
                yield Finding("PRIV001", name, message, column, "unknown", file=file)
        known = {column.lower() for column, _ in named}
        for ref in analysis.undeclared:
            if ref.node == unique_id and ref.column not in known and named:
                message = "the column is read and not declared"
                yield Finding("PRIV001", name, message, ref.column, "unknown", file=file)
