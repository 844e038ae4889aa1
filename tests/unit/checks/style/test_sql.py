from dataclasses import replace

import pytest

from mesh.build.nodes import Macro, Manifest
from mesh.checks.style.sql import logic, output_columns

EMPTY = Manifest("", "", "", {}, {}, {}, {}, {}, {})
PAIR = Macro("pair", "macros/pair.sql", "{% macro pair() %}1 as a, 2 as b{% endmacro %}", "", {})
WITH_MACRO = replace(EMPTY, macros={"macro.mesh.pair": PAIR})


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("select a, b as c from {{ ref('x') }}", ("a", "c")),
        ("with final as (select a from t) select * from final", ("a",)),
        ("with t (a, b) as (values (1, 2)) select * from t", ("a", "b")),
        ("with f as (select x.a from x union all select y.b from y) select * from f", ("a",)),
        ("with final as ({% for d in ['p', 'q'] %}select '{{ d }}' as d"
         "{% if not loop.last %} union all {% endif %}{% endfor %}) select * from final", ("d",)),
        ("select {{ pair() }}", ("a", "b")),
        ("select {{ unheard_of('a') }} as a", ("a",)),
        ("{{ config(properties=iceberg_table(['a'])) }} select 1 as a", ("a",)),
        ("select * from {{ ref('x') }}", None),
        ("with final as (select *, 1 as a from t) select * from final", None),
        ("select a from", None),
        ("{% if %}", None),
    ],
)  # fmt: skip
def test_output_columns(sql: str, columns: tuple[str, ...] | None) -> None:
    assert output_columns(WITH_MACRO, sql) == columns


@pytest.mark.parametrize(
    ("sql", "kinds"),
    [
        ("select a, cast(b as date) as b from t", []),
        ("select row_number() over (partition by a) as n from t", ["window"]),
        ("select case a when 1 then 2 end as n, if(a, b) as c from t", ["case"]),
        ("select a + interval '1' day as a, date_trunc('month', b) as b from t", ["date"]),
        ("-- case by case, over and over\nselect 'case' as a from t", []),
        ("select {{ age_band('a', 'b') }} as band from t", []),
        ("select 'unended", ["unreadable"]),
    ],
)
def test_logic(sql: str, kinds: list[str]) -> None:
    assert logic(sql) == kinds
