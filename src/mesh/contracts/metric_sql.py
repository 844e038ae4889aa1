"""Metrics and limits of values that dbt has no generic test for, as rules in SQL.

What comes of it is a rule as somebody could have written it with ``type: sql``: its query gives a
number of rows, or their share in percent, and its comparison is that of the contract (Open Data
Contract Standard 3.1, data quality metrics and ``logicalTypeOptions``). NULL breaks no limit and
is no invalid value; of no rows, none are wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from mesh.contracts.model import Field, Rule, is_number
from mesh.contracts.trino_types import INTEGERS, Type, UnknownType, parse_type

NOTHING: tuple[Mapping[str, Any], ...] = ({"mustBe": 0}, {"mustBeLessOrEqualTo": 0})
"""Comparisons that let nothing be wrong, in rows and in percent."""
PLACEHOLDERS = ("{object}", "{property}")
MEANINGLESS = {
    "minLength": 0,
    "minItems": 0,
    "uniqueItems": False,
    "minProperties": 0,
}
"""Limits that every value keeps."""
TOLD = ("timezone", "defaultTimezone")
"""Options that say how a value is to be read, and are no limit of it."""
FORMATS = {"tinyint": "i8", "smallint": "i16", "integer": "i32", "bigint": "i64",
           "real": "f32", "double": "f64"}  # fmt: skip
"""Formats of numbers that a type cannot break."""
_COMPARED = {
    "minimum": "<",
    "exclusiveMinimum": "<=",
    "maximum": ">",
    "exclusiveMaximum": ">=",
}
"""How a value that breaks a limit stands to it."""
_TIMES = ("date", "timestamp", "time")


def allows_nothing(rule: Rule) -> bool:
    """Whether a rule lets no row at all be wrong; less than one percent is not that."""
    in_rows = str(rule.raw.get("unit") or "rows").lower() != "percent"
    wanted = (*NOTHING, {"mustBeLessThan": 1}) if in_rows else NOTHING
    return dict(rule.comparisons) in wanted


def metric_rule(rule: Rule) -> Rule | None:
    """A rule about a metric as one in SQL; None where its figure cannot be told in SQL."""
    percent = str(rule.raw.get("unit") or "rows").lower() == "percent"
    if rule.metric == "rowCount":
        query = None if percent else "select count(*) from {object}"
    else:
        wrong = _wrong_rows(rule) if rule.column else None
        query = None if wrong is None else _figure(wrong, percent=percent)
    named = str(rule.raw.get("name") or rule.raw.get("id") or rule.metric)
    return None if query is None else _rule(rule, f"{rule.column} {named}", query)


def limit_rules(column: Field) -> Iterator[tuple[str, Rule | None]]:
    """The limits of a column, each with its rule in SQL; None where no query can tell it."""
    try:
        type_ = parse_type(column.physical)
    except UnknownType:
        type_ = None
    for name, value in column.options.items():
        kept = name in MEANINGLESS and value == MEANINGLESS[name]
        if name in TOLD or kept or (name == "format" and _is_kept(value, column, type_)):
            continue
        wrong = _breaks(name, value, type_) if type_ else None
        path = (*column.path, "logicalTypeOptions", name)
        whole = Rule("library", column.name, path, {"mustBe": 0})
        made = _rule(whole, f"{column.name} {name}", _figure(wrong)) if wrong else None
        yield name, made


def _rule(rule: Rule, name: str, query: str) -> Rule:
    kept = {n: v for n, v in rule.raw.items() if n == "severity" or n in rule.comparisons}
    return Rule("sql", rule.column, rule.path, {**kept, "name": name, "query": query})


def _figure(wrong: str, *, percent: bool = False) -> str:
    """The query of how many rows a condition holds in, or of their share."""
    if not percent:
        return f"select count_if({wrong}) from {{object}}"  # noqa: S608  # literals are quoted
    share = f"100e0 * count_if({wrong}) / nullif(count(*), 0)"
    return f"select coalesce({share}, 0e0) from {{object}}"  # noqa: S608  # likewise


def _wrong_rows(rule: Rule) -> str | None:
    """The condition of the rows that a metric counts."""
    if rule.metric == "nullValues":
        return "{property} is null"
    if rule.metric == "missingValues":
        return _missing(rule.arguments.get("missingValues"))
    if rule.metric == "invalidValues":
        return _invalid(rule.arguments)
    return None


def _missing(values: Any) -> str | None:
    if not isinstance(values, list) or not values:
        return None
    texts = [_literal(str(each)) for each in values if each is not None]
    if None in texts:
        return None
    found = ["{property} is null"] if None in values else []
    listed = ", ".join(each for each in texts if each)
    found += [f"cast({{property}} as varchar) in ({listed})"] if listed else []
    return " or ".join(found)


def _invalid(arguments: Mapping[str, Any]) -> str | None:
    values, pattern = arguments.get("validValues"), arguments.get("pattern")
    found: list[str] = []
    if isinstance(values, list):
        given = [_literal(each) for each in values if each is not None]
        if not given or None in given:
            return None
        found.append(f"{{property}} not in ({', '.join(map(str, given))})")
    if pattern is not None:
        literal = _literal(pattern) if isinstance(pattern, str) else None
        if literal is None:
            return None
        found.append(f"not regexp_like({{property}}, {literal})")
    return " or ".join(found) or None


def _literal(value: Any) -> str | None:
    """A value as SQL; None for one that has no place in a query."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        number = Decimal(str(value))
        return f"{number:f}" if number.is_finite() else None
    if not isinstance(value, str) or any(mark in value for mark in PLACEHOLDERS):
        return None
    return "'" + value.replace("'", "''") + "'"


