"""What is written as YAML is read back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mesh.contracts.document import parse
from mesh.contracts.write import as_yaml


def _read(text: str) -> Any:
    document, findings = parse(text.encode(), "f.yaml")
    assert findings == []
    return document.data


@given(st.text("ab \n\t\r:#'\"{}[]-|>&*!%@\u2028é", max_size=60).map(lambda text: "x" + text))
@example("a\nb")
@example("\ta\nb")
@example("a  \nb\n")
@example("a\n\n")
@example("no")
@example("1e999")
def test_a_text_is_read_back_as_it_was_written(text: str) -> None:
    raw = {"name": text, "listed": [text, "x"], "inner": {text: text}, "rows": [{"sql": text}]}
    if "\r" not in text and "\u2028" not in text:
        assert _read(as_yaml(raw)) == raw
    else:
        del raw["inner"]  # a key is one line
        assert _read(as_yaml(raw)) == raw


def test_a_text_of_several_lines_stands_as_it_is() -> None:
    assert as_yaml({"sql": "select a\n  from b\n"}) == "sql: |\n  select a\n    from b\n"


@pytest.mark.parametrize("number", ["1e999", "-1e400", ".inf"])
def test_no_number_is_beyond_all_numbers(number: str) -> None:
    assert _read(f"a: {number}\n") == {"a": number}
