"""Values that differ from run to run: what a template decides by them is tried both ways."""

from __future__ import annotations

import datetime
import functools
import itertools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import jinja2
from jinja2.runtime import Context

from mesh.privacy.render.branches import Chosen, Circumstances, Told

MOMENT = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
CLOCKS = frozenset({"now", "utcnow", "today"})
MANY = 100
OF_TEXT = frozenset({"lower", "upper", "trim", "string", "default", "d"})
"""Filters that give a text of which comparisons are noted as such a one."""
OF_ANY = frozenset({"length", "count", "default", "d"})
"""Filters that look after unsure values by themselves."""

Now = Callable[[], Circumstances]


class Unsure:
    """A value that shows as it is, and of which every comparison has two outcomes."""

    def __init__(self, value: Any, name: str, now: Now) -> None:
        self._value, self._name, self._now = value, name, now

    def _made(self, value: Any, how: str) -> Unsure:
        return Unsure(value, f"{self._name}{how}", self._now)

    def _asked(self, how: str, answer: bool) -> bool:
        return bool(self._now().ask(f"{self._name}{how}", answer, not answer))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._made(getattr(self._value, name), f".{name}")

    def __getitem__(self, key: Any) -> Any:
        return self._made(self._value[plain(key)], f"[{key!r}]")

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Call it."""
        made = self._value(*map(plain, args), **{key: plain(v) for key, v in named.items()})
        return self._made(made, f"({args!r}, {named!r})")

    def __repr__(self) -> str:
        return repr(self._value)

    def __str__(self) -> str:
        return str(self._value)

    def __format__(self, spec: str) -> str:
        return format(self._value, spec)

    def __int__(self) -> int:
        return int(self._value)

    def __index__(self) -> int:
        return operator.index(self._value)

    def __float__(self) -> float:
        return float(self._value)

    def __hash__(self) -> int:
        return hash(self._value)

    def __iter__(self) -> Iterator[Any]:
        if isinstance(self._value, list) and not self._value:
            return iter([self._made("any", "[0]")] if self._asked(" has any", False) else [])
        made = (self._made(each, f"[{place}]") for place, each in enumerate(self._value))
        return made if isinstance(self._value, (str, list, tuple)) else iter(self._value)

    def __len__(self) -> int:
        known = len(self._value)
        return int(self._now().ask(f"len {self._name}", known, MANY - known))

    def __bool__(self) -> bool:
        return self._asked(" is so", bool(self._value))

    def __contains__(self, part: object) -> bool:
        return self._asked(f" has {part!r}", False)

    def __eq__(self, other: object) -> bool:
        return self._asked(f" == {other!r}", False)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: object) -> bool:
        return self._asked(f" < {other!r}", False)

    def __gt__(self, other: object) -> bool:
        return self._asked(f" > {other!r}", False)

    def __le__(self, other: object) -> bool:
        return not self > other

    def __ge__(self, other: object) -> bool:
        return not self < other

    def _with(self, how: Callable[[Any, Any], Any], other: Any, *, turned: bool = False) -> Unsure:
        pair = (plain(other), self._value) if turned else (self._value, plain(other))
        return self._made(how(*pair), f" {how.__name__} {turned} {other!r}")

    def __add__(self, other: Any) -> Unsure:
        return self._with(operator.add, other)

    def __radd__(self, other: Any) -> Unsure:
        return self._with(operator.add, other, turned=True)

    def __sub__(self, other: Any) -> Unsure:
        return self._with(operator.sub, other)

    def __rsub__(self, other: Any) -> Unsure:
        return self._with(operator.sub, other, turned=True)

    def __mul__(self, other: Any) -> Unsure:
        return self._with(operator.mul, other)

    def __mod__(self, other: Any) -> Unsure:
        return self._with(operator.mod, other)

    def __floordiv__(self, other: Any) -> Unsure:
        return self._with(operator.floordiv, other)


def plain(value: Any) -> Any:
    """The value that shows."""
    return value._value if isinstance(value, Unsure) else value


def derived(value: Any, how: str, made: Callable[[Any], Any]) -> Any:
    """What is made of a value that may be an unsure one, and then is unsure as well."""
    if isinstance(value, Told):
        return value.made(made(str(value)), how)
    if isinstance(value, Chosen):
        result = made(str(value))
        return Unsure(result, f"{value.name}{how}", lambda: value.circumstances)
    if isinstance(value, Unsure):
        return value._made(made(value._value), how)
    return made(value)


def joined(parts: Iterable[Any]) -> Any:
    """The parts of a text one after the other, as ``~`` gives them."""
    known = list(parts)
    text = "".join(map(str, known))
    for each in known:
        if isinstance(each, (Chosen, Unsure)):
            names = "~".join(_name(part) for part in known)
            return derived(each, f"~{names}", lambda _: text)
    return text


def _name(part: Any) -> str:
    if isinstance(part, Chosen):
        return part.name
    return part._name if isinstance(part, Unsure) else str(part)


def carrying(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Filters of Jinja that make of an unsure value another unsure one."""

    def carried(name: str, use: Any) -> Any:
        place = int(hasattr(use, "jinja_pass_arg"))

        @functools.wraps(use)
        def wrapped(*args: Any, **named: Any) -> Any:
            value = args[place] if len(args) > place else None
            keeping = OF_TEXT if isinstance(value, Chosen) else OF_ANY
            if not isinstance(value, (Chosen, Unsure)) or name in keeping:
                return use(*args, **named)
            before, rest = args[:place], args[place + 1 :]
            how = f"|{name}{rest!r}{named!r}"
            return derived(value, how, lambda known: use(*before, known, *rest, **named))

        return wrapped

    return {name: carried(name, use) for name, use in filters.items()}


