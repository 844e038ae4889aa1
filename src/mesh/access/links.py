"""Which models bring the pseudonyms of several domains together, by what dbt and their SQL read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlglot import exp

from mesh.access.source import Source
from mesh.contracts.finding import Finding
from mesh.lake.names import VAULT
from mesh.privacy.analysis import Analysis
from mesh.privacy.columns.parts import Unfollowable
from mesh.privacy.columns.statement import parse
from mesh.privacy.project import DbtProject

CROSSWALK = "identity_patients__crosswalk"
KEYS = "identity_patients__keys"
MAKERS = frozenset({CROSSWALK, KEYS})
"""The models that make the pseudonyms of all domains."""

KINDS = frozenset({"model", "snapshot"})
OUTER = frozenset({"RIGHT", "FULL"})
"""Joins that keep rows which their condition leaves out."""


def linking(project: DbtProject, source: Source) -> list[Finding]:
    """Models that read pseudonyms of other domains than their own without a purpose for it."""
    allowed = {model for purpose in source.purposes.values() for model in purpose.models}
    analysis = Analysis(project)
    return [
        finding
        for node in project.raw["nodes"].values()
        if node["resource_type"] in KINDS and analysis.is_own(node)
        if node["name"] not in allowed | MAKERS
        for finding in _of_model(analysis, node)
    ]


def _of_model(analysis: Analysis, node: Mapping[str, Any]) -> Iterator[Finding]:
    tables = list(_tables(analysis, _statements(analysis, node)))
    read = {each for each, _, _ in tables}
    read |= set((node.get("depends_on") or {}).get("nodes") or [])
    domain = _domain(node)
    for unique_id in sorted(read):
        known = analysis.tables.nodes.get(unique_id)
        if known is None:
            continue
        if known["name"] == CROSSWALK and known["resource_type"] == "model":
            yield _finding(
                node, "A106", f"{node['name']} reads {CROSSWALK}, and no purpose allows it"
            )
        elif known["name"] == KEYS or known.get("source_name") == VAULT:
            uses = [(table, select) for each, table, select in tables if each == unique_id]
            if uses and all(restricted(table, select, domain) for table, select in uses):
                continue
            name = known["name"]
            yield _finding(node, "A108", f"{node['name']} reads {name} of more than its own domain")


def _domain(node: Mapping[str, Any]) -> str:
    """The folder below models/ that a model is in; empty where it is in none."""
    return str(node["fqn"][1]) if len(node.get("fqn") or []) > 2 else ""


def _finding(node: Mapping[str, Any], code: str, found: str) -> Finding:
    domain = _domain(node)
    own = f"domain = '{domain}'" if domain else "its own domain"
    return Finding(
        str(node["original_file_path"]), 0, 0, code, str(node["name"]), found,
        f"`where {own}` beside every use of the keys, or the model under `models` of a purpose in "
        "access/purposes.yml",
        "domains know a patient by different keys on purpose",
    )  # fmt: skip


def _statements(analysis: Analysis, node: Mapping[str, Any]) -> Iterator[exp.Expr]:
    """The SQL of a model, over all ways in which it renders; Python is none."""
    if node.get("language") == "python":
        return
    for text in analysis.walker.node(node, {}).texts:
        try:
            yield from parse(text)
        except Unfollowable:  # the check for personal data tells it
            continue


def _tables(
    analysis: Analysis, statements: Iterable[exp.Expr]
) -> Iterator[tuple[str, exp.Table, exp.Expr | None]]:
    """The nodes that statements read, with where, and the SELECT around it."""
    for statement in statements:
        for table in statement.find_all(exp.Table):
            parts = [part.name.lower() for part in table.parts]
            unique_id = analysis.tables.find([*parts[:-1], parts[-1].partition("$")[0]])
            if unique_id is not None:
                yield unique_id, table, table.find_ancestor(exp.Select)


def restricted(table: exp.Table, select: exp.Expr | None, domain: str) -> bool:
    """Whether a SELECT takes only rows of the domain from a table: `domain = '…'` and no OR."""
    alias = table.args.get("alias")
    if select is None or not domain or (alias is not None and alias.args.get("columns")):
        return False
    joins = select.args.get("joins") or []
    conditions = [select.args["where"].this] if select.args.get("where") else []
    for join in joins:
        if join.this is table and join.args.get("on") and join.side not in OUTER:
            conditions.append(join.args["on"])
    names = {table.alias_or_name.lower()} | (set() if joins else {""})
    return any(_is_own(each, names, domain) for whole in conditions for each in _all_of(whole))


def _all_of(condition: exp.Expr) -> Iterator[exp.Expr]:
    """The conditions that all hold where the whole does."""
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        yield from _all_of(condition.left)
        yield from _all_of(condition.right)
    else:
        yield condition


def _is_own(condition: exp.Expr, names: set[str], domain: str) -> bool:
    if not isinstance(condition, exp.EQ):
        return False
    column, value = condition.left, condition.right
    return (
        isinstance(column, exp.Column)
        and column.name.lower() == "domain"
        and column.table.lower() in names
        and isinstance(value, exp.Literal)
        and value.is_string
        and value.name == domain
    )


__all__ = ["linking", "restricted"]
