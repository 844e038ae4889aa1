"""A build does not begin where personal data would leak."""

from __future__ import annotations

import pytest

from mesh.build import ci
from mesh.core.errors import Findings
from mesh.privacy import gate
from mesh.privacy.findings import Finding


def test_errors_stop_and_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    leak = Finding("PRIV003", "dim_people", "ssn reaches it", column="code", file="models/a.sql")
    monkeypatch.setattr(gate, "examine", lambda base: [leak])
    with pytest.raises(Findings) as caught:
        gate.require_no_leak()
    assert "models/a.sql: PRIV003 dim_people.code: ssn reaches it" in caught.value.message
    assert "check privacy" in (caught.value.hint or "")


def test_a_warning_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    by_name = Finding("PRIV007", "dim_people", "it reads t")
    assert by_name.level == "warning"
    monkeypatch.setattr(gate, "examine", lambda base: [by_name])
    gate.require_no_leak()


def test_what_a_change_takes_away_stops_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Finding("PRIV017", "dim_people", "the mask over crm.people.ssn is gone")
    monkeypatch.setattr(gate, "examine", lambda base: [gone] if base == "origin/main" else [])
    gate.require_no_leak()
    with pytest.raises(Findings, match="PRIV017") as caught:
        gate.require_no_leak("origin/main")
    assert "--base origin/main" in (caught.value.hint or "")


def test_the_check_of_a_change_is_held_against_its_base(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def refuses(base: str | None = None) -> None:
        asked.append(base)
        raise Findings("a protection is gone")

    monkeypatch.setattr(gate, "require_no_leak", refuses)
    monkeypatch.setattr(ci, "fork_of", lambda root, base: (base, 0))
    monkeypatch.setattr("mesh.contracts.gate.require_steps", lambda base: None)
    monkeypatch.setattr("mesh.contracts.gate.require_contracts", lambda *_, **__: None)
    with pytest.raises(Findings, match="protection is gone"):
        ci.check("origin/main")
    assert asked == ["origin/main"]
