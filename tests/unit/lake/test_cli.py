"""Spans of time on the command line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mesh.cli.lake import duration
from mesh.core.errors import MeshError


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("7d", timedelta(days=7)),
        ("12h", timedelta(hours=12)),
        ("30m", timedelta(minutes=30)),
        ("0d", timedelta(0)),
    ],
)
def test_spans_of_time_are_read(text: str, span: timedelta) -> None:
    assert duration(text) == span


@pytest.mark.parametrize("text", ["", "7", "d", "7 days", "-1d", "1.5h", "7w"])
def test_other_spans_are_refused(text: str) -> None:
    with pytest.raises(MeshError, match="no span of time"):
        duration(text)
