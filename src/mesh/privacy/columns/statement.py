"""What statements write (INSERT, MERGE, UPDATE, CREATE … AS, ALTER …), and what they tell."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from mesh.privacy.columns.expression import made_by, uses
from mesh.privacy.columns.parts import (
    NOTHING,
    Column,
    Relation,
    Surroundings,
    Unfollowable,
    Uses,
    indirectly,
    union,
)
from mesh.privacy.columns.query import combined, evaluate, relation_of
from mesh.privacy.columns.scope import Scope

logging.getLogger("sqlglot").setLevel(logging.ERROR)

MADE_OF_TEXT = frozenset({"EXECUTE", "PREPARE", "DEALLOCATE"})
QUIET_COMMANDS = frozenset(
    {
        "ALTER", "COMMIT", "DENY", "EXPLAIN", "REFRESH", "RESET", "REVOKE", "ROLLBACK", "SHOW",
        "START", "USE", "DROP", "GRANT", "ANALYZE", "COMMENT", "SET",
    }
)  # fmt: skip
QUIET: tuple[type[exp.Expr], ...] = (
    exp.Grant,
    exp.Revoke,
    exp.Analyze,
    exp.Comment,
    exp.Refresh,
    exp.Set,
    exp.Drop,
    exp.TruncateTable,
    exp.Delete,
    exp.Use,
    exp.Describe,
    exp.Transaction,
    exp.Commit,
    exp.Rollback,
)

COMPARED = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)


class MadeOfText(Unfollowable):
    """A statement that runs text: what it does is not known before."""


@dataclass(frozen=True)
class Written:
    """What a statement writes: the table's name in parts, and the columns it gives it."""

    table: tuple[str, ...]
    relation: Relation


def parse(sql: str) -> list[exp.Expr]:
    """The statements of a text.

    Raises:
        Unfollowable: It is not Trino's SQL.
    """
    try:
        return [each for each in sqlglot.parse(sql, dialect="trino") if each is not None]
    except SqlglotError as error:
        known = error.errors if isinstance(error, ParseError) else []
        first = known[0] if known else {}
        place = f" at line {first['line']}" if first.get("line") else ""
        what = first.get("description") or str(error).splitlines()[0]
        raise Unfollowable(f"the SQL does not parse{place}: {what}") from error
    except RecursionError as error:
        raise Unfollowable("the SQL is nested too deep to be followed") from error


def query_of(sql: str, values: Collection[str] = ()) -> exp.Expr:
    """The one query that a text is; ``values`` are marks that stand for values of other queries.

    Raises:
        Unfollowable: It is another statement, or more than one.
    """
    found = parse(sql)
    if len(found) != 1 or not isinstance(found[0], (exp.Query, exp.Values, exp.Table)):
        raise Unfollowable(f"{len(found)} statements stand where one query was expected")
    return found[0].transform(_held_against, values) if values else found[0]


def _held_against(node: exp.Expr, values: Collection[str]) -> exp.Expr:
    """A number of another query that a column is held against, which is no column."""
    is_mark = isinstance(node, exp.Column) and len(node.parts) == 1 and node.name in values
    if is_mark and not node.this.quoted and isinstance(node.parent, COMPARED):
        others = [each for each in node.parent.iter_expressions() if each is not node]
        if any(
            column.name not in values for each in others for column in each.find_all(exp.Column)
        ):
            return exp.Literal.string(node.name)
    return node


def written_by(statement: exp.Expr, around: Surroundings) -> Iterator[Written]:
    """What the statement writes.

    Raises:
        Unfollowable: That cannot be said.
    """
    if isinstance(statement, (exp.Query, exp.Values)):
        relation_of(statement, around)
    elif isinstance(statement, exp.Insert):
        yield _insert(statement, around)
    elif isinstance(statement, exp.Create):
        yield from _create(statement, around)
    elif isinstance(statement, exp.Merge):
        yield _merge(statement, around)
    elif isinstance(statement, exp.Update):
        yield _update(statement, around)
    elif isinstance(statement, exp.Alter):
        yield from _alter(statement, around)
    elif isinstance(statement, exp.Command):
        _command(statement)
    elif not isinstance(statement, QUIET):
        raise Unfollowable(f"the statement {statement.key.upper()} cannot be followed")


def _name(node: exp.Expr) -> tuple[str, ...]:
    table = node.this if isinstance(node, exp.Schema) else node
    if not isinstance(table, exp.Table):
        raise Unfollowable("the table that is written has no plain name")
    return tuple(part.name.lower() for part in table.parts)


def told_by(statement: exp.Expr, values: Mapping[str, Uses]) -> Uses:
    """What a statement tells by its own words: in names, comments, properties and arguments.

    ``values`` are what marks in its text stand for. Those in a query, or in a condition that rows
    are changed by, are no words of the statement.
    """
    if not values or isinstance(statement, (exp.Query, exp.Values)):
        return NOTHING
    if isinstance(statement, (exp.Delete, exp.Merge, exp.Update)):
        words = statement.this
    elif isinstance(statement, (exp.Create, exp.Insert)):
        words = statement.copy()
        words.set("expression", None)
    else:
        words = statement
    text = words.sql(dialect="trino").lower()
    return union([made for mark, made in values.items() if mark in text])


