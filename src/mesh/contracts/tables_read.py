"""The tables that a query reads, without those that it makes itself.

A name is a query of a ``with`` only where that is in sight: after it in the same ``with``, in the
query that the ``with`` stands before, and in what lies inside. As Trino has it, the name is read
without regard to case, quoted or not, and a name with a schema never is one.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp


def tables_read(query: exp.Expr, visible: frozenset[str] = frozenset()) -> Iterator[exp.Table]:
    """The tables and table functions of a query that are no query of a ``with`` in sight."""
    with_ = next((each for each in query.iter_expressions() if isinstance(each, exp.With)), None)
    if with_ is not None:
        for made in with_.iter_expressions():
            name = frozenset({made.alias.lower()} if isinstance(made, exp.CTE) else ())
            yield from tables_read(made, visible | name if with_.recursive else visible)
            visible |= name
    if isinstance(query, exp.Table) and not _is_inner(query, visible):
        yield query
    for each in query.iter_expressions():
        if each is not with_:
            yield from tables_read(each, visible)


def name_of(table: exp.Table) -> str:
    """A table as it is written, without alias and version; a table function with its arguments."""
    parts = (table.args.get(part) for part in ("catalog", "db", "this"))
    return ".".join(part.sql("trino") for part in parts if part)


def is_bare(table: exp.Table) -> bool:
    """Whether it is a name alone: no function, and without schema and catalog."""
    return isinstance(table.this, exp.Identifier) and not table.db and not table.catalog


def _is_inner(table: exp.Table, visible: frozenset[str]) -> bool:
    return is_bare(table) and table.name.lower() in visible
