"""What a look at contracts finds, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from mesh.core.errors import Findings
from mesh.core.printable import printable

SHOWN = 20
"""Findings that are told where something is refused; the check itself tells all."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is not in order.

    Args:
        file: The file to change, as it was named.
        line: Line in it, counted from 1; 0 where the finding is about the whole file.
        column: Column in that line, counted from 1; 0 likewise.
        code: Code of the rule, stable.
        element: What it is about: a column, a field, a rule; empty for the whole.
        found: What was found, one sentence.
        expected: What was expected in its place.
        hint: What to do about it.
        severity: ``error`` or ``warning``; only an error makes a check fail.
        product: The product that it is about, where that is known.
    """

    file: str
    line: int
    column: int
    code: str
    element: str
    found: str
    expected: str
    hint: str
    severity: str = "error"
    product: str = ""

    @property
    def place(self) -> str:
        """``file:line:column``, as far as it is known."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def as_json(self) -> dict[str, object]:
        """As an object of the JSON output."""
        return asdict(self)

    def lines(self) -> list[str]:
        """As lines for a terminal."""
        head = f"{self.place}: {self.code} {self.element + ': ' if self.element else ''}"
        mark = "" if self.severity == "error" else f" ({self.severity})"
        rest = [("expected", self.expected), ("hint", self.hint)]
        lines = [f"{head}{self.found}{mark}", *(f"  {n}: {text}" for n, text in rest if text)]
        return [printable(line) for line in lines]


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those that make a check fail."""
    return [finding for finding in findings if finding.severity == "error"]


def refusal(check: str, sentence: str, findings: Sequence[Finding]) -> Findings:
    """What stops a build: a sentence, the first findings, and the check that shows them all."""
    lines = [line for finding in findings[:SHOWN] for line in finding.lines()]
    return Findings("\n".join([sentence, *lines]), hint=f"`./mesh check {check}` shows them all")
