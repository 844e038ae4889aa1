"""A model with references alone is rendered without a template, to the same text."""

from __future__ import annotations

import pytest

from mesh.checks.style import sql as style_sql
from mesh.checks.style.sql import render

CASES = {
    "from {{ ref('a') }}": "from a",
    'from {{ref("a")}} t': "from a t",
    "from {{ ref('p', 'a') }}": "from a",
    "from {{ source( 's' , 't' ) }}": "from s.t",
    "select 1": "select 1",
}


@pytest.mark.parametrize("text", CASES)
def test_references_are_rendered_as_the_template_does(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert render(text) == CASES[text]
    monkeypatch.setattr(style_sql, "_REFERENCE", style_sql.re.compile("$^"))
    again = render(text + "{# a template #}")
    assert again == CASES[text]


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("from {{ ref('a', v=2) }}", "from a"),
        ("{% if is_incremental() %}x{% endif %}{{ ref('a') }}", "a"),
        ("a {{- ref('b') }}", "ab"),
        ("{{ config(x=1) }}{{ ref('a') }}", "a"),
    ],
)
def test_other_jinja_takes_a_template(text: str, rendered: str) -> None:
    assert render(text) == rendered


def test_a_macro_that_redefines_ref_is_called() -> None:
    assert render("{{ ref('a') }}", "{% macro ref(x) %}mine_{{ x }}{% endmacro %}") == "mine_a"
