from __future__ import annotations

import subprocess
import sys

import pytest
from trino.exceptions import TrinoUserError

from mesh.build import discreet
from mesh.core.paths import ROOT

CAST = {
    "errorName": "INVALID_CAST_ARGUMENT",
    "errorType": "USER_ERROR",
    "message": "Cannot cast '999-12-3456' to BIGINT",
}
SYNTAX = {
    "errorName": "SYNTAX_ERROR",
    "errorType": "USER_ERROR",
    "message": "line 1:8: mismatched input 'form'",
}

PRINT = """
import sys
from mesh.build import discreet
from trino.exceptions import TrinoUserError
discreet.apply()
discreet.apply()
error = TrinoUserError({error!r}, query_id="q1")
print(str(error), repr(error), error.message)
"""


def said(error: dict[str, str]) -> str:
    """What a process in which values are held back says of the error."""
    code = PRINT.format(error=error)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "src"
    )
    return done.stdout


def test_a_value_is_held_back_and_the_kind_of_error_stays() -> None:
    text = said(CAST)
    assert "999-12-3456" not in text
    assert "INVALID_CAST_ARGUMENT" in text
    assert "q1" in text
    assert discreet.HELD_BACK in text


def test_what_is_wrong_with_the_statement_is_said() -> None:
    assert "mismatched input 'form'" in said(SYNTAX)


@pytest.mark.parametrize(
    "name", ["INVALID_FUNCTION_ARGUMENT", "GENERIC_INTERNAL_ERROR", "NEW", None]
)
def test_an_error_that_is_not_known_to_be_harmless_is_held_back(name: str | None) -> None:
    assert discreet.message_of(name, "secret") == discreet.HELD_BACK


def test_this_process_still_says_everything() -> None:
    """The text belongs to the person who asks the engine themselves."""
    assert "999-12-3456" in str(TrinoUserError(CAST, query_id="q1"))
