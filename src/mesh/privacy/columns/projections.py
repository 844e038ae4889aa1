"""What a SELECT shows: its expressions and stars."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from mesh.privacy.classes import GROUPED, GUARDED
from mesh.privacy.columns.expression import made_by
from mesh.privacy.columns.guards import enough_for
from mesh.privacy.columns.parts import ONLY, Column, Unfollowable, changed, union
from mesh.privacy.columns.scope import Scope


def projections(query: exp.Select, scope: Scope) -> tuple[list[Column], frozenset[str]]:
    """The columns that a SELECT shows, and the nodes that may have more."""
    columns: list[Column] = []
    opened: frozenset[str] = frozenset()
    for place, node in enumerate(query.expressions):
        if isinstance(node, exp.Aliases):
            stars, open_ = star(node.this, scope)
            names = [each.name.lower() for each in node.expressions]
            columns += [replace(c, name=name) for name, c in zip(names, stars, strict=False)]
            opened |= open_
        elif _isstar(node):
            stars, open_ = star(node, scope)
            columns += stars
            opened |= open_
        else:
            columns.append(_projection(place, node, scope))
    return columns, opened


def _isstar(node: exp.Expr) -> bool:
    if isinstance(node, exp.Dot):
        return isinstance(node.expression, exp.Star)
    return isinstance(node, exp.Star) or (
        isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
    )


def _projection(place: int, node: exp.Expr, scope: Scope) -> Column:
    inner = node.unalias()
    name = (node.alias if isinstance(node, exp.Alias) else node.output_name).lower()
    column = made_by(name or f"_col{place}", inner, scope)
    if enough_for(inner, column.told(ONLY), scope.guards, scope):
        column = replace(column, uses=changed(column.uses, GUARDED))
    if scope.around.values and name:
        told = union([made for mark, made in scope.around.values.items() if mark in name])
        column = replace(column, uses=union([column.uses, told]))
    return column


def star(node: exp.Expr, scope: Scope) -> tuple[list[Column], frozenset[str]]:
    """The columns that a star shows, and the nodes that may have more."""
    if isinstance(node, exp.Dot):
        # (expression).*: the fields of a row, whose names are not known
        if not isinstance(node.this, (exp.Identifier, exp.Dot, exp.Column)):
            raise Unfollowable("the fields of a row are shown by a star")
        qualifier = [part.lower() for part in node.this.sql(dialect="trino").split(".")]
    else:
        qualifier = [node.table.lower()] if isinstance(node, exp.Column) and node.table else []
    star = node.this if isinstance(node, exp.Column) else node
    if star.args.get("except_") or star.args.get("replace") or star.args.get("rename"):
        raise Unfollowable("Trino knows no star with exceptions")
    tables = [t for alias, t in scope.tables if not qualifier or alias == qualifier[-1]]
    if qualifier and not tables:
        raise Unfollowable(f"{qualifier[-1]}.* shows a table that is not read")
    found: list[Column] = []
    if not qualifier:
        found += scope.shared.values()
    for table in tables:
        found += [c for c in table.columns if qualifier or c.name not in scope.shared]
    if scope.grouped:
        found = [replace(c, uses=changed(c.uses, GROUPED)) for c in found]
    opened: frozenset[str] = frozenset().union(*(table.open for table in tables))
    return found, opened
