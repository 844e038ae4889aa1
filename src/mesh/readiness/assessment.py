"""Six factors, answered by people and, where the repository can tell, proved by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.contracts.document import Document, read
from mesh.contracts.finding import errors
from mesh.core.errors import Findings, InputError

FACTORS = (
    "domain_clarity",
    "team_maturity",
    "platform_capability",
    "governance_maturity",
    "scale_need",
    "organisational_buy_in",
)
BANDS = (
    (24, "strong candidate", "go on domain by domain; the foundation carries a mesh"),
    (18, "hybrid", "let the ready domains own products, keep the others with the central team"),
    (12, "build the foundation first", "platform and ownership before the first product"),
    (6, "stay central", "one team and one model serve better for now"),
)
"""The least total of a band, its name, and what it means; 6 is the least total there is."""
NEXT = {
    "domain_clarity": (
        "draw the borders of the domains with those who do the work, and give each one owner",
        "write down who owns every table, and give every product a contract",
        "look at the borders again whenever a domain splits or merges",
    ),
    "team_maturity": (
        "put an analytics engineer into each domain team",
        "have each team test the grain of every model and unit test its logic",
        "let teams review each other's contracts",
    ),
    "platform_capability": (
        "automate build and test before anything else",
        "take the platform team out of every deployment that a domain makes",
        "measure how long a first product takes, and shorten it",
    ),
    "governance_maturity": (
        "classify every column that is landed, and name who may see which class",
        "check the rules in every build instead of in meetings",
        "have the rules audited every quarter",
    ),
    "scale_need": (
        "stay with one team: fewer than 100 people or few sources need no mesh",
        "start with the domain that waits longest for the central team",
        "plan the next domains by how much waits for them",
    ),
    "organisational_buy_in": (
        "find a sponsor who pays for data in a domain's budget",
        "make products and their consumers part of the domains' goals",
        "publish what products have saved, and keep asking",
    ),
}
"""What to do next by factor: for a score of 1 or 2, of 3, and of 4 or 5."""


@dataclass(frozen=True)
class Factor:
    """A factor: the answer, and what the repository proves (None where it cannot tell).

    Both scores run from 1 to 5. ``proof`` says in words what the evidence is.
    """

    name: str
    score: int
    reason: str
    evidence: int | None
    proof: str
    next_step: str


@dataclass(frozen=True)
class Assessment:
    """All factors with their total, 6 to 30, and the band that it falls into."""

    factors: tuple[Factor, ...]
    total: int
    band: str
    advice: str


Evidence = Mapping[str, tuple[int, str]]


def read_answers(path: Path) -> dict[str, tuple[int, str]]:
    """The answers of a file: score and reason by factor.

    Raises:
        InputError: There is no such file.
        Findings: It lacks a factor, or a score is none; every fault is named with its place.
    """
    if not path.exists():
        raise InputError("there is no such file", where=str(path), expected="the six factors")
    document, findings = read(path)
    faults = ["; ".join(finding.lines()) for finding in errors(findings)]
    answers: dict[str, tuple[int, str]] = {}
    given = document.data.get("factors") if isinstance(document.data, Mapping) else None
    if not faults and not isinstance(given, Mapping):
        faults.append(f"{path}:1:1: there is no mapping `factors`")
    if isinstance(given, Mapping):
        faults += [_fault(document, name, "is no factor") for name in given if name not in FACTORS]
        for name in FACTORS:
            answer = _answer(given.get(name))
            if answer is None:
                faults.append(_fault(document, name, "has no score from 1 to 5"))
            else:
                answers[name] = answer
            faults += [
                _fault(document, name, f"says `{key}` too") for key in _more(given.get(name))
            ]
    if faults:
        raise Findings(
            "the answers cannot be used\n" + "\n".join(faults),
            expected=f"a score from 1 to 5, and a reason, for each of {', '.join(FACTORS)}",
            hint="put a reason with a comma in quotes",
        )
    return answers


def _fault(document: Document, name: str, what: str) -> str:
    line, column = document.place(("factors", name), key=True)
    return f"{document.file}:{line}:{column}: {name} {what}"


def _more(given: Any) -> list[str]:
    """What an answer holds beside its score and reason, as the rest of a reason with a comma."""
    return [k for k in given if k not in ("score", "reason")] if isinstance(given, Mapping) else []


def _answer(given: Any) -> tuple[int, str] | None:
    score = given.get("score") if isinstance(given, Mapping) else given
    reason = str(given.get("reason") or "") if isinstance(given, Mapping) else ""
    if isinstance(score, bool) or not isinstance(score, int) or not 1 <= score <= 5:
        return None
    return score, reason


def assess(answers: Mapping[str, tuple[int, str]], evidence: Evidence) -> Assessment:
    """Add up the answers; the evidence stands beside them and changes nothing."""
    factors = tuple(_factor(name, answers[name], evidence.get(name)) for name in FACTORS)
    total = sum(factor.score for factor in factors)
    _, band, advice = next(entry for entry in BANDS if total >= entry[0])
    return Assessment(factors, total, band, advice)


def _factor(name: str, answer: tuple[int, str], proved: tuple[int, str] | None) -> Factor:
    score, reason = answer
    evidence, proof = proved or (None, "")
    return Factor(name, score, reason, evidence, proof, _next(name, score))


def _next(name: str, score: int) -> str:
    return NEXT[name][0 if score <= 2 else 1 if score == 3 else 2]
