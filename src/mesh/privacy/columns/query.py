"""What the columns of a query are made of: SELECT, set operations, WITH, VALUES, joins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlglot import exp

from mesh.privacy.classes import SUMMED
from mesh.privacy.columns import functions
from mesh.privacy.columns.expression import OVER_ALL, uses
from mesh.privacy.columns.generated import except_for, generated, tie
from mesh.privacy.columns.groups import HIDDEN, Guard, counting
from mesh.privacy.columns.guards import of_groups, shielded, shows_enough
from mesh.privacy.columns.joins import joined_tables
from mesh.privacy.columns.ladders import Rungs, place_in, rungs_of, told_since
from mesh.privacy.columns.others import asks_for_few
from mesh.privacy.columns.parts import (
    NOTHING,
    Column,
    Relation,
    Surroundings,
    Unfollowable,
    indirectly,
    merged,
    union,
)
from mesh.privacy.columns.pins import pins_a_person
from mesh.privacy.columns.projections import projections
from mesh.privacy.columns.scope import Scope
from mesh.privacy.columns.tables import renamed, table_of
from mesh.privacy.columns.weights import repeats_unevenly


def relation_of(query: exp.Expr, around: Surroundings) -> Relation:
    """The columns of a query.

    Raises:
        Unfollowable: A part of it cannot be followed.
    """
    around.rungs, shown = rungs_of(query), len(around.shown)
    try:
        relation = evaluate(query, Scope(around, evaluate))
        if around.rungs is not None and (found := around.rungs.found()):
            del around.shown[shown:]
            around.rungs = Rungs(found)
            relation = evaluate(query, Scope(around, evaluate))
    except RecursionError as error:
        raise Unfollowable("the query is nested too deep to be followed") from error
    return relation


def evaluate(query: exp.Expr, scope: Scope) -> Relation:
    """The columns of a query inside of others; ``scope`` is its own, and still empty."""
    with_ = query.args.get("with_")
    if with_ is not None:
        _name_subqueries(with_, scope)
    if isinstance(query, (exp.Subquery, exp.Paren)):
        return _parenthesised(query, scope)
    if isinstance(query, exp.SetOperation):
        return _set_operation(query, scope)
    if isinstance(query, exp.Select):
        return _select(query, scope)
    if isinstance(query, exp.Values):
        return _values(query, scope)
    if isinstance(query, exp.Table):
        return table_of(query, scope)
    raise Unfollowable(f"{query.key.upper()} is not a query that can be followed")


def _parenthesised(query: exp.Expr, scope: Scope) -> Relation:
    inner = evaluate(query.this, scope.beside())
    alias = query.args.get("alias")
    return renamed(inner, alias) if alias is not None else inner


def _name_subqueries(with_: exp.Expr, scope: Scope) -> None:
    if with_.args.get("udfs"):
        raise Unfollowable("the query defines functions of its own")
    for cte in with_.expressions:
        name = cte.alias.lower()
        alias = cte.args["alias"]
        if with_.args.get("recursive") and isinstance(cte.this, exp.SetOperation):
            relation = _recursive(cte.this, name, alias, scope)
        else:
            relation = renamed(evaluate(cte.this, scope.beside()), alias)
        scope.ctes[name] = relation


def _recursive(query: exp.SetOperation, name: str, alias: exp.Expr, scope: Scope) -> Relation:
    relation = generated(renamed(evaluate(query.left, scope.beside()), alias))
    # A value can move on by one column with every round.
    for _ in range(len(relation.columns) + 1):
        inner = scope.beside()
        inner.ctes[name] = relation
        grown = renamed(evaluate(query, inner), alias)
        same = [set(c.uses) for c in grown.columns] == [set(c.uses) for c in relation.columns]
        relation = grown
        if same:
            return relation
    raise Unfollowable(f"the recursive query {name} brings in more with every round")


def _set_operation(query: exp.SetOperation, scope: Scope) -> Relation:
    # Long chains lean to the left: walked without recursion.
    branches: list[exp.Expr] = []
    taken_off: list[exp.Expr] = []
    node: exp.Expr = query
    while isinstance(node, exp.SetOperation):
        (taken_off if isinstance(node, exp.Except) else branches).append(node.right)
        node = node.left
        if node.args.get("with_"):
            break
    branches.append(node)
    relation = combined([evaluate(each, scope.beside()) for each in reversed(branches)])
    deciding = [evaluate(each, scope.beside()) for each in taken_off]
    rows = [indirectly(union([each.rows, *(c.uses for c in each.columns)])) for each in deciding]
    few = relation.pinned or any(_nodes(relation) & _nodes(each) for each in deciding)
    relation = except_for(relation, deciding, scope)
    return replace(relation, rows=union([relation.rows, *rows]), pinned=few)


def _nodes(relation: Relation) -> set[str]:
    return {use.ref.node for column in relation.columns for use in column.uses}


def combined(relations: list[Relation]) -> Relation:
    """Relations one below the other, column by column in their places."""
    first, *others = relations
    opened = frozenset().union(*(each.open for each in relations))
    width = len(first.columns)
    if any(len(each.columns) != width for each in others):
        if not opened:
            raise Unfollowable("the branches of a set operation have different numbers of columns")
        # Which column meets which is not known: every one may be any other.
        width = max(len(each.columns) for each in relations)
        everything = union([c.uses for each in relations for c in each.columns])
        names = max(relations, key=lambda each: len(each.columns)).columns
        columns = [Column(column.name, everything) for column in names]
    else:
        columns = [
            merged(column.name, [column, *(each.columns[i] for each in others)])
            for i, column in enumerate(first.columns)
        ]
    rows = union([each.rows for each in relations])
    pinned, repeated = any(r.pinned for r in relations), union([r.repeated for r in relations])
    relation = Relation(columns, rows, opened, pinned, repeated=repeated)
    return generated(relation) if others else relation


def _values(query: exp.Values, scope: Scope) -> Relation:
    rows = [
        each.expressions if isinstance(each, exp.Tuple) else [each] for each in query.expressions
    ]
    width = len(rows[0]) if rows else 0
    columns = [
        Column(f"_col{i}", union([uses(row[i], scope) for row in rows if i < len(row)]))
        for i in range(width)
    ]
    relation = generated(Relation(columns))
    alias = query.args.get("alias")
    return renamed(relation, alias) if alias is not None else relation


def _select(query: exp.Select, scope: Scope) -> Relation:
    rows = joined_tables(query, scope)
    where = query.args.get("where")
    guards: list[Guard] = []
    if where is not None:
        place = place_in(scope.around)
        rows.append(indirectly(uses(where.this, scope)))
        scope.asked = union([scope.asked, told_since(place, scope.around)])
        scope.pinned = scope.pinned or pins_a_person(where, scope)
        tie(where.this, scope)
        scope.uneven |= scope.generates() and repeats_unevenly(where.this, scope)
        scope.conditions.append(where.this)
        guards = shows_enough(where.this, scope)
        scope.tables = shielded(scope, guards)
    group = query.args.get("group")
    keys = list(_group_keys(query, group)) if group is not None else []
    rows += [indirectly(uses(each, scope)) for each in keys]
    scope.grouped = group is not None or _is_aggregation(query)
    scope.keys = keys if scope.grouped else None
    if group is None and scope.grouped:
        scope.figures = SUMMED if scope.pinned else OVER_ALL
    scope.guards = of_groups(scope, guards)
    having, few = query.args.get("having"), False
    if having is not None:
        rows.append(indirectly(uses(having.this, scope)))
        tie(having.this, scope)
        few = asks_for_few(having.this, scope)
        guards = shows_enough(having.this, scope)
        scope.tables = shielded(scope, guards)
        scope.guards += of_groups(scope, guards)
    told = scope.told
    columns, opened = projections(query, scope)
    if scope.told > told:  # a subquery that is shown later can tell what is shown before
        columns, opened = projections(query, scope)
    if not scope.grouped:
        columns = counting(columns, scope)
    if scope.asked:
        columns = [replace(each, uses=union([each.uses, scope.asked])) for each in columns]
    pinned = scope.pinned or any(query.args.get(each) for each in ("limit", "fetch", "offset"))
    return Relation(
        columns,
        union(rows),
        opened,
        few or (pinned and not scope.grouped),
        _shown_keys(query, keys) if scope.grouped else None,
        _narrowing(scope),
        {} if scope.grouped else scope.repeated,
    )


def _narrowing(scope: Scope) -> tuple[exp.Expr, ...]:
    """The conditions that left out rows, each once however often its table is read."""
    found = [*scope.conditions, *(each for _, table in scope.tables for each in table.narrowed)]
    return tuple({id(each): each for each in found}.values())


def _shown_keys(query: exp.Select, keys: list[exp.Expr]) -> frozenset[str]:
    """The names under which a query shows what its groups are formed by."""
    shown = {each.unalias(): each.output_name.lower() for each in query.expressions}
    return frozenset(shown.get(each, HIDDEN) for each in keys)


def _is_aggregation(query: exp.Select) -> bool:
    """Whether a query without GROUP BY has aggregates, so that it gives one row."""
    if query.args.get("having") is not None:
        return True
    return any(_aggregates(each) for each in query.expressions)


def _aggregates(node: exp.Expr) -> bool:
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, (exp.Query, exp.Window)):
            if isinstance(each, exp.Window):
                # sum(count(*)) over () aggregates, sum(x) over () does not
                stack.extend(part for part in each.this.iter_expressions())
            continue
        if functions.is_aggregate(each):
            return True
        stack.extend(each.iter_expressions())
    return False


def _group_keys(query: exp.Select, group: exp.Expr) -> Iterator[exp.Expr]:
    """The expressions that groups are formed by, those that are named by their place too."""
    found = list(group.expressions)
    for name in ("grouping_sets", "cube", "rollup"):
        found += [each for each in group.args.get(name) or [] if isinstance(each, exp.Expr)]
    for each in found:
        for key in _flattened(each):
            if not isinstance(key, exp.Literal):
                yield key
            elif key.is_int and 0 < int(key.this) <= len(query.expressions):
                yield query.expressions[int(key.this) - 1].unalias()


def _flattened(node: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(node, (exp.Tuple, exp.Cube, exp.Rollup, exp.GroupingSets)):
        for each in node.expressions:
            yield from _flattened(each)
    elif isinstance(node, exp.Paren):
        yield from _flattened(node.this)
    else:
        yield node


__all__ = ["NOTHING", "combined", "evaluate", "relation_of", "renamed"]
