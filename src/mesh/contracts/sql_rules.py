"""Quality rules of ``type: sql``: a query that gives one figure, and what the figure must be.

In the query ``{object}`` stands for the table and ``{property}`` for the column that the rule is
on, as the standard has it (3.1, data quality, SQL); ``${object}`` is the same in contracts of 3.0.
What is compiled is one select that reads nothing but ``{object}``: dbt then knows what the test
waits for, and no other table can be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mesh.contracts.model import Rule

_OLD_PLACEHOLDER = re.compile(r"\$\{(object|property)\}")
_PLACEHOLDERS = {"{object}": "this_object", "{property}": "this_property"}
_JINJA = ("{{", "{%", "{#")


def query_of(rule: Rule) -> str:
    """The query of a rule, its placeholders in the spelling of the standard 3.1."""
    return _OLD_PLACEHOLDER.sub(r"{\1}", str(rule.raw.get("query") or "")).strip()


def title_of(rule: Rule, table: str) -> str:
    """What the test of a rule is called: table and name of the rule; empty if it has none."""
    named = str(rule.raw.get("name") or rule.raw.get("id") or "")
    slug = re.sub(r"\W+", "_", named.lower()).strip("_")
    return f"{table}__{slug}" if slug else ""


def faults(rule: Rule) -> Iterator[str]:
    """Why a rule cannot be made a test, each as a sentence; none for one that can."""
    query = query_of(rule)
    if not title_of(rule, "t"):
        yield "it has no name that its test could have"
    if any(mark in query for mark in _JINJA):
        yield "its query holds a mark of Jinja"
        return
    if "{property}" in query and not rule.column:
        yield "its query names {property}, but the rule is on no column"
    yield from _faults_of_query(query)
    for name, value in rule.comparisons.items():
        if not _comparable(name, value):
            yield f"{name} compares with {value!r}, which is no figure"


def _faults_of_query(query: str) -> Iterator[str]:
    text = query
    for placeholder, name in _PLACEHOLDERS.items():
        text = text.replace(placeholder, name)
    try:
        parsed = [each for each in sqlglot.parse(text, read="trino") if each is not None]
    except (SqlglotError, RecursionError) as error:
        yield f"its query does not parse: {str(error).splitlines()[0]}"
        return
    if len(parsed) != 1 or not isinstance(parsed[0], exp.Query):
        yield "it is no query, or more than one"
        return
    if len(parsed[0].selects) != 1:
        yield "its query gives several columns, not one figure"
    inner = {cte.alias for cte in parsed[0].find_all(exp.CTE)}
    tables = [table.sql("trino") for table in parsed[0].find_all(exp.Table)]
    read = {re.split(r"\s+", table)[0] for table in tables} - inner
    if _PLACEHOLDERS["{object}"] not in read:
        yield "its query does not read {object}"
    for table in sorted(read - {_PLACEHOLDERS["{object}"]}):
        yield f"its query reads {table}, which its test cannot wait for"


def _comparable(name: str, value: Any) -> bool:
    if name in ("mustBeBetween", "mustNotBeBetween"):
        return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))
    return _is_number(value) or (isinstance(value, bool) and name in ("mustBe", "mustNotBe"))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
