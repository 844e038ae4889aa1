"""What the query of a quality rule may be: one figure, of one table, that its rows decide."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.optimizer.simplify import simplify

from mesh.contracts.tables_read import is_bare, name_of, tables_read

_DECIDED = (exp.Column, exp.AggFunc, exp.Exists)
"""What an expression has to hold for rows to decide about its value."""
_COUNTS = (exp.Count, exp.CountIf, exp.ApproxDistinct)


def faults_of_query(query: exp.Query, table: str) -> Iterator[str]:
    """Why a query gives no figure of ``table``, the name that stands for ``{object}``."""
    yield from _faults_of_figure(query)
    yield from _faults_of_rows(query)
    read = list(tables_read(query))
    if not any(_is(each, table) for each in read):
        yield "its query does not read {object}"
    for name in sorted({name_of(each) for each in read if not _is(each, table)}):
        yield f"its query reads {name}, which its test cannot wait for"


def is_count(query: exp.Query) -> bool:
    """Whether its figure is a count as it stands."""
    figure = query.selects[0].unalias() if len(query.selects) == 1 else None
    if isinstance(figure, exp.Filter):
        figure = figure.this
    return isinstance(query, exp.Select) and isinstance(figure, _COUNTS)


def _is(read: exp.Table, table: str) -> bool:
    return is_bare(read) and read.name == table


def _faults_of_figure(query: exp.Query) -> Iterator[str]:
    fixed = _fixed_names(query)
    for select in _branches(query):
        if len(select.selects) != 1:
            yield "its query gives several columns, not one figure"
        elif select.selects[0].is_star:
            yield "its query gives all columns, not one figure"
        elif _is_fixed(select.selects[0], fixed):
            figure = select.selects[0].sql("trino")
            yield f"its query gives {figure}, which no row of {{object}} decides"


def _branches(query: exp.Expr) -> Iterator[exp.Query]:
    """The selects that give the result: one, or those of a union."""
    if isinstance(query, exp.SetOperation):
        yield from _branches(query.this)
        yield from _branches(query.expression)
    elif isinstance(query, exp.Subquery):
        yield from _branches(query.this)
    elif isinstance(query, exp.Query):
        yield query


def _fixed_names(query: exp.Query) -> frozenset[str]:
    """Names that inner queries give to constants alone, followed from query to query."""
    named = list(_named(query))
    fixed: frozenset[str] = frozenset()
    while True:
        decided = {name for name, made in named if not _is_fixed(made, fixed)}
        found = frozenset(name for name, _ in named) - decided
        if found == fixed:
            return fixed
        fixed = found


def _named(query: exp.Query) -> Iterator[tuple[str, exp.Expr]]:
    """The names that a query and those inside give, each with what it stands for."""
    for each in query.find_all(exp.Alias, exp.TableAlias):
        if not isinstance(each, exp.TableAlias):
            yield each.alias.lower(), each.this
            continue
        inner = each.parent.this if each.parent is not None else None
        made = inner.selects if isinstance(inner, exp.Select) else []
        if isinstance(each.parent, exp.Values):
            made = each.parent.expressions[0].expressions
        for column, expression in zip(each.columns, made, strict=False):
            yield column.name.lower(), expression


def _is_fixed(expression: exp.Expr, fixed: frozenset[str]) -> bool:
    return not any(
        not isinstance(each, exp.Column) or each.name.lower() not in fixed
        for each in expression.find_all(*_DECIDED)
    )


def _faults_of_rows(query: exp.Query) -> Iterator[str]:
    """Conditions that are the same for every row, and limits that keep none."""
    for each in query.find_all(exp.Where, exp.Having):
        condition = simplify(each.this.copy(), dialect="trino")
        if isinstance(condition, exp.Boolean | exp.Null) or _is_fixed(each.this, frozenset()):
            yield f"its condition {each.this.sql('trino')} is the same for every row"
    for each in query.find_all(exp.Limit, exp.Fetch):
        limit = each.expression if isinstance(each, exp.Limit) else each.args.get("count")
        if isinstance(limit, exp.Literal) and limit.this == "0":
            yield "its query keeps no row: limit 0"
