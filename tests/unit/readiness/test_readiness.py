"""Answers are added up and banded; evidence stands beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mesh.cli import app, register
from mesh.core.errors import Findings, InputError
from mesh.core.paths import ROOT
from mesh.readiness.assessment import FACTORS, NEXT, assess, read_answers
from mesh.readiness.evidence import scored


def _answers(*scores: int) -> dict[str, tuple[int, str]]:
    return {name: (score, "") for name, score in zip(FACTORS, scores, strict=True)}


@pytest.mark.parametrize(
    ("scores", "band"),
    [
        ((5, 5, 5, 5, 5, 5), "strong candidate"),
        ((4, 4, 4, 4, 4, 4), "strong candidate"),
        ((4, 4, 4, 4, 4, 3), "hybrid"),
        ((3, 3, 3, 3, 3, 3), "hybrid"),
        ((3, 3, 3, 3, 3, 2), "build the foundation first"),
        ((2, 2, 2, 2, 2, 2), "build the foundation first"),
        ((2, 2, 2, 2, 2, 1), "stay central"),
        ((1, 1, 1, 1, 1, 1), "stay central"),
    ],
)
def test_the_total_falls_into_its_band(scores: tuple[int, ...], band: str) -> None:
    found = assess(_answers(*scores), {})
    assert (found.total, found.band) == (sum(scores), band)


def test_the_next_step_goes_by_the_score() -> None:
    found = assess(_answers(1, 2, 3, 4, 5, 3), {})
    wanted = [0, 0, 1, 2, 2, 1]
    steps = [NEXT[name][i] for name, i in zip(FACTORS, wanted, strict=True)]
    assert [factor.next_step for factor in found.factors] == steps


def test_evidence_stands_beside_the_answer_and_changes_nothing() -> None:
    found = assess(_answers(1, 1, 1, 1, 1, 1), {"domain_clarity": (5, "all of it")})
    assert found.total == 6
    assert (found.factors[0].evidence, found.factors[0].proof) == (5, "all of it")
    assert found.factors[1].evidence is None


@pytest.mark.parametrize(("share", "score"), [(0, 1), (0.3, 2), (0.5, 3), (0.99, 4), (1, 5)])
def test_only_the_whole_is_a_five(share: float, score: int) -> None:
    assert scored(share) == score


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("factors: {domain_clarity: 6}", "domain_clarity has no score"),
        ("factors: {weather: 3}", "weather is no factor"),
        ("factors: {domain_clarity: true}", "team_maturity has no score"),
        (
            "factors: {scale_need: {score: 3, reason: Many, and more of them}}",
            "scale_need says `and more of them` too",
        ),
        ("a: 1", "no mapping"),
        ("factors:\n\t- 1", "a tab"),
    ],
)
def test_bad_answers_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "answers.yml"
    path.write_text(text)
    with pytest.raises(Findings, match=said):
        read_answers(path)


def test_missing_answers_could_not_run(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_answers(tmp_path / "absent.yml")


def test_our_own_assessment_is_proved_where_it_can_be() -> None:
    register.all_commands()
    done = CliRunner().invoke(app, ["readiness", "--format", "json"])
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    by_name = {factor["name"]: factor for factor in found["factors"]}
    assert by_name["domain_clarity"]["evidence"] == 5
    assert by_name["scale_need"]["evidence"] is None
    assert found["total"] == sum(factor["score"] for factor in found["factors"])
    assert read_answers(ROOT / "governance" / "readiness.yml")
