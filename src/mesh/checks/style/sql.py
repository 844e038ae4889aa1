"""What a model's SQL says without an engine: Jinja rendered with stand-ins, then sqlglot."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import jinja2
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from mesh.build.nodes import Manifest
from mesh.checks.style.rules import own_macros

DATE_FUNCTIONS = frozenset(
    {
        "current_date",
        "date_add",
        "date_diff",
        "date_trunc",
        "day",
        "day_of_week",
        "day_of_year",
        "dow",
        "from_unixtime",
        "hour",
        "last_day_of_month",
        "localtimestamp",
        "month",
        "quarter",
        "week",
        "year",
    }
)
"""Functions of Trino whose use is date logic; a cast alone is not."""


class _Unknown(jinja2.Undefined):
    """Stands for whatever the project does not define: can be called, read and printed."""

    def __call__(self, *_: Any, **__: Any) -> _Unknown:  # type: ignore[override]
        return self

    def __getattr__(self, name: str) -> _Unknown:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> _Unknown:  # type: ignore[override]
        return self

    def __str__(self) -> str:
        return "unknown"


def _environment() -> jinja2.Environment:
    # Renders our own models into text that only a parser reads: nothing to escape.
    env = jinja2.Environment(undefined=_Unknown, extensions=["jinja2.ext.do"])  # noqa: S701
    env.globals.update(
        {
            "ref": lambda *names, **_: names[-1],
            "source": lambda *names: ".".join(names),
            "config": lambda *_, **__: "",
            "var": lambda *_: "1",
            "is_incremental": lambda: False,
            "this": "this",
            "return": lambda value: value,
        }
    )
    return env


def render(sql: str, macros: str = "") -> str:
    """Render a model; calls of macros that are not in ``macros`` become the word ``unknown``."""
    plain = _REFERENCE.sub(lambda found: _named(found[1], found[2]), sql)
    if "{" not in plain and not _REDEFINED.search(macros):
        return plain
    return _environment().from_string(macros + sql).render()


_TEXT = r"""(?:'[^'"\\{},]*'|"[^'"\\{},]*")"""
_REFERENCE = re.compile(
    r"\{\{\s*(ref|source)\s*\(\s*(" + _TEXT + r"(?:\s*,\s*" + _TEXT + r")?)\s*\)\s*\}\}"
)
"""A reference by plain names. A model with no other Jinja needs no template: compiling one takes
longer than all else that is done with its text."""
_REDEFINED = re.compile(r"macro\s+(ref|source)\b")


def _named(function: str, arguments: str) -> str:
    """What the environment gives for a reference."""
    names = [name.strip()[1:-1] for name in arguments.split(",")]
    return names[-1] if function == "ref" else ".".join(names)


@lru_cache(maxsize=4)
def _macro_prefix(sqls: tuple[str, ...]) -> str:
    return "\n".join(sqls) + "\n"


def output_columns(manifest: Manifest, sql: str) -> tuple[str, ...] | None:
    """The columns a model gives, in order; None where the text alone does not tell."""
    macros = _macro_prefix(tuple(macro.sql for macro in own_macros(manifest)))
    try:
        query = sqlglot.parse_one(render(sql, macros), read="trino")
    except (SqlglotError, jinja2.TemplateError):
        return None
    return _columns(query, {})


def _columns(query: exp.Expr, outer: dict[str, tuple[str, ...] | None]) -> tuple[str, ...] | None:
    if not isinstance(query, exp.Query):
        return None
    known = dict(outer)
    for cte in query.ctes:
        known[cte.alias] = tuple(cte.alias_column_names) or _columns(cte.this, known)
    if isinstance(query, exp.SetOperation):
        return _columns(query.left, known)
    if not isinstance(query, exp.Select):
        return _columns(query.this, known)
    if not query.is_star:
        return tuple(projection.alias_or_name for projection in query.selects)
    source = query.args.get("from_")
    lone = len(query.selects) == 1 and not query.args.get("joins")
    if not lone or source is None or not isinstance(source.this, exp.Table):
        return None
    return known.get(source.this.name)


def logic(sql: str) -> list[str]:
    """The kinds of logic in a model that want a unit test: window, case, date.

    Only the model's own text counts: what a macro does is tested with the macro.
    """
    try:
        tokens = sqlglot.tokenize(render(sql), read="trino")
    except (SqlglotError, jinja2.TemplateError):
        return ["unreadable"]
    found = set()
    for token in tokens:
        word = token.text.lower()
        if token.token_type == TokenType.OVER:
            found.add("window")
        elif token.token_type == TokenType.CASE or word == "if":
            found.add("case")
        elif token.token_type == TokenType.INTERVAL or word in DATE_FUNCTIONS:
            found.add("date")
    return sorted(found)
