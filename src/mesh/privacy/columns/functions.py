"""What the functions of Trino give of the values they get."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlglot import exp

EQUAL = (exp.EQ, exp.NullSafeEQ)
ORDERED = (exp.GT, exp.GTE, exp.LT, exp.LTE)
RANGED = (*ORDERED, exp.Between)
"""What holds two values against each other: whether they are one, or which is the greater."""

ANSWERS: tuple[type[exp.Expr], ...] = (
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.NullSafeEQ,
    exp.NullSafeNEQ,
    exp.Is,
    exp.In,
    exp.Between,
    exp.Like,
    exp.ILike,
    exp.RegexpLike,
    exp.Exists,
    exp.SimilarTo,
    exp.StartsWith,
    exp.EndsWith,
    exp.ArrayContains,
    exp.ArrayOverlaps,
    exp.Any,
    exp.All,
    exp.Length,
    exp.ArraySize,
    exp.StrPosition,
    exp.RegexpCount,
    exp.Levenshtein,
    exp.Count,
    exp.CountIf,
    exp.ApproxDistinct,
    exp.RowNumber,
    exp.Rank,
    exp.DenseRank,
    exp.PercentRank,
    exp.CumeDist,
    exp.Ntile,
    exp.JSONArrayContains,
    exp.IsNan,
    exp.Typeof,
)
"""Comparisons, counts and lengths: they say something about a value and do not give it."""

ANSWERING_NAMES = frozenset(
    {
        "all_match",
        "any_match",
        "approx_distinct",
        "cardinality",
        "contains",
        "contains_sequence",
        "count_if",
        "cume_dist",
        "dense_rank",
        "ends_with",
        "is_finite",
        "is_infinite",
        "is_json_scalar",
        "is_nan",
        "json_array_contains",
        "json_array_length",
        "json_exists",
        "length",
        "luhn_check",
        "none_match",
        "ntile",
        "percent_rank",
        "position",
        "rank",
        "regexp_count",
        "regexp_like",
        "regexp_position",
        "row_number",
        "starts_with",
        "strpos",
        "typeof",
    }
)
"""The same, for functions that the parser has no class of its own for."""

MEASURES: tuple[type[exp.Expr], ...] = (
    exp.Length,
    exp.ArraySize,
    exp.StrPosition,
    exp.RegexpCount,
    exp.Levenshtein,
)

SEARCHES = frozenset({"position", "strpos", "array_position"})

MEASURE_NAMES = SEARCHES | {
    "cardinality",
    "json_array_length",
    "length",
    "regexp_count",
    "regexp_position",
}

SEARCHING_NAMES = frozenset({"ends_with", "regexp_position", "starts_with"})
"""Functions that look for a text or pattern, their second argument, in the first."""

OF_ELEMENTS = frozenset({"all_match", "any_match", "none_match"})
"""Functions that hold the elements of an array against something."""

OF_ARRAYS = frozenset({"contains_sequence"})
"""Functions that ask whether an array has elements of another."""

FIGURES: tuple[type[exp.Expr], ...] = (
    exp.Sum,
    exp.Avg,
    exp.Stddev,
    exp.StddevPop,
    exp.StddevSamp,
    exp.Variance,
    exp.VariancePop,
    exp.Corr,
    exp.RegrIntercept,
    exp.RegrSlope,
    exp.CovarPop,
    exp.CovarSamp,
    exp.Skewness,
)
"""Aggregates that mix the values of a group so that none of them shows."""

FIGURE_NAMES = frozenset(
    {
        "corr",
        "covar_pop",
        "covar_samp",
        "entropy",
        "geometric_mean",
        "kurtosis",
        "regr_intercept",
        "regr_slope",
        "skewness",
        "stddev",
        "stddev_pop",
        "stddev_samp",
        "var_pop",
        "var_samp",
        "variance",
    }
)

AGGREGATES = (*FIGURES, exp.AggFunc, exp.Count, exp.CountIf, exp.ApproxDistinct)

VALUE_AGGREGATE_NAMES = frozenset(
    {
        "any_value",
        "approx_most_frequent",
        "approx_percentile",
        "arbitrary",
        "array_agg",
        "bitwise_and_agg",
        "bitwise_or_agg",
        "bool_and",
        "bool_or",
        "checksum",
        "every",
        "histogram",
        "listagg",
        "map_agg",
        "map_union",
        "max_by",
        "min_by",
        "multimap_agg",
        "numeric_histogram",
        "reduce_agg",
        "set_agg",
        "set_union",
        "tdigest_agg",
        "qdigest_agg",
        "approx_set",
    }
)


def name_of(node: exp.Expr) -> str:
    """Lower-case name of a function without a class of its own, else empty."""
    return node.name.lower() if isinstance(node, exp.Anonymous) else ""


def answers(node: exp.Expr) -> bool:
    """Whether a value cannot be read from what the expression gives."""
    kind = _kind(node)
    return name_of(node) in ANSWERING_NAMES if kind is exp.Anonymous else _answering(kind)


def measures(node: exp.Expr) -> bool:
    """Whether it gives a length or place, which can be made to be a value."""
    return isinstance(node, MEASURES) or name_of(node) in MEASURE_NAMES


def is_figure(node: exp.Expr) -> bool:
    """Whether it is an aggregate that shows no single value."""
    kind = _kind(node)
    return name_of(node) in FIGURE_NAMES if kind is exp.Anonymous else _figuring(kind)


def is_aggregate(node: exp.Expr) -> bool:
    """Whether it is an aggregate of any kind."""
    if isinstance(node, exp.Anonymous):
        return name_of(node) in VALUE_AGGREGATE_NAMES or name_of(node) in FIGURE_NAMES
    return _aggregating(_kind(node))


def _kind(node: exp.Expr) -> Any:
    return type(node)


# By the class alone: hashing the long tuples would cost more than the question.


@cache
def _answering(kind: Any) -> bool:
    return issubclass(kind, ANSWERS)


@cache
def _figuring(kind: Any) -> bool:
    return issubclass(kind, FIGURES)


@cache
def _aggregating(kind: Any) -> bool:
    return issubclass(kind, AGGREGATES)