def _is_kept(value: Any, column: Field, type_: Type | None) -> bool:
    """Whether a format only says how a value is written, or is that of the type."""
    if column.logical in _TIMES or (type_ is not None and type_.name in _TIMES):
        return True
    return type_ is not None and FORMATS.get(type_.name) == value


def _breaks(name: str, value: Any, type_: Type) -> str | None:
    """The condition of the rows that break a limit; None where the type has no such limit."""
    if name in _COMPARED:
        limit = _limit(value, type_)
        return f"{{property}} {_COMPARED[name]} {limit}" if limit else None
    make = _LIMITS.get((_kind(type_), name))
    kinds = {"pattern": str, "uniqueItems": bool}
    fits = isinstance(value, kinds.get(name, int | float))
    literal = _literal(value) if fits else None
    return make(literal) if make and literal else None


def _limit(value: Any, type_: Type) -> str | None:
    """The literal that a value of the type can be compared with."""
    literal = _literal(value)
    if literal is None:
        return None
    if type_.name in _TIMES:
        return None if not isinstance(value, str) else f"cast({literal} as {type_})"
    return literal if is_number(value) and _kind(type_) in ("exact", "inexact") else None


def _kind(type_: Type) -> str:
    if type_.name in (*INTEGERS, "decimal"):
        return "exact"
    return {"real": "inexact", "double": "inexact", "char": "varchar"}.get(type_.name, type_.name)


_LIMITS: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("varchar", "minLength"): "length({{property}}) < {}".format,
    ("varchar", "maxLength"): "length({{property}}) > {}".format,
    ("varchar", "pattern"): "not regexp_like({{property}}, {})".format,
    ("exact", "multipleOf"): "mod({{property}}, {}) <> 0".format,
    ("array", "minItems"): "cardinality({{property}}) < {}".format,
    ("array", "maxItems"): "cardinality({{property}}) > {}".format,
    ("array", "uniqueItems"): (
        "(cardinality(array_distinct({{property}})) <> cardinality({{property}})) = {}".format
    ),
}
"""The condition of the rows that break a limit of a kind of type."""
