"""What a check says, and the list of rules that say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mesh.build.nodes import Manifest


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is not in order.

    Args:
        path: File to change, from the root of the repository.
        code: Code of the rule, stable.
        node: Name of the model, source, test or macro.
        column: Its column, empty where the finding is about the whole.
        message: What was found, one sentence.
        hint: What to do about it.
        severity: ``error`` or ``warning``; only an error makes a check fail.
    """

    path: str
    code: str
    node: str
    column: str
    message: str
    hint: str
    severity: str = "error"


Check = Callable[[Manifest], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule: its code, one sentence that states it, and the function that looks."""

    code: str
    sentence: str
    check: Check


class Rules:
    """The rules of one kind of check, in the order of their codes."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}

    def add(self, code: str) -> Callable[[Check], Check]:
        """Decorate a check; the first line of its docstring states the rule."""

        def register(check: Check) -> Check:
            if code in self._rules:
                raise ValueError(f"two rules have the code {code}")
            sentence = (check.__doc__ or "").strip().splitlines()[0]
            self._rules[code] = Rule(code, sentence, check)
            return check

        return register

    def __iter__(self) -> Iterator[Rule]:
        return iter(sorted(self._rules.values(), key=lambda rule: rule.code))

    def starting(self, code: str) -> list[Rule]:
        """The rules whose codes start so."""
        return [rule for rule in self if rule.code.startswith(code)]

    def findings(self, manifest: Manifest, codes: Iterable[str] = ()) -> list[Finding]:
        """What the rules find, by file; ``codes`` narrows it to those that start so."""
        wanted = tuple(codes) or ("",)
        chosen = [rule for rule in self if rule.code.startswith(wanted)]
        return sorted(finding for rule in chosen for finding in rule.check(manifest))
