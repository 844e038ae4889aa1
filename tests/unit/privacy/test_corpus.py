"""The labelled corpus: every leak is found, and hardly anything harmless is."""

from __future__ import annotations

import pytest

from tests.unit.privacy.cases import Case, corpus

CASES = corpus()
MOST_FALSE_ALARMS = 0.03


@pytest.fixture(scope="module")
def faults() -> dict[str, list[str]]:
    return {f"{case.file}: {case.name}": found for case in CASES if (found := case.faults())}


def _of(faults: dict[str, list[str]], cases: list[Case]) -> dict[str, list[str]]:
    names = {f"{case.file}: {case.name}" for case in cases}
    return {name: found for name, found in faults.items() if name in names}


def test_every_leak_is_found(faults: dict[str, list[str]]) -> None:
    assert _of(faults, [case for case in CASES if not case.harmless]) == {}


def test_hardly_anything_harmless_is_found(faults: dict[str, list[str]]) -> None:
    harmless = [case for case in CASES if case.harmless]
    alarms = _of(faults, harmless)
    assert len(alarms) <= MOST_FALSE_ALARMS * len(harmless), alarms


def test_the_corpus_is_large_and_balanced() -> None:
    harmless = sum(case.harmless for case in CASES)
    assert len(CASES) >= 120
    assert harmless >= 0.45 * len(CASES)
    assert len({(case.file, case.name) for case in CASES}) == len(CASES)
    assert all(case.harmless != bool(case.leaks or case.refused) for case in CASES)
