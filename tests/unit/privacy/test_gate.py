"""A build does not begin where personal data would leak."""

from __future__ import annotations

import pytest

from mesh.core.errors import Findings
from mesh.privacy import gate
from mesh.privacy.findings import Finding


def test_errors_stop_and_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    leak = Finding("PRIV003", "dim_people", "ssn reaches it", column="code", file="models/a.sql")
    monkeypatch.setattr(gate, "examine", lambda: [leak])
    with pytest.raises(Findings) as caught:
        gate.require_no_leak()
    assert "models/a.sql: PRIV003 dim_people.code: ssn reaches it" in caught.value.message
    assert "check privacy" in (caught.value.hint or "")


def test_a_warning_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    by_name = Finding("PRIV007", "dim_people", "it reads t")
    assert by_name.level == "warning"
    monkeypatch.setattr(gate, "examine", lambda: [by_name])
    gate.require_no_leak()
