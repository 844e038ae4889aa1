"""Whether a keyed hash is given a secret key whole: cut short or replaced, anybody can make it."""

from __future__ import annotations

from sqlglot import exp

from mesh.privacy.classes import HARMLESS
from mesh.privacy.columns.guards import SPELLINGS, is_key
from mesh.privacy.columns.parts import classes_of
from mesh.privacy.columns.scope import Scope

PARTS = frozenset({"expressions", "from_", "where"})
"""What a query that reads a key may have."""


def is_whole_key(node: exp.Expr, scope: Scope) -> bool:
    """Whether it is a key, whole: its column, or a scalar subquery that picks it by a name."""
    from mesh.privacy.columns.joins import joined_tables

    query = node.unnest()
    while isinstance(query, SPELLINGS):
        query = query.this.unnest()
    if isinstance(query, exp.Column):
        return is_key(query, scope)
    parts = {name for name, value in query.args.items() if value}
    if not isinstance(query, exp.Select) or not parts <= PARTS or len(query.expressions) != 1:
        return False
    inner = scope.inner()
    joined_tables(query, inner)
    where = query.args.get("where")
    asked = [] if where is None else list(where.this.flatten())
    if where is not None and not isinstance(where.this, exp.And):
        asked = [where.this]
    return is_key(query.expressions[0].unalias(), inner) and all(
        _picks(each.unnest(), inner) for each in asked
    )


def _picks(condition: exp.Expr, scope: Scope) -> bool:
    """Whether a condition holds a column that is not personal against a constant."""
    from mesh.privacy.columns.expression import uses

    if not isinstance(condition, exp.EQ):
        return False
    return any(
        isinstance(one, exp.Column)
        and isinstance(other, exp.Literal)
        and not classes_of(uses(one, scope), scope.around) - HARMLESS
        for one, other in (
            (condition.left, condition.right),
            (condition.right, condition.left),
        )
    )
