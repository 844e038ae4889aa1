"""What the columns of a query are made of: SELECT, set operations, WITH, VALUES, joins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlglot import exp

from mesh.privacy.classes import GROUPED, GUARDED, SAME, SUMMED, Class
from mesh.privacy.columns import functions
from mesh.privacy.columns.expression import (
    OVER_ALL,
    Scope,
    made_by,
    uses,
)
from mesh.privacy.columns.guards import Guard, related, shielded, shows_enough
from mesh.privacy.columns.parts import (
    NOTHING,
    ONLY,
    Column,
    ColumnRef,
    Relation,
    Surroundings,
    Unfollowable,
    Use,
    Uses,
    changed,
    classes_of,
    indirectly,
    merged,
    union,
)
from mesh.privacy.columns.pins import joins_a_person, pins_a_person
from mesh.privacy.columns.tables import table_of

ROUNDS = 10
"""How often a recursive query is walked; what it is made of no longer grows long before."""


def relation_of(query: exp.Expr, around: Surroundings) -> Relation:
    """The columns of a query.

    Raises:
        Unfollowable: A part of it cannot be followed.
    """
    try:
        return evaluate(query, Scope(around, evaluate))
    except RecursionError as error:
        raise Unfollowable("the query is nested too deep to be followed") from error


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


def _inner(scope: Scope) -> Scope:
    """A scope beside, not inside: a branch of a union does not see the other's tables."""
    return Scope(scope.around, scope.evaluate, ctes=dict(scope.ctes), outer=scope.outer)


def _parenthesised(query: exp.Expr, scope: Scope) -> Relation:
    inner = evaluate(query.this, _inner(scope))
    alias = query.args.get("alias")
    return renamed(inner, alias) if alias is not None else inner


def renamed(relation: Relation, alias: exp.Expr) -> Relation:
    """The relation under the column names of an alias, if it has any."""
    names = [each.name.lower() for each in alias.args.get("columns") or []]
    if not names:
        return relation
    if relation.open:
        raise Unfollowable("columns are renamed by place, and it is not known which there are")
    columns = [
        replace(column, name=names[i] if i < len(names) else column.name)
        for i, column in enumerate(relation.columns)
    ]
    return Relation(columns, relation.rows, relation.open, relation.pinned)


def _name_subqueries(with_: exp.Expr, scope: Scope) -> None:
    if with_.args.get("udfs"):
        raise Unfollowable("the query defines functions of its own")
    for cte in with_.expressions:
        name = cte.alias.lower()
        alias = cte.args["alias"]
        if with_.args.get("recursive") and isinstance(cte.this, exp.SetOperation):
            relation = _recursive(cte.this, name, alias, scope)
        else:
            relation = renamed(evaluate(cte.this, _inner(scope)), alias)
        scope.ctes[name] = relation


def _recursive(query: exp.SetOperation, name: str, alias: exp.Expr, scope: Scope) -> Relation:
    relation = renamed(evaluate(query.left, _inner(scope)), alias)
    for _ in range(ROUNDS):
        inner = _inner(scope)
        inner.ctes[name] = relation
        grown = renamed(evaluate(query, inner), alias)
        same = [set(c.uses) for c in grown.columns] == [set(c.uses) for c in relation.columns]
        relation = grown
        if same:
            break
    return relation


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
    relation = combined([evaluate(each, _inner(scope)) for each in reversed(branches)])
    deciding = [evaluate(each, _inner(scope)) for each in taken_off]
    rows = [indirectly(union([each.rows, *(c.uses for c in each.columns)])) for each in deciding]
    return Relation(relation.columns, union([relation.rows, *rows]), relation.open, relation.pinned)


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
    return Relation(columns, rows, opened, any(each.pinned for each in relations))


def _values(query: exp.Values, scope: Scope) -> Relation:
    rows = [
        each.expressions if isinstance(each, exp.Tuple) else [each] for each in query.expressions
    ]
    width = len(rows[0]) if rows else 0
    columns = [
        Column(f"_col{i}", union([uses(row[i], scope) for row in rows if i < len(row)]))
        for i in range(width)
    ]
    relation = Relation(columns)
    alias = query.args.get("alias")
    return renamed(relation, alias) if alias is not None else relation


