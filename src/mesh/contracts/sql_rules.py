"""Quality rules of ``type: sql``: a query that gives one figure, and what the figure must be.

In the query ``{object}`` stands for the table and ``{property}`` for the column that the rule is
on, as the standard has it (3.1, data quality, SQL); ``${object}`` is the same in contracts of 3.0.
What is compiled is one select that reads nothing but ``{object}``: dbt then knows what the test
waits for, and no other table can be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mesh.contracts.bounds import faults_of_bounds
from mesh.contracts.figure_query import faults_of_query, is_count
from mesh.contracts.model import Rule

_OLD_PLACEHOLDER = re.compile(r"\$\{(object|property)\}")
MAX_CHARACTERS, MAX_DEPTH = 20_000, 200
"""Of a query that is judged: a thousand conditions in a row are a tree as deep as they are many."""
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
    parsed, fault = _parsed(query)
    if parsed is None:
        yield fault
    else:
        yield from faults_of_query(parsed, _stand_in(query))
    counts = parsed is not None and is_count(parsed)
    yield from faults_of_bounds(rule.comparisons, counts=counts)


def _stand_in(query: str) -> str:
    """A name for the table, one that the query does not hold."""
    name = "this_object"
    while name in query.lower():
        name += "_"
    return name


def _parsed(query: str) -> tuple[exp.Query | None, str]:
    """The query with names for its placeholders, or why there is none."""
    if len(query) > MAX_CHARACTERS:
        return None, f"its query is longer than {MAX_CHARACTERS:,} characters"
    text = query.replace("{object}", _stand_in(query)).replace("{property}", "this_property")
    try:
        parsed = [each for each in sqlglot.parse(text, read="trino") if each is not None]
    except (SqlglotError, RecursionError) as error:
        return None, f"its query does not parse: {str(error).splitlines()[0]}"
    if len(parsed) != 1 or not isinstance(parsed[0], exp.Query):
        return None, "it is no query, or more than one"
    if _is_deep(parsed[0]):
        return None, f"its query is nested deeper than {MAX_DEPTH} steps"
    return parsed[0], ""


def _is_deep(query: exp.Query) -> bool:
    ahead: list[tuple[exp.Expr, int]] = [(query, 0)]
    while ahead:
        each, depth = ahead.pop()
        if depth > MAX_DEPTH:
            return True
        ahead += [(part, depth + 1) for part in each.iter_expressions()]
    return False
