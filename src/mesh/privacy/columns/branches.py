"""What IF and CASE give, where their conditions can be guards."""

from __future__ import annotations

from sqlglot import exp

from mesh.privacy.classes import GUARDED
from mesh.privacy.columns import functions
from mesh.privacy.columns.copies import copied
from mesh.privacy.columns.generated import comparisons, tie, told_by_guesses
from mesh.privacy.columns.groups import Guard
from mesh.privacy.columns.guards import (
    enough_for,
    narrowed,
    of_groups,
    shielded,
    shows_enough,
    shows_too_few,
)
from mesh.privacy.columns.parts import Uses, changed, indirectly, union
from mesh.privacy.columns.scope import Scope


def of_if(node: exp.Expr, scope: Scope) -> Uses:
    """What an IF gives."""
    from mesh.privacy.columns.expression import uses

    tie(node.this, scope)
    condition, then, otherwise = node.this, node.args.get("true"), node.args.get("false")
    yes, no = uses(then, scope), uses(otherwise, scope)
    yes = _behind(then, yes, shows_enough(condition, scope), scope)
    no = _behind(otherwise, no, shows_too_few(condition, scope), scope)
    told = [uses(part, scope) for part in copied(node, scope)]
    told += [told_by_guesses(each, scope) for each in comparisons(condition)]
    return union([yes, no, indirectly(uses(condition, scope)), *told])


def of_case(node: exp.Expr, scope: Scope) -> Uses:
    """What a CASE gives."""
    from mesh.privacy.columns.expression import uses

    parts = [indirectly(uses(node.this, scope))]
    parts += [uses(part, scope) for part in copied(node, scope)]
    guards: list[Guard] = []
    for branch in node.args.get("ifs") or []:
        then = branch.args.get("true")
        own = shows_enough(branch.this, scope) if node.this is None else []
        parts.append(_behind(then, uses(then, scope), [*guards, *own], scope))
        if node.this is None:
            guards += shows_too_few(branch.this, scope)
        parts.append(indirectly(uses(branch.this, scope)))
        asked = _asked(node, branch, scope)
        tie(asked, scope)
        parts += [told_by_guesses(each, scope) for each in comparisons(asked)]
    rest = node.args.get("default")
    parts.append(_behind(rest, uses(rest, scope), guards, scope))
    return union(parts)


def _asked(case: exp.Expr, branch: exp.Expr, scope: Scope) -> exp.Expr:
    """The condition of a branch: what CASE x WHEN y holds against each other."""
    asked: exp.Expr = branch.this
    if case.this is None or not scope.generates():
        return asked
    return exp.EQ(this=case.this.copy(), expression=asked.copy())


def _behind(node: exp.Expr | None, made: Uses, guards: list[Guard], scope: Scope) -> Uses:
    """What an expression gives where the guards hold; ``made`` is what it gives without."""
    from mesh.privacy.columns.expression import uses

    if not guards or node is None or _looks_aside(node):
        return made
    tables, scope.tables = scope.tables, shielded(scope, guards)
    try:
        made = uses(node, scope)
        only = narrowed(node, scope)
    finally:
        scope.tables = tables
    enough = enough_for(node, only, of_groups(scope, guards), scope)
    return changed(made, GUARDED) if enough else made


def _looks_aside(node: exp.Expr) -> bool:
    """Whether it shows values of other rows, of which a condition on this one says nothing."""
    return any(
        not functions.is_figure(each.this) and not functions.answers(each.this)
        for each in node.find_all(exp.Window)
    )
