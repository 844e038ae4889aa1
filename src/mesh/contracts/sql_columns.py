"""Which columns a model's SQL gives, and of which types as far as its text tells.

The one place where a check of contracts looks into SQL: :func:`output_columns`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mesh.build.nodes import Manifest, Node
from mesh.checks.style.rules import own_macros
from mesh.checks.style.sql import render
from mesh.contracts.trino_types import Type, UnknownType, parse_type

BIGINT, BOOLEAN = Type("bigint"), Type("boolean")
_COUNTS = (exp.Count, exp.CountIf, exp.ApproxDistinct, exp.RowNumber)
_SAME = (exp.Min, exp.Max, exp.Neg, exp.Paren, exp.AnyValue)


@dataclass(frozen=True)
class Output:
    """A column of a query; ``type`` is None where the text does not tell.

    ``exact`` if it stands in a cast: else only the kind of type is sure, not its precision.
    """

    name: str
    type: Type | None = None
    exact: bool = False


Columns = tuple[Output, ...]
Sources = Mapping[str, Columns | None]

_last: list[Any] = []
"""The project that was looked into last, and what rendering its SQL takes."""


def output_columns(manifest: Manifest, node: Node) -> Columns | None:
    """The columns that a model gives, in order; None where its text alone does not tell."""
    macros, tables = _context(manifest)
    try:
        text = node.compiled_code or render(node.raw_code, macros)
        return _query(sqlglot.parse_one(text, read="trino"), tables)
    except (SqlglotError, jinja2.TemplateError, RecursionError):
        return None


def _declared(manifest: Manifest) -> dict[str, Columns | None]:
    found: dict[str, Columns | None] = {}
    for node in manifest.nodes.values():
        typed = tuple(Output(c.name.lower(), _typed(c.data_type), exact=True) for c in node.columns)
        if typed and all(column.type for column in typed):
            found[node.name.lower()] = found[node.table.lower()] = typed
    return found


def _context(manifest: Manifest) -> tuple[str, Sources]:
    """The macros to render with, and the tables whose types are declared; of one project a time."""
    if not _last or _last[0] is not manifest:
        macros = "\n".join(macro.sql for macro in own_macros(manifest)) + "\n"
        _last[:] = [manifest, (macros, _declared(manifest))]
    found: tuple[str, Sources] = _last[1]
    return found


def _typed(text: str | None) -> Type | None:
    try:
        return parse_type(text) if text else None
    except UnknownType:
        return None


def _query(query: exp.Expr, known: Sources) -> Columns | None:
    if not isinstance(query, exp.Query):
        return None
    scope = dict(known)
    for cte in query.ctes:
        inner = _query(cte.this, scope)
        names = cte.alias_column_names
        if inner is not None and names and len(names) == len(inner):
            inner = tuple(Output(n, o.type, o.exact) for n, o in zip(names, inner, strict=True))
        scope[cte.alias.lower()] = inner
    if isinstance(query, exp.SetOperation):
        return _union(_query(query.left, scope), _query(query.right, scope))
    if not isinstance(query, exp.Select):
        return _query(query.this, scope)
    return _select(query, _sources(query, scope))


def _union(left: Columns | None, right: Columns | None) -> Columns | None:
    """A set operation has the names of its left side, and types that both sides agree on."""
    if left is None or right is None or len(left) != len(right):
        return left
    return tuple(
        a if a == b or (a.type == b.type) else Output(a.name)
        for a, b in zip(left, right, strict=True)
    )


def _sources(select: exp.Select, scope: Sources) -> dict[str, Columns | None]:
    found: dict[str, Columns | None] = {}
    first = select.args.get("from_") or select.args.get("from")
    joined = [join.this for join in select.args.get("joins") or ()]
    for relation in [*([first.this] if first else []), *joined]:
        name = relation.alias_or_name.lower()
        if isinstance(relation, exp.Table):
            found[name] = scope.get(relation.name.lower())
        elif isinstance(relation, exp.Subquery):
            found[name] = _query(relation.this, scope)
        else:
            found[name] = None
    return found


def _select(select: exp.Select, sources: dict[str, Columns | None]) -> Columns | None:
    columns: list[Output] = []
    for projection in select.expressions:
        starred = _starred(projection, sources)
        if starred is None:
            return None
        if starred:
            columns += starred
        else:
            found = _expression(projection.unalias(), sources)
            columns.append(Output(projection.alias_or_name.lower(), found.type, found.exact))
    return tuple(columns)


def _starred(projection: exp.Expr, sources: Sources) -> list[Output] | None:
    """What a star stands for; empty for another expression, None where it cannot be told."""
    if isinstance(projection, exp.Star):
        named: Sequence[Columns | None] = list(sources.values())
    elif isinstance(projection, exp.Column) and isinstance(projection.this, exp.Star):
        named = [sources.get(projection.table.lower())]
    else:
        return []
    if not named or any(columns is None for columns in named):
        return None
    return [output for columns in named if columns for output in columns]


def _expression(node: exp.Expr, sources: Sources) -> Output:
    if isinstance(node, exp.Cast):
        found = _cast_to(node.to)
        return Output("", found, exact=found is not None)
    if isinstance(node, exp.Column):
        return _column(node, sources)
    return Output("", _result(node, sources))


@lru_cache(maxsize=256)
def _cast_to(type_: exp.DataType) -> Type | None:
    """The type of a cast; a project casts to few, and to write one out takes long."""
    return _typed(type_.sql(dialect="trino"))


def _result(node: exp.Expr, sources: Sources) -> Type | None:
    """The type of an operation, as far as it follows from what is operated on."""
    if isinstance(node, exp.Boolean | exp.Predicate | exp.Connector | exp.Not):
        return BOOLEAN
    if isinstance(node, _COUNTS):
        return BIGINT
    if isinstance(node, _SAME):
        return _expression(node.this, sources).type
    if isinstance(node, exp.Coalesce | exp.Case | exp.If):
        return _agreed(node, sources)
    return None


def _agreed(node: exp.Expr, sources: Sources) -> Type | None:
    """The type of a choice between values that all have it; NULL fits any."""
    if isinstance(node, exp.Coalesce):
        values = [node.this, *node.expressions]
    elif isinstance(node, exp.If):
        values = [node.args.get("true"), node.args.get("false")]
    else:
        values = [*(each.args.get("true") for each in node.args["ifs"]), node.args.get("default")]
    given = [value for value in values if value is not None and not isinstance(value, exp.Null)]
    types = {_expression(value, sources).type for value in given}
    return types.pop() if len(types) == 1 else None


def _column(node: exp.Column, sources: Sources) -> Output:
    name = node.name.lower()
    named = [sources.get(node.table.lower())] if node.table else list(sources.values())
    hits = [o for columns in named if columns for o in columns if o.name == name]
    if len(hits) == 1 and (node.table or all(columns is not None for columns in named)):
        return hits[0]
    return Output(name)