class Moments:
    """A class of dates, whose clock nobody knows."""

    def __init__(self, kind: Any, now: Now) -> None:
        self._kind, self._now = kind, now

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in CLOCKS:
            moment = MOMENT.date() if self._kind is datetime.date else MOMENT
            return lambda *_: Unsure(moment, f"{self._kind.__name__}.{name}", self._now)
        found = getattr(self._kind, name)
        if not callable(found):
            return found
        return lambda *args, **named: found(*map(plain, args), **named)

    def __call__(self, *args: Any, **named: Any) -> Any:
        """A date of its parts."""
        return self._kind(*map(plain, args), **{key: plain(v) for key, v in named.items()})


def clock(now: Now) -> SimpleNamespace:
    """The module ``datetime``."""
    names = {name: getattr(datetime, name) for name in datetime.__all__}
    names["datetime"] = Moments(datetime.datetime, now)
    names["date"] = Moments(datetime.date, now)
    names["timedelta"] = lambda *args, **named: datetime.timedelta(
        *map(plain, args), **{key: plain(value) for key, value in named.items()}
    )
    return SimpleNamespace(**names)


def of_a_run(now: Now) -> dict[str, Any]:
    """What dbt tells templates about a run."""
    values = {
        "dbt_version": "1.11",
        "invocation_id": "invocation",
        "run_started_at": MOMENT,
        "thread_id": "thread",
        "selected_resources": [],
    }
    found: dict[str, Any] = {name: Unsure(value, name, now) for name, value in values.items()}
    for name in ("invocation_args_dict", "dbt_metadata_envs"):
        found[name] = Unsure(_Anything(), name, now)
    return found


def in_batches(node: Mapping[str, Any], now: Now) -> Mapping[str, Any]:
    """A node as its template sees it: one built in batches is told which, in some of its runs."""
    if (node.get("config") or {}).get("incremental_strategy") != "microbatch":
        return node
    if not now().ask("batch", False, True):
        return {**node, "batch": None}
    batch = SimpleNamespace(id="batch", event_time_start=MOMENT, event_time_end=MOMENT)
    return {**node, "batch": Unsure(batch, "model.batch", now)}


NOW = "mesh_now"
"""Name under which a template's circumstances are found by its filters."""


@jinja2.pass_context
def length(context: Context, value: Any) -> Any:
    """How many there are, as the filters ``length`` and ``count``; of nodes, nobody knows later."""
    known = len(value)
    parts = value.values() if isinstance(value, Mapping) else value
    nodes = not isinstance(value, str) and any(
        isinstance(each, Mapping) and "unique_id" in each for each in itertools.islice(parts, 1)
    )
    now = context.get(NOW)
    return Unsure(known, f"{known} nodes", now) if nodes and now is not None else known


class _Anything(dict[str, Any]):
    """Settings that nobody knows: each may be there or not."""

    def __missing__(self, key: str) -> str:
        return ""
