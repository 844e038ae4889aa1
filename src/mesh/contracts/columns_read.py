"""Which columns of a product the SQL of a direct reader names, in whatever way SQL names one.

What is named counts, also where it reaches no column that the reader gives: without it the query
fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import jinja2
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mesh.build.nodes import Node
from mesh.checks.style.sql import render


def columns_read(reader: Node, product: Node, macros: str) -> frozenset[str] | None:
    """The columns of ``product`` that the SQL of ``reader`` names; None for all, or unknown.

    Names are lower case. One too many where it could be a column of the product as well as of
    another table, or a field of a row.
    """
    try:
        query = sqlglot.parse_one(
            reader.compiled_code or render(reader.raw_code, macros), read="trino"
        )
    except (SqlglotError, jinja2.TemplateError, RecursionError):
        return None
    names = {product.name.lower(), product.table.lower()}
    found: set[str] = set()
    for select in query.find_all(exp.Select):
        parts = list(_from(select))
        sources = {_alias(each): each for each in parts if not isinstance(each, exp.Join)}
        mine = {alias for alias, each in sources.items() if _table(each) in names}
        if not mine:
            continue
        joins = [each for each in parts if isinstance(each, exp.Join)]
        if any(sources[alias].alias_column_names for alias in mine) or _takes_all(select, joins):
            return None
        found |= {name.name.lower() for join in joins for name in join.args.get("using") or ()}
        found |= set(_named(select, mine, sources))
    return frozenset(found)


def _from(select: exp.Select) -> Iterator[exp.Expr]:
    """The joins and relations of a select, also of joins in parentheses; not those of others."""
    first = select.args.get("from_") or select.args.get("from")
    for part in (*([first] if first else ()), *(select.args.get("joins") or ())):
        for each in part.walk(prune=lambda node: isinstance(node, exp.Select)):
            if isinstance(each, exp.Join | exp.Table | exp.Subquery | exp.Lateral | exp.Unnest):
                yield each


def _alias(relation: exp.Expr) -> str:
    return relation.alias_or_name.lower()


def _table(relation: exp.Expr) -> str:
    """The name of a table, empty for another query."""
    return relation.name.lower() if isinstance(relation, exp.Table) else ""


def _takes_all(select: exp.Select, joins: list[exp.Join]) -> bool:
    """Whether a star takes all columns, or a natural join compares all that two tables have."""
    stars = (star.parent for star in select.find_all(exp.Star))
    return any(isinstance(parent, exp.Select | exp.Column) for parent in stars) or any(
        str(join.args.get("method")).upper() == "NATURAL" for join in joins
    )


def _named(select: exp.Select, mine: set[str], sources: Mapping[str, exp.Expr]) -> Iterator[str]:
    """The columns that a select names and that can be those of its sources ``mine``."""
    for column in select.find_all(exp.Column):
        first, *rest = (part.name.lower() for part in column.parts)
        if not rest or first not in sources:
            yield first  # a column, or the row that a field is taken of
        for before, name in zip((first, *rest), rest, strict=False):
            if before in mine:
                yield name