def _select(query: exp.Select, scope: Scope) -> Relation:
    rows = joined_tables(query, scope)
    where = query.args.get("where")
    if where is not None:
        rows.append(indirectly(uses(where.this, scope)))
        if related(where.this):
            scope.apart.clear()
        scope.tables = shielded(scope, shows_enough(where.this, scope))
    group = query.args.get("group")
    if group is not None:
        rows += [indirectly(uses(each, scope)) for each in _group_keys(group)]
    scope.grouped = group is not None or _is_aggregation(query)
    pinned = scope.pinned or pins_a_person(where, scope)
    if group is None and scope.grouped:
        scope.figures = SUMMED if pinned or _correlated(where, scope) else OVER_ALL
    having = query.args.get("having")
    guards: list[Guard] = []
    if having is not None:
        rows.append(indirectly(uses(having.this, scope)))
        guards = shows_enough(having.this, scope)
        scope.tables = shielded(scope, guards)
    columns, opened = _projections(query, scope)
    columns = [
        replace(c, uses=changed(c.uses, GUARDED))
        if any(not each.table and c.told(ONLY) <= each.of for each in guards)
        else c
        for c in columns
    ]
    pinned = pinned or bool(query.args.get("limit") or query.args.get("fetch"))
    return Relation(columns, union(rows), opened, pinned and not scope.grouped)


def _correlated(where: exp.Expr | None, scope: Scope) -> bool:
    """Whether a subquery sums up what belongs to one row of the query around it."""
    if where is None or scope.outer is None:
        return False
    return any(
        isinstance(each.left, exp.Column) and isinstance(each.right, exp.Column)
        for each in where.find_all(exp.EQ)
    )


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


def _group_keys(group: exp.Expr) -> Iterator[exp.Expr]:
    """The expressions that groups are formed by, without the places of columns."""
    for each in group.expressions:
        yield from _flattened(each)
    for name in ("grouping_sets", "cube", "rollup"):
        for each in group.args.get(name) or []:
            if isinstance(each, exp.Expr):
                yield from _flattened(each)


