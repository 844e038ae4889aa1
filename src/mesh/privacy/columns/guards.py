"""Conditions that only groups of enough distinct people meet."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from mesh.privacy.classes import GUARDED
from mesh.privacy.columns import functions
from mesh.privacy.columns.groups import Guard, about_them, counted, covered, covering, owner
from mesh.privacy.columns.parts import (
    EXTREME,
    GENERATED,
    KEY,
    OF,
    ONLY,
    PERSON,
    PLAIN,
    RANKED,
    SCARCE,
    ColumnRef,
    Relation,
    changed,
)
from mesh.privacy.columns.plain import is_plain
from mesh.privacy.columns.scope import MADE, Scope, column_of

PLACES = frozenset({"row_number", "rank", "dense_rank", "ntile", "percent_rank", "cume_dist"})
KEPT = frozenset({PERSON, PLAIN, KEY, RANKED, EXTREME, SCARCE})
"""Marks that a column keeps in a query that shows it."""

SPELLINGS = (exp.Encode, exp.Unhex, exp.FromBase64, exp.Paren)
"""What makes bytes of a text without losing any of it."""

RANDOM = frozenset({"random", "rand", "uuid", "row_number", "nextval"})


def shows_enough(condition: exp.Expr | None, scope: Scope) -> list[Guard]:
    """The guards that hold wherever the condition does."""
    return _compared(condition, scope, enough=True)


def shows_too_few(condition: exp.Expr | None, scope: Scope) -> list[Guard]:
    """The guards that hold wherever the condition does not."""
    return _compared(condition, scope, enough=False)


def _compared(  # noqa: PLR0911
    node: exp.Expr | None, scope: Scope, *, enough: bool
) -> list[Guard]:
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, (exp.And, exp.Or)):
        if isinstance(node, exp.And) is not enough:
            return []
        first = _compared(node.left, scope, enough=enough)
        return [*first, *_compared(node.right, scope, enough=enough)]
    if isinstance(node, exp.Not):
        return _compared(node.this, scope, enough=not enough)
    if isinstance(node, exp.Between):
        low = _number(node.args.get("low"))
        enough = enough and low is not None and low >= scope.around.smallest
        return _guard(node.this, scope) if enough else []
    if not isinstance(node, (exp.GTE, exp.GT, exp.LTE, exp.LT)):
        return []
    left, right, upward = node.left, node.right, isinstance(node, (exp.GTE, exp.GT))
    strict = isinstance(node, (exp.GT, exp.LT))
    if _number(left) is not None:
        left, right, upward = right, left, not upward
    bound = _number(right)
    if bound is None or upward is not enough:
        return []
    # n > 10 and n >= 11 let the same groups through; n < 11 and n <= 10 stop the same.
    least = bound + 1 if strict is enough else bound
    return _guard(left, scope) if least >= scope.around.smallest else []


def _guard(node: exp.Expr, scope: Scope) -> list[Guard]:
    of = counts_people(node, scope)
    if of is None:
        return []
    if any(functions.is_aggregate(each) for each in node.walk()):
        return [counted(node, of, scope)]
    tables = {owner(column, scope) for column in node.find_all(exp.Column)}
    return [Guard(of, table) for table in tables if table] if len(tables) == 1 else []


def _number(node: exp.Expr | None) -> int | None:
    if isinstance(node, (exp.Paren, exp.Cast)):
        return _number(node.this)
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul)):
        left, right = _number(node.left), _number(node.right)
        if left is None or right is None:
            return None
        if isinstance(node, exp.Mul):
            return left * right
        return left + right if isinstance(node, exp.Add) else left - right
    if isinstance(node, exp.Literal) and not node.is_string and str(node.this).isdigit():
        return int(node.this)
    return None


def shielded(scope: Scope, guards: list[Guard]) -> list[tuple[str, Relation]]:
    """The tables of a query where the guards hold: cleared are the figures of whom they count."""
    tables = scope.tables
    for guard in guards:
        if guard.table:
            tables = [
                (alias, _cleared(relation, guard) if covered(alias, guard, scope) else relation)
                for alias, relation in tables
            ]
    return tables


def of_groups(scope: Scope, guards: list[Guard]) -> list[Guard]:
    """What the guards of tables say of the groups that this query forms itself."""
    found = (covering(each, scope) if each.table else each for each in guards)
    return [each for each in found if each is not None]


def enough_for(node: exp.Expr, only: frozenset[str], guards: list[Guard], scope: Scope) -> bool:
    """Whether one of the guards counts the people of all figures and keys in an expression."""
    return any(
        not each.table and only <= each.of and about_them(node, each, scope) for each in guards
    )


def _cleared(relation: Relation, guard: Guard) -> Relation:
    columns = [
        replace(c, uses=changed(c.uses, GUARDED)) if c.told(ONLY) <= guard.of else c
        for c in relation.columns
    ]
    return replace(relation, columns=columns)


def counts_people(node: exp.Expr, scope: Scope) -> frozenset[str] | None:  # noqa: PLR0911
    """Whom it counts, if the expression is a number of distinct people or at most one."""
    if isinstance(node, (exp.Paren, exp.Cast, exp.TryCast, exp.Alias)):
        return counts_people(node.this, scope)
    if isinstance(node, exp.Count):
        if isinstance(node.this, exp.Distinct) and _people(node.this.expressions, scope):
            return _narrowing(node, scope)
        return None
    if isinstance(node, exp.Filter):
        of = counts_people(node.this, scope)
        return None if of is None else of | _conjuncts(node.expression.this)
    if isinstance(node, exp.Coalesce):
        small = all((_number(each) or 0) < scope.around.smallest for each in node.expressions)
        known = all(_number(each) is not None for each in node.expressions)
        return counts_people(node.this, scope) if small and known else None
    if isinstance(node, exp.Least):
        return _both([node.this, *node.expressions], scope)
    if isinstance(node, exp.Sub):
        return _both([node.left, node.right], scope)
    if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
        column = column_of(node, scope)
        return column.told(OF) if column is not None and column.people else None
    return None


def _both(nodes: list[exp.Expr], scope: Scope) -> frozenset[str] | None:
    found = [each for each in (counts_people(n, scope) for n in nodes) if each is not None]
    return frozenset().union(*found) if len(found) == len(nodes) else None


def _people(nodes: list[exp.Expr], scope: Scope) -> bool:
    """Whether distinct values of these are distinct people."""
    return bool(nodes) and all(_is_person(node, scope) for node in nodes)


def _is_person(node: exp.Expr | None, scope: Scope) -> bool:  # noqa: PLR0911
    """Whether one person can have only one value of the expression, beside null."""
    if isinstance(node, (exp.Paren, exp.Cast, exp.TryCast, exp.Alias, exp.If)):
        inner = node.args["true"] if isinstance(node, exp.If) else node.this
        rest = node.args.get("false")
        return _is_person(inner, scope) and _nothing_or_person(rest, scope)
    if isinstance(node, exp.Case):
        values = [each.args.get("true") for each in node.args.get("ifs") or []]
        return all(_is_person(e, scope) for e in values) and _nothing_or_person(
            node.args.get("default"), scope
        )
    if isinstance(node, (exp.Max, exp.Min, exp.AnyValue)):
        return _is_person(node.this, scope)
    if node is None or isinstance(node, exp.Literal):
        return False
    found = False
    for each in node.walk(prune=lambda inner: isinstance(inner, exp.Query)):
        if isinstance(each, (exp.If, exp.Window, exp.Rand, exp.Uuid)):
            return False
        if isinstance(each, exp.Anonymous) and each.name.lower() in RANDOM:
            return False
        if isinstance(each, exp.Column) and not _key(each, scope):
            column = column_of(each, scope)
            if column is None or PERSON not in column.marks:
                return False
            found = True
    return found


def _nothing_or_person(node: exp.Expr | None, scope: Scope) -> bool:
    return node is None or isinstance(node, exp.Null) or _is_person(node, scope)


def _key(node: exp.Column, scope: Scope) -> bool:
    column = column_of(node, scope)
    refs: list[ColumnRef] = [use.ref for use in column.uses if use.direct] if column else []
    return bool(refs) and all(scope.around.trusted_key(ref) for ref in refs)


def _conjuncts(node: exp.Expr) -> frozenset[str]:
    parts = list(node.flatten()) if isinstance(node, exp.And) else [node]
    return frozenset(each.unnest().sql(dialect="trino", comments=False) for each in parts)


def narrowed(node: exp.Expr, scope: Scope) -> frozenset[str]:
    """Conditions that narrow the figures in an expression."""
    found: frozenset[str] = frozenset()
    # What figures are made of anew is no longer narrowed by what narrowed its parts.
    for each in node.walk(prune=lambda n: isinstance(n, exp.Query) or functions.is_figure(n)):
        if isinstance(each, exp.Filter):
            found |= _conjuncts(each.expression.this)
        elif functions.is_figure(each):
            found |= _narrowing(each, scope)
        elif isinstance(each, exp.Column) and not isinstance(each.this, exp.Star):
            column = column_of(each, scope)
            found |= column.told(ONLY) if column is not None else frozenset()
    return found


def _narrowing(node: exp.Expr, scope: Scope) -> frozenset[str]:
    """Conditions inside an aggregate that leave out some of its rows."""
    found: frozenset[str] = frozenset()
    for each in node.find_all(exp.If):
        condition: exp.Expr = each.this
        branches = [each.args.get("true"), each.args.get("false")]
        case = each.parent if isinstance(each.parent, exp.Case) else None
        if case is not None:
            branches = [i.args.get("true") for i in case.args["ifs"]] + [case.args.get("default")]
        if any(branch is None or branch.find(exp.Column) is None for branch in branches):
            if case is not None and case.this is not None:
                condition = exp.EQ(this=case.this.copy(), expression=condition.copy())
            found |= _conjuncts(condition)
    return found


def marks_of(node: exp.Expr, people: frozenset[str] | None, scope: Scope) -> frozenset[str]:
    """What is known of a column that the expression makes."""
    if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
        return _marks_of_column(node, people, scope)
    found = {f"{OF}{each}" for each in people or ()}
    found |= {f"{ONLY}{each}" for each in narrowed(node, scope)}
    if _is_person(node, scope):
        found.add(PERSON)
    if is_plain(node, scope):
        found.add(PLAIN)
    if is_key(node, scope):
        found.add(KEY)
    if _places(node, scope):
        found.add(RANKED)
    numbers = isinstance(node, exp.Window) and isinstance(node.this, exp.RowNumber)
    if numbers or (scope.generates() and _is_generated(node, scope)):
        found.add(GENERATED)
    return frozenset(found)


def _marks_of_column(
    node: exp.Column, people: frozenset[str] | None, scope: Scope
) -> frozenset[str]:
    """What is known of a column that is one of another table."""
    found = {f"{OF}{each}" for each in people or ()}
    column = column_of(node, scope)
    if column is None:
        return frozenset(found)
    found |= {each for each in column.marks if each in KEPT or each.startswith(ONLY)}
    if PERSON in found and _key(node, scope):
        found.remove(PERSON)
    if not any(use.direct for use in column.uses):
        found.add(PLAIN)
    if scope.generates() and column.marks & MADE:
        found.add(GENERATED)
    return frozenset(found)


def _is_generated(node: exp.Expr, scope: Scope) -> bool:
    """Whether the expression is made of columns that are made of nothing."""
    columns = list(node.find_all(exp.Column))
    found = [column_of(each, scope) for each in columns if not isinstance(each.this, exp.Star)]
    return any(each is not None and each.marks & MADE for each in found)


def is_key(node: exp.Expr | None, scope: Scope) -> bool:
    """Whether the expression is the column of a secret key, whole, in whatever spelling."""
    while isinstance(node, SPELLINGS):
        node = node.this
    if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
        return False
    column = column_of(node, scope)
    return column is not None and KEY in column.marks


def _places(node: exp.Expr, scope: Scope) -> bool:
    """Whether it is a place among all rows, or drawn by lot.

    A place among the rows of a key is no way to pick a few.
    """
    if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
        column = column_of(node, scope)
        return column is not None and RANKED in column.marks
    return node.find(exp.Rand) is not None or (
        isinstance(node, exp.Window)
        and not node.args.get("partition_by")
        and (
            isinstance(node.this, exp.RowNumber)
            or node.this.sql_name().lower() in PLACES
            or node.this.name.lower() in PLACES
        )
    )


__all__ = ["PLAIN", "RANKED", "Guard", "counts_people", "is_key", "marks_of", "narrowed"]
