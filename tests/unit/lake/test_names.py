"""Names are checked before they reach SQL or a URL."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.core.errors import LakeError
from mesh.lake.names import (
    identifier,
    literal,
    new_run_id,
    reference,
    release_number,
    release_tag,
    run_started_at,
)


@given(st.text())
def test_an_identifier_is_plain_or_refused(name: str) -> None:
    try:
        quoted = identifier(name)
    except LakeError:
        return
    assert re.fullmatch(r'"[a-z][a-z0-9_]*"', quoted)


@given(st.text())
def test_a_reference_stays_one_segment_of_a_path_or_is_refused(name: str) -> None:
    try:
        assert reference(name) == name
    except LakeError:
        return
    assert not set(name) & set("/@~*^%?# \n")
    assert ".." not in name


@given(st.text())
def test_a_literal_ends_where_it_should(text: str) -> None:
    quoted = literal(text)
    assert quoted[0] == quoted[-1] == "'"
    assert "'" not in quoted[1:-1].replace("''", "")
    assert quoted[1:-1].replace("''", "'") == text


@pytest.mark.parametrize(
    ("tag", "number"),
    [("release-0001", 1), ("release-12345", 12345), ("release-1", None), ("main", None)],
)
def test_release_numbers_are_read_back(tag: str, number: int | None) -> None:
    assert release_number(tag) == number


@given(st.integers(min_value=1, max_value=10**6))
def test_tags_and_numbers_agree(number: int) -> None:
    assert release_number(release_tag(number)) == number


def test_a_run_id_tells_when_it_began() -> None:
    run_id = new_run_id()
    assert re.fullmatch(r"\d{8}t\d{6}-[0-9a-f]{4}", run_id)
    began = run_started_at(f"build-{run_id}")
    assert began is not None
    assert abs(datetime.now(UTC) - began) < timedelta(seconds=5)


@pytest.mark.parametrize("name", ["main", "ci-notes", "build-20269999t000000-aaaa"])
def test_other_names_have_no_time(name: str) -> None:
    assert run_started_at(name) is None
