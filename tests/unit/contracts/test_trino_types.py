"""Types of Trino in every spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.contracts.trino_types import Type, UnknownType, change, parse_type, same

SPELLED = {
    "int": "integer",
    "INTEGER": "integer",
    "double precision": "double",
    "decimal": "decimal(38, 0)",
    "numeric(10)": "decimal(10, 0)",
    "dec(5,2)": "decimal(5, 2)",
    "varchar": "varchar",
    "character varying(3)": "varchar(3)",
    "char": "char(1)",
    "timestamp": "timestamp(3)",
    "timestamp without time zone": "timestamp(3)",
    "timestamp(6) with time zone": "timestamp(6) with time zone",
    "time(0)": "time(0)",
    "interval day to second": "interval day to second",
    "interval year to month": "interval year to month",
    "array<int>": "array(integer)",
    "map(varchar, array(row(a bigint, b double precision)))": (
        "map(varchar, array(row(a bigint, b double)))"
    ),
    'row("Two words" varchar(2), date date, timestamp with time zone)': (
        'row("two words" varchar(2), date date, timestamp(3) with time zone)'
    ),
    "row(bigint, varchar)": "row(bigint, varchar)",
    "ipaddress": "ipaddress",
    "uuid": "uuid",
    "json": "json",
    "varbinary": "varbinary",
}
LOGICAL = {
    "boolean": "boolean",
    "tinyint": "integer",
    "real": "number",
    "decimal(3, 1)": "number",
    "char(2)": "string",
    "uuid": "string",
    "date": "date",
    "time(3)": "time",
    "timestamp(6) with time zone": "timestamp",
    "array(varchar)": "array",
    "map(varchar, bigint)": "object",
    "row(a bigint)": "object",
    "interval day to second": "string",
}
CHANGES = [
    ("integer", "bigint", "widened"),
    ("bigint", "integer", "narrowed"),
    ("real", "double", "widened"),
    ("decimal(10, 2)", "decimal(12, 2)", "widened"),
    ("decimal(10, 2)", "decimal(10, 3)", "retyped"),
    ("decimal(10, 2)", "decimal(11, 3)", "widened"),
    ("decimal(10, 2)", "decimal(9, 2)", "narrowed"),
    ("varchar(5)", "varchar", "widened"),
    ("varchar", "varchar(5)", "narrowed"),
    ("varchar", "bigint", "retyped"),
    ("timestamp(3)", "timestamp(6)", "widened"),
    ("timestamp(6)", "timestamp(6) with time zone", "retyped"),
    ("array(integer)", "array(bigint)", "widened"),
    ("map(varchar, bigint)", "map(varchar, integer)", "narrowed"),
    ("row(a bigint)", "row(a bigint, b varchar)", "widened"),
    ("row(a bigint, b varchar)", "row(a bigint)", "narrowed"),
    ("row(a bigint, b varchar)", "row(b varchar, a bigint)", "retyped"),
    ("row(a bigint)", "row(x bigint)", "retyped"),
    ("array(integer)", "array(varchar)", "retyped"),
]


@pytest.mark.parametrize(("text", "wanted"), SPELLED.items())
def test_every_spelling_has_one_form(text: str, wanted: str) -> None:
    assert str(parse_type(text)) == wanted
    assert str(parse_type(wanted)) == wanted
    assert same(text, wanted)


@pytest.mark.parametrize(
    "text",
    ["", "varchr", "decimal(39)", "decimal(3, 4)", "timestamp(13)", "array()", "map(varchar)",
     "row(", "array(bigint", "bigint bigint", "decimal(x)", "a; drop table b", "row(a)" * 900],
)  # fmt: skip
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(UnknownType):
        parse_type(text)


def test_nesting_is_bounded() -> None:
    with pytest.raises(UnknownType, match="deep"):
        parse_type("array(" * 60 + "bigint" + ")" * 60)


@pytest.mark.parametrize(("text", "logical"), LOGICAL.items())
def test_a_type_has_a_logical_one(text: str, logical: str) -> None:
    assert parse_type(text).logical == logical
    assert parse_type(text).fits(logical)


@pytest.mark.parametrize(("old", "new", "verdict"), CHANGES)
def test_a_change_of_type_is_judged(old: str, new: str, verdict: str) -> None:
    assert change(parse_type(old), parse_type(new)) == verdict
    assert change(parse_type(old), parse_type(old)) == "same"


plain = st.sampled_from(["bigint", "varchar", "varchar(7)", "decimal(9, 3)", "double", "uuid"])
zoned = st.builds(
    "timestamp({}){}".format, st.integers(0, 12), st.sampled_from(["", " with time zone"])
)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = st.lists(st.sampled_from(["a", "b", '"c d"', "date"]), min_size=1, unique=True)
    rows = names.flatmap(
        lambda given: st.tuples(*(inner for _ in given)).map(
            lambda types: f"row({', '.join(f'{n} {t}' for n, t in zip(given, types, strict=True))})"
        )
    )
    return st.one_of(inner.map("array({})".format), inner.map("map(varchar, {})".format), rows)


@given(st.recursive(plain | zoned, nested, max_leaves=6))
def test_a_type_survives_being_written_and_read(text: str) -> None:
    found = parse_type(text)
    assert isinstance(found, Type)
    assert parse_type(str(found)) == found
    assert parse_type(str(found).upper()) == found
