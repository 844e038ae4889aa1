"""Tables of FROM and how they are joined."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from mesh.privacy.classes import SAME, Class
from mesh.privacy.columns.expression import made_by, uses
from mesh.privacy.columns.generated import tie
from mesh.privacy.columns.ladders import place_in, told_since
from mesh.privacy.columns.parts import (
    Column,
    ColumnRef,
    Relation,
    Unfollowable,
    Use,
    Uses,
    classes_of,
    indirectly,
    merged,
    union,
)
from mesh.privacy.columns.pins import joins_a_person
from mesh.privacy.columns.projections import star
from mesh.privacy.columns.scope import Scope
from mesh.privacy.columns.tables import renamed, table_of
from mesh.privacy.columns.weights import repeats_unevenly


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
    scope.pinned = scope.pinned or bool(node.args.get("sample"))
    scope.tables.append((_alias(node), relation))
    scope.repeated = union([scope.repeated, relation.repeated])
    yield relation.rows
    for join in node.args.get("joins") or []:
        yield from _join(join, scope)


def _add_named(node: exp.Expr, scope: Scope) -> Iterator[Uses]:
    """Add tables that are joined inside parentheses with a name."""
    inner = scope.beside()
    yield from _add(node.this, inner)
    columns, opened = star(exp.Star(), inner)
    relation = renamed(Relation(columns, open=opened), node.args["alias"])
    scope.tables.append((node.alias.lower(), relation))


def _alias(node: exp.Expr) -> str:
    return (node.alias or node.name).lower()


def _join(join: exp.Expr, scope: Scope) -> Iterator[Uses]:
    before = list(scope.tables)
    yield from _add(join.this, scope)
    on = join.args.get("on")
    added = {alias for alias, _ in scope.tables[len(before) :]}
    side = str(join.args.get("side") or "").upper()
    if side in {"LEFT", "FULL"}:
        scope.optional |= added
    if side in {"RIGHT", "FULL"}:
        scope.optional |= {alias for alias, _ in before}
    if on is not None:
        scope.conditions.append(on)
        place = place_in(scope.around)
        yield indirectly(uses(on, scope))
        scope.asked = union([scope.asked, told_since(place, scope.around)])
        scope.pinned = scope.pinned or joins_a_person(on, scope)
        tie(on, scope)
        scope.uneven |= scope.generates() and repeats_unevenly(on, scope)
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
