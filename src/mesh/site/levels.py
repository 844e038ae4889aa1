"""Service levels: what is promised, and how it stands today as far as the release tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from mesh.contracts.model import Level
from mesh.site.catalogue import Product, words
from mesh.site.inputs import Inputs
from mesh.site.quality import FAILED, NOT_KNOWN, NOT_RUN, TOLD, Check

KEPT, BROKEN, UNKNOWN, PROMISED = "kept", "broken", "not known", "promised"

_SECONDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86400),
    **dict.fromkeys(("w", "week", "weeks"), 7 * 86400),
    **dict.fromkeys(("y", "yr", "year", "years"), 365 * 86400),
}
_UNITS = {"s": "second", "min": "minute", "h": "hour", "d": "day", "w": "week", "y": "year"}


@dataclass(frozen=True)
class State:
    """A service level with its state.

    ``since`` and ``limit`` are set where the state ages: the browser then counts on from
    ``since`` when the page is opened and compares with ``limit`` seconds.
    """

    name: str
    promise: str
    description: str
    state: str
    evidence: str
    since: datetime | None = None
    limit: int | None = None


def states(product: Product, inputs: Inputs, checks: Sequence[Check]) -> Iterator[State]:
    """The service levels of a product as they stand."""
    for level in product.contract.levels:
        name = level.name.lower()
        if name == "freshness":
            yield _freshness(level, product, inputs)
        elif name == "latency":
            yield _latency(level, product, inputs)
        elif name == "accuracy":
            yield _accuracy(level, product, inputs, checks)
        elif name == "availability":
            yield _availability(level, product, inputs)
        elif name == "retention":
            yield _state(level, PROMISED, "not measured")
        elif name in ("endoflife", "endofsupport", "generalavailability"):
            yield _state(level, PROMISED, "")
        else:
            yield _state(level, UNKNOWN, "not measured yet")


def promise(level: Level) -> str:
    """What is promised, in words."""
    value = str(level.value)
    if level.unit in ("percent", "%"):
        return f"{value} %"
    unit = _UNITS.get(level.unit, level.unit)
    plural = "s" if unit in _UNITS.values() and value != "1" else ""
    return f"{value} {unit}{plural}".strip()


def seconds(value: Any, unit: str) -> int | None:
    """A length of time in seconds; None where it is none."""
    factor = _SECONDS.get(unit.lower())
    try:
        return None if factor is None else int(Decimal(str(value)) * factor)
    except (InvalidOperation, ValueError, OverflowError):
        return None


def span(length: timedelta) -> str:
    """A length of time in words."""
    total = max(int(length.total_seconds()), 0)
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if total >= 2 * size or (unit == "minute" and total >= size):
            count = total // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"


def moment(time: datetime) -> str:
    """A moment in words, in UTC."""
    return f"{time.day} {time:%B %Y, %H:%M} UTC"


def _state(level: Level, state: str, evidence: str, **rest: Any) -> State:
    name = {"endoflife": "End of life"}.get(level.name.lower(), words(level.name))
    return State(name, promise(level), level.description.strip(), state, evidence, **rest)


def _freshness(level: Level, product: Product, inputs: Inputs) -> State:
    newest = inputs.loaded_at.get(product.relation)
    limit = seconds(level.value, level.unit)
    if newest is None or limit is None:
        return _state(level, UNKNOWN, "when the newest rows were loaded is not known")
    age = inputs.written_at - newest
    state = KEPT if age <= timedelta(seconds=limit) else BROKEN
    return _state(level, state, f"newest rows {moment(newest)}", since=newest, limit=limit)


def _latency(level: Level, product: Product, inputs: Inputs) -> State:
    newest = inputs.loaded_at.get(product.relation)
    limit = seconds(level.value, level.unit)
    published = inputs.release.at if inputs.release else None
    fresh = inputs.summary and any(each.new_rows for each in inputs.summary.arrivals)
    if newest is None or limit is None or published is None:
        return _state(level, UNKNOWN, "when the newest rows were loaded is not known")
    if not fresh:
        return _state(level, UNKNOWN, "the live release brought no new rows")
    took = published - newest
    state = KEPT if took <= timedelta(seconds=limit) else BROKEN
    return _state(level, state, f"the newest rows were published after {span(took)}")


def _availability(level: Level, product: Product, inputs: Inputs) -> State:
    """How often it answered after a release; what happens between two of them is not seen.

    ``n`` readings without a miss tell a share of ``1 - 1/n`` at most, so fewer than a promise of
    99.5 % takes, 200, leave it open.
    """
    found = inputs.readings.get(product.contract.address)
    if found is None:
        return _state(level, UNKNOWN, "not measured: no release tells whether it answered")
    told = (
        f"answered after {found.answered} of {found.asked} releases of 30 days; "
        "not measured in between"
    )
    try:
        promised = Decimal(str(level.value)) / 100
    except InvalidOperation:
        return _state(level, UNKNOWN, told)
    if found.answered < promised * found.asked:
        return _state(level, BROKEN, told)
    enough = (1 - promised) * found.asked >= 1
    return _state(level, KEPT if enough else UNKNOWN, told)


def _accuracy(level: Level, product: Product, inputs: Inputs, checks: Sequence[Check]) -> State:
    known = [check for check in checks if check.outcome not in (NOT_KNOWN, NOT_RUN, TOLD)]
    if not known:
        return _state(level, UNKNOWN, "no result of a check is known")
    failed = sum(check.outcome == FAILED for check in known)
    told = [f"{len(known) - failed} of {len(known)} checks passed"]
    broken = bool(failed)
    arrivals = inputs.summary.arrivals if inputs.summary else ()
    own = next((a for a in arrivals if a.domain == product.contract.domain and a.rows), None)
    if own is not None:
        share = 100 * Decimal(own.rows - own.rejected) / own.rows
        told.append(f"{share:.2f} % of the domain's landed rows accepted")
        try:
            broken = broken or share < Decimal(str(level.value))
        except InvalidOperation:
            return _state(level, UNKNOWN, "; ".join(told))
    return _state(level, BROKEN if broken else KEPT, "; ".join(told))
