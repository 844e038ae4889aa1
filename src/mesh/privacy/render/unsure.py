"""Values that differ from run to run: what a template decides by them is tried both ways."""

from __future__ import annotations

import datetime
import itertools
import operator
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import jinja2
from jinja2.runtime import Context

from mesh.privacy.render.branches import Circumstances

MOMENT = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
CLOCKS = frozenset({"now", "utcnow", "today"})
MANY = 100

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
        return iter(self._value)

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