def _flattened(node: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(node, (exp.Tuple, exp.Cube, exp.Rollup, exp.GroupingSets)):
        for each in node.expressions:
            yield from _flattened(each)
    elif isinstance(node, exp.Paren):
        yield from _flattened(node.this)
    elif not isinstance(node, exp.Literal):
        yield node


def joined_tables(query: exp.Select, scope: Scope) -> list[Uses]:
    """Fill the scope with the tables of FROM; gives what decides their rows."""
    rows = list(_from(query, scope))
    scope.pinned = scope.pinned or any(table.pinned for _, table in scope.tables)
    return rows


def _from(query: exp.Select, scope: Scope) -> Iterator[Uses]:
    """Fill the scope with the tables of FROM; gives what decides their rows."""
    from_ = query.args.get("from_")
    if from_ is not None:
        yield from _add(from_.this, scope)
    for lateral in query.args.get("laterals") or []:
        yield from _add(lateral, scope)
    match = query.args.get("match")
    if match is not None:
        _recognised_rows(match, scope)
    for join in query.args.get("joins") or []:
        yield from _join(join, scope)


def _add(node: exp.Expr, scope: Scope) -> Iterator[Uses]:
    """Add a table to the scope, with those that are joined to it inside its parentheses."""
    if isinstance(node, (exp.Subquery, exp.Paren)) and isinstance(node.this, exp.Table):
        if not node.alias:
            yield from _add(node.this, scope)
        else:
            yield from _add_named(node, scope)
        for join in node.args.get("joins") or []:
            yield from _join(join, scope)
        return
    relation = table_of(node, scope)
    scope.tables.append((_alias(node), relation))
    yield relation.rows
    for join in node.args.get("joins") or []:
        yield from _join(join, scope)


def _add_named(node: exp.Expr, scope: Scope) -> Iterator[Uses]:
    """Add tables that are joined inside parentheses with a name."""
    inner = _inner(scope)
    yield from _add(node.this, inner)
    columns, opened = _star(exp.Star(), inner)
    relation = renamed(Relation(columns, open=opened), node.args["alias"])
    scope.tables.append((node.alias.lower(), relation))


def _alias(node: exp.Expr) -> str:
    return (node.alias or node.name).lower()


def _join(join: exp.Expr, scope: Scope) -> Iterator[Uses]:
    before = list(scope.tables)
    yield from _add(join.this, scope)
    on = join.args.get("on")
    together = join.args.get("using") or join.args.get("method") == "NATURAL"
    if not (together or isinstance(join.this, (exp.Unnest, exp.Lateral)) or related(on)):
        number = len(scope.apart) + 1
        scope.apart |= {alias: number for alias, _ in scope.tables[len(before) :]}
    if on is not None:
        yield indirectly(uses(on, scope))
        scope.pinned = scope.pinned or joins_a_person(on, scope)
    names = [each.name.lower() for each in join.args.get("using") or []]
    if join.args.get("method") == "NATURAL":
        right = scope.tables[-1][1]
        left = {column.name for _, table in before for column in table.columns}
        if right.open or any(table.open for _, table in before):
            raise Unfollowable("a natural join of tables whose columns are not all known")
        names = [column.name for column in right.columns if column.name in left]
    for name in names:
        both = [column for _, table in scope.tables for column in _shared(name, table)]
        scope.shared[name] = merged(name, both)
        classes = [classes_of(each.uses, scope.around) for each in both]
        if any(Class.DIRECT in each for each in classes) and not all(classes):
            scope.pinned = True
        yield indirectly(scope.shared[name].uses)


def _shared(name: str, table: Relation) -> list[Column]:
    opened: Uses = {Use(ColumnRef(node, name), True, SAME): None for node in table.open}
    return table.named(name) or ([Column(name, opened)] if opened else [])


def _recognised_rows(match: exp.Expr, scope: Scope) -> None:
    """MATCH_RECOGNIZE: its measures beside the columns of the table, whatever it shows of them."""
    alias, table = scope.tables[-1]
    inner = Scope(scope.around, scope.evaluate, [(alias, table)], scope.ctes, scope.outer)
    # A pattern variable qualifies columns like an alias does.
    variables = [each.alias.lower() for each in match.args.get("define") or []]
    pattern = match.args.get("pattern")
    words = pattern.name.replace("(", " ").replace(")", " ").split() if pattern else []
    letters = [word.strip("*+?{},0123456789|").lower() for word in words]
    inner.tables += [(name, table) for name in {*variables, *letters} if name]
    measures = [
        made_by(each.this.alias.lower(), each.this.this, inner)
        for each in match.args.get("measures") or []
    ]
    rows = [indirectly(uses(each.this, inner)) for each in match.args.get("define") or []]
    relation = Relation([*table.columns, *measures], union([table.rows, *rows]), table.open)
    name = match.args.get("alias")
    scope.tables[-1] = (name.name.lower() if name is not None else alias, relation)


def _projections(query: exp.Select, scope: Scope) -> tuple[list[Column], frozenset[str]]:
    columns: list[Column] = []
    opened: frozenset[str] = frozenset()
    for place, node in enumerate(query.expressions):
        if isinstance(node, exp.Aliases):
            stars, open_ = _star(node.this, scope)
            names = [each.name.lower() for each in node.expressions]
            columns += [replace(c, name=name) for name, c in zip(names, stars, strict=False)]
            opened |= open_
        elif _is_star(node):
            stars, open_ = _star(node, scope)
            columns += stars
            opened |= open_
        else:
            columns.append(_projection(place, node, scope))
    return columns, opened


def _is_star(node: exp.Expr) -> bool:
    if isinstance(node, exp.Dot):
        return isinstance(node.expression, exp.Star)
    return isinstance(node, exp.Star) or (
        isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
    )


def _projection(place: int, node: exp.Expr, scope: Scope) -> Column:
    inner = node.unalias()
    name = (node.alias if isinstance(node, exp.Alias) else node.output_name).lower()
    column = made_by(name or f"_col{place}", inner, scope)
    if scope.around.values and name:
        told = union([made for mark, made in scope.around.values.items() if mark in name])
        column = replace(column, uses=union([column.uses, told]))
    return column


def _star(node: exp.Expr, scope: Scope) -> tuple[list[Column], frozenset[str]]:
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


__all__ = ["NOTHING", "combined", "evaluate", "relation_of", "renamed"]