def _insert(statement: exp.Insert, around: Surroundings) -> Written:
    name = _name(statement.this)
    relation = relation_of(statement.expression, around)
    if isinstance(statement.this, exp.Schema):
        names = [each.name.lower() for each in statement.this.expressions]
        return Written(name, _placed(relation, names))
    try:
        target = around.lookup(name)
    except Unfollowable:
        return Written(name, relation)
    names = [column.name for column in target.columns]
    if not target.open:
        return Written(name, _placed(relation, names))
    # It has columns nobody declared, so which value goes into which one is not known.
    everything = union([column.uses for column in relation.columns])
    columns = [Column(each, everything) for each in names]
    return Written(name, Relation([*columns, *relation.columns], relation.rows, relation.open))


def _placed(relation: Relation, names: list[str]) -> Relation:
    """The relation under the names of the columns that it is written into."""
    columns = [
        Column(names[i] if i < len(names) else column.name, column.uses)
        for i, column in enumerate(relation.columns)
    ]
    return Relation(columns, relation.rows, relation.open)


def _create(statement: exp.Create, around: Surroundings) -> Iterator[Written]:
    kind = str(statement.args.get("kind") or "").upper()
    if kind in {"FUNCTION", "PROCEDURE"}:
        raise Unfollowable("the statement defines a function that SQL elsewhere may use")
    if statement.expression is None:
        return
    if not isinstance(statement.expression, (exp.Query, exp.Values, exp.Table)):
        raise MadeOfText("the table is made of what is not a query")
    yield Written(_name(statement.this), relation_of(statement.expression, around))


def _merge(statement: exp.Merge, around: Surroundings) -> Written:
    scope = Scope(around, evaluate)
    target = statement.this
    name = _name(target)
    scope.tables.append((target.alias_or_name.lower(), around.lookup(name)))
    source = statement.args["using"]
    relation = evaluate(source, scope.inner()) if not isinstance(source, exp.Table) else None
    if relation is None:
        from mesh.privacy.columns.tables import table_of

        relation = table_of(source, scope)
    scope.tables.append((source.alias_or_name.lower(), relation))
    columns: list[Column] = []
    for when in statement.args["whens"].expressions:
        then = when.args["then"]
        if isinstance(then, exp.Update):
            columns += _assigned(then, scope)
        elif isinstance(then, exp.Insert) and then.expression is not None:
            names = [each.name.lower() for each in then.this.expressions] if then.this else []
            names = names or [column.name for column in scope.tables[0][1].columns]
            values = then.expression.expressions
            columns += [
                made_by(names[i] if i < len(names) else f"_col{i}", each, scope)
                for i, each in enumerate(values)
            ]
    rows = indirectly(uses(statement.args.get("on"), scope))
    return Written(name, Relation(columns, rows))


def _update(statement: exp.Update, around: Surroundings) -> Written:
    scope = Scope(around, evaluate)
    name = _name(statement.this)
    scope.tables.append((statement.this.alias_or_name.lower(), around.lookup(name)))
    columns = _assigned(statement, scope)
    where = statement.args.get("where")
    rows = indirectly(uses(where.this, scope)) if where is not None else {}
    return Written(name, Relation(columns, rows))


def _assigned(update: exp.Expr, scope: Scope) -> list[Column]:
    return [
        made_by(each.this.name.lower(), each.expression, scope)
        for each in update.expressions
        if isinstance(each, exp.EQ)
    ]


def _alter(statement: exp.Alter, around: Surroundings) -> Iterator[Written]:
    name = _name(statement.this)
    for action in statement.args.get("actions") or []:
        if isinstance(action, exp.AlterRename):
            new = _name(action.this)
            full = new if len(new) >= len(name) else (*name[: len(name) - len(new)], *new)
            yield Written(full, around.lookup(name))
        elif isinstance(action, exp.RenameColumn):
            scope = Scope(around, evaluate)
            scope.tables.append((name[-1], around.lookup(name)))
            copy = made_by(action.args["to"].name.lower(), action.this, scope)
            yield Written(name, Relation([copy]))
        elif isinstance(action, exp.ColumnDef):
            yield Written(name, Relation([Column(action.name.lower(), NOTHING)]))


def _command(statement: exp.Command) -> None:
    word = str(statement.this).upper()
    text = str(statement.expression or "")
    if word in MADE_OF_TEXT or (
        word == "CALL" and re.search(r"\bexecute\b|select|insert", text, re.I)
    ):
        raise MadeOfText(f"{word} runs a text")
    if word == "EXPLAIN" and re.match(r"\s*analyze", text, re.I):
        raise Unfollowable("EXPLAIN ANALYZE runs its statement")
    if word == "ALTER" and re.search(r"\brename\b|\bset\s+schema\b", text, re.I):
        raise Unfollowable("the statement renames something in a way that cannot be followed")
    if word not in QUIET_COMMANDS and word != "CALL":
        raise Unfollowable(f"the statement {word} cannot be followed")


__all__ = [
    "MadeOfText",
    "Written",
    "combined",
    "parse",
    "query_of",
    "told_by",
    "union",
    "written_by",
]
