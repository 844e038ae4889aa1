"""What stands in FROM: tables, subqueries, UNNEST, LATERAL, JSON_TABLE, table functions."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from mesh.privacy.columns.expression import uses
from mesh.privacy.columns.generated import generated, repeats
from mesh.privacy.columns.parts import NOTHING, Column, Relation, Unfollowable, union
from mesh.privacy.columns.scope import Scope
from mesh.privacy.columns.weights import repeats_unevenly

TELLING = frozenset({"files", "partitions", "entries", "all_entries", "manifests", "all_manifests"})
"""Metadata tables of Iceberg that hold least and greatest values of every column."""

QUIET = frozenset(
    {"history", "snapshots", "metadata_log_entries", "refs", "properties", "position_deletes"}
)
"""Metadata tables of Iceberg that hold no value of the table."""


def table_of(node: exp.Expr, scope: Scope) -> Relation:
    """The columns of what stands in FROM.

    Raises:
        Unfollowable: It is not known what it gives.
    """
    if isinstance(node, exp.Table):
        relation = _table(node, scope)
    elif isinstance(node, exp.Unnest):
        return _unnest(node, node, scope)
    elif isinstance(node, exp.Lateral):
        return _lateral(node, scope)
    elif isinstance(node, (exp.Subquery, exp.Values, exp.Query)):
        return scope.evaluate(node, scope.beside())
    elif isinstance(node, exp.Paren):
        return table_of(node.this, scope)
    else:
        raise Unfollowable(f"{node.key.upper()} in FROM cannot be followed")
    if node.args.get("pivots"):
        raise Unfollowable("Trino knows no PIVOT")
    alias = node.args.get("alias")
    return renamed(relation, alias) if alias is not None else relation


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
    new = {old.name: column.name for old, column in zip(relation.columns, columns, strict=True)}
    keys = relation.keys and frozenset(new.get(key, key) for key in relation.keys)
    return replace(relation, columns=columns, keys=keys)


def _table(node: exp.Table, scope: Scope) -> Relation:
    inner = node.this
    if isinstance(inner, exp.JSONTable):
        return _json_table(inner, scope)
    if not isinstance(inner, exp.Identifier):
        return _table_function(inner, node)
    parts = [part.name.lower() for part in node.parts]
    if len(parts) == 1 and parts[0] in scope.ctes:
        return scope.ctes[parts[0]]
    name, _, metadata = parts[-1].partition("$")
    if not metadata:
        return scope.around.lookup(parts)
    base = scope.around.lookup([*parts[:-1], name], True)
    if metadata in QUIET:
        return Relation([], open=frozenset({f"metadata:{metadata}"}))
    everything = union([column.uses for column in base.columns])
    names = ("readable_metrics", "lower_bounds", "upper_bounds", "data", "partition", "file_path")
    columns = [Column(each, everything) for each in (*names, "partition_summaries", "partitions")]
    return Relation(columns, open=base.open | {f"metadata:{metadata}"})


def _table_function(function: exp.Expr, node: exp.Table) -> Relation:
    """TABLE(f(…)): only functions of Trino that make rows of nothing are followed."""
    inner = function.expressions[0] if function.expressions else function
    if isinstance(inner, exp.GenerateSeries) or inner.name.lower() == "sequence":
        return generated(Relation([Column("sequential_number", NOTHING)]))
    raise Unfollowable(
        f"the table function {inner.sql(dialect='trino')[:60]} gives what nobody declared"
    )


def _json_table(node: exp.JSONTable, scope: Scope) -> Relation:
    made = uses(node.this, scope)
    return Relation([Column(name, made) for name in _json_columns(node.args.get("schema"))])


def _json_columns(schema: exp.Expr | None) -> list[str]:
    names: list[str] = []
    for each in schema.expressions if schema is not None else []:
        nested = each.args.get("nested_schema")
        if nested is not None:
            names += _json_columns(nested)
        elif each.this is not None:
            names.append(each.name.lower())
    return names


def _lateral(node: exp.Lateral, scope: Scope) -> Relation:
    inner = node.this
    if isinstance(inner, exp.Unnest):
        return _unnest(inner, node, scope)
    if not isinstance(inner, (exp.Subquery, exp.Query)):
        raise Unfollowable(f"LATERAL {inner.key.upper()} cannot be followed")
    relation = scope.evaluate(inner, scope.inner())
    alias = node.args.get("alias")
    return renamed(relation, alias) if alias is not None else relation


def _unnest(node: exp.Unnest, named: exp.Expr, scope: Scope) -> Relation:
    made = [uses(each, scope) for each in node.expressions]
    alias = named.args.get("alias")
    names = [each.name.lower() for each in alias.args.get("columns") or []] if alias else []
    offset = node.args.get("offset")
    if isinstance(offset, exp.Identifier):
        ordinal = [offset.name.lower()]
    elif offset and len(names) > len(made):
        ordinal, names = names[-1:], names[:-1]
    else:
        ordinal = []
    if not names:
        # Without names it can be counted and filtered, and a star would show all of it.
        columns = [Column(f"_unnested{i}", each) for i, each in enumerate(made)]
    elif len(names) == len(made):
        columns = [Column(name, each) for name, each in zip(names, made, strict=True)]
    else:
        # A map gives two columns, an array of rows as many as the row has fields.
        columns = [Column(name, union(made)) for name in names]
    length = union([repeats(each, scope) for each in node.expressions])
    scope.repeated = union([scope.repeated, length])
    scope.uneven |= any(repeats_unevenly(each, scope) for each in node.expressions)
    return generated(Relation([*columns, *(Column(name, length) for name in ordinal)]))
