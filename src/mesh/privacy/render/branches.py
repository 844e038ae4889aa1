"""Finds every way in which a template renders, by trying what its conditions ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST = 64
"""Ways that are tried; a template with more of them is not known whole."""

OTHERWISE = "mesh_other_value"
"""Tried where a text is what it is compared with, so that the other side is seen as well."""


@dataclass
class Circumstances:
    """What holds during one rendering, and what else the template asked about.

    Args:
        given: What was decided before, by the name of the question.
    """

    given: Mapping[str, Any]
    answers: dict[str, Any] = field(default_factory=dict)
    others: dict[str, list[Any]] = field(default_factory=dict)
    guesses: set[str] = field(default_factory=set)

    def ask(self, name: str, *answers: Any) -> Any:
        """The answer to a question; the first one unless decided otherwise."""
        self.answers.setdefault(name, self.given.get(name, answers[0]))
        for each in answers:
            self.also(name, each)
        return self.answers[name]

    def also(self, name: str, answer: Any, *, guess: bool = False) -> None:
        """Note another answer that the template would take differently."""
        known = self.others.setdefault(name, [])
        if not any(same(answer, each) for each in known):
            known.append(answer)
        if guess:
            self.guesses.add(_word(name, answer))

    @property
    def guessed(self) -> bool:
        """Whether a value that nobody gave was tried."""
        return OTHERWISE in self.answers.values() or any(
            _word(*each) in self.guesses for each in self.answers.items()
        )

    def text(self, name: str, value: str, *others: str) -> Chosen:
        """A text that notes what it is compared with."""
        return Chosen(str(self.ask(name, value, *others)), name, self)


def same(one: Any, other: Any) -> bool:
    """Equality that tells 1 from True and notes no comparison."""
    return type(one) is type(other) and repr(one) == repr(other)


def _word(name: str, answer: Any) -> str:
    return f"{name}={answer!r}"


PARTS = frozenset(
    {"split", "rsplit", "splitlines", "partition", "rpartition", "replace", "find", "rfind",
     "index", "count", "title", "capitalize", "casefold", "removeprefix", "removesuffix", "lstrip",
     "rstrip", "isdigit", "isnumeric", "isalpha", "isupper", "islower", "zfill", "swapcase",
     "translate"}
)  # fmt: skip
"""Methods of a text that give no text to compare as it is."""


class Chosen(str):
    """A text of which the template's comparisons are noted as other values to try."""

    def __new__(cls, value: str, name: str, circumstances: Circumstances) -> Chosen:
        """Make it."""
        made = super().__new__(cls, value)
        made._name, made._circumstances = name, circumstances
        return made

    _name: str
    _circumstances: Circumstances

    @property
    def name(self) -> str:
        """What was asked."""
        return self._name

    @property
    def circumstances(self) -> Circumstances:
        """Where its comparisons are noted."""
        return self._circumstances

    def _asked(self, how: str, other: object, holds: bool) -> bool:
        """Note a comparison; whether it holds."""
        if isinstance(other, str):
            self._circumstances.also(self._name, str.__str__(other))
        if holds:
            self._circumstances.also(self._name, OTHERWISE, guess=True)
        return holds

    def __eq__(self, other: object) -> bool:
        return self._asked("==", other, isinstance(other, str) and str.__eq__(self, other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return str.__hash__(self)

    def __str__(self) -> str:
        return str.__str__(self)

    def __contains__(self, part: object) -> bool:
        return self._asked("has", part, isinstance(part, str) and str.__contains__(self, part))

    def __bool__(self) -> bool:
        if not self._name.startswith(("target", "this", "model")):
            value = "" if len(self) else f"value_of_{self._name.partition(' ')[2]}"
            self._circumstances.also(self._name, value, guess=bool(value))
        return len(self) > 0

    def startswith(self, prefix: Any, *rest: Any) -> bool:
        """As of a text, and noted."""
        asked = prefix if isinstance(prefix, tuple) else (prefix,)
        found = [self._asked("begins", each, str.startswith(self, each, *rest)) for each in asked]
        return any(found)

    def endswith(self, suffix: Any, *rest: Any) -> bool:
        """As of a text, and noted."""
        asked = suffix if isinstance(suffix, tuple) else (suffix,)
        found = [self._asked("ends", each, str.endswith(self, each, *rest)) for each in asked]
        return any(found)

    def __getattribute__(self, name: str) -> Any:
        """What a text can do else, whose outcome is as unsure as the text."""
        found = str.__getattribute__(self, name)
        if name not in PARTS:
            return found
        from mesh.privacy.render.unsure import Unsure

        return Unsure(found, f"{self._name}.{name}", lambda: self._circumstances)

    def __getitem__(self, key: Any) -> Any:
        from mesh.privacy.render.unsure import Unsure

        known = str.__getitem__(self, key)
        return Unsure(known, f"{self._name}[{key!r}]", lambda: self._circumstances)

    def _kept(self, value: str) -> Chosen:
        return Chosen(value, self._name, self._circumstances)

    def lower(self) -> Chosen:
        """As of a text."""
        return self._kept(str.lower(self))

    def upper(self) -> Chosen:
        """As of a text."""
        return self._kept(str.upper(self))

    def strip(self, chars: str | None = None, /) -> Chosen:
        """As of a text."""
        return self._kept(str.strip(self, chars))


class Told(Chosen):
    """A value of a query that nobody ran: it shows as a mark, and nobody knows how it compares."""

    def _asked(self, how: str, other: object, holds: bool) -> bool:
        return bool(self._circumstances.ask(f"{self._name} {how} {other!r}", holds, not holds))

    __eq__, __hash__ = Chosen.__eq__, Chosen.__hash__

    def __bool__(self) -> bool:
        return self._asked("is", "there", True)

    def __lt__(self, other: Any) -> bool:
        return self._asked("lt", other, False)

    def __gt__(self, other: Any) -> bool:
        return self._asked("gt", other, False)

    def __le__(self, other: Any) -> bool:
        return self._asked("le", other, False)

    def __ge__(self, other: Any) -> bool:
        return self._asked("ge", other, False)

    def __getattribute__(self, name: str) -> Any:
        """What a text can do else; a text that comes of it is as unknown."""
        if name not in PARTS:
            return super().__getattribute__(name)
        found = str.__getattribute__(self, name)
        return lambda *args, **named: self.made(found(*args, **named), f".{name}{args!r}")

    def made(self, value: Any, how: str) -> Any:
        """Something that was made of the value."""
        if isinstance(value, str):
            return Told(value, f"{self._name}{how}", self._circumstances)
        from mesh.privacy.render.unsure import Unsure

        return Unsure(value, f"{self._name}{how}", lambda: self._circumstances)

    def _kept(self, value: str) -> Told:
        return Told(value, self._name, self._circumstances)


@dataclass(frozen=True)
class Way:
    """One outcome, or why there was none."""

    result: Any
    error: Exception | None
    guessed: bool


def ways(attempt: Callable[[Circumstances], Any]) -> tuple[list[Way], bool]:
    """Every outcome of an attempt, and whether these are all there are."""
    queue: list[dict[str, Any]] = [{}]
    seen: set[str] = set()
    found: list[Way] = []
    while queue and len(found) < MOST:
        circumstances = Circumstances(queue.pop())
        result, error = None, None
        try:
            result = attempt(circumstances)
        except Exception as caught:  # whatever a template does wrong, it is reported
            error = caught
        key = _key(circumstances.answers)
        if key in seen:
            continue
        seen.add(key)
        found.append(Way(result, error, circumstances.guessed))
        queue += [each for each in _next(circumstances) if _key(each) not in seen]
    return found, not queue


def _key(answers: Mapping[str, Any]) -> str:
    return repr(sorted((name, repr(value)) for name, value in answers.items()))


def _next(circumstances: Circumstances) -> Iterator[dict[str, Any]]:
    for name, others in circumstances.others.items():
        for other in others:
            if not same(other, circumstances.answers[name]):
                yield {**circumstances.answers, name: other}
