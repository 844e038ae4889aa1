"""What a quality rule lets its figure be, and whether any figure can keep or break that."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

BETWEEN = ("mustBeBetween", "mustNotBeBetween")
OPERATORS = {
    "mustBe": operator.eq,
    "mustNotBe": operator.ne,
    "mustBeGreaterThan": operator.gt,
    "mustBeGreaterOrEqualTo": operator.ge,
    "mustBeLessThan": operator.lt,
    "mustBeLessOrEqualTo": operator.le,
}


def faults_of_bounds(comparisons: Mapping[str, Any], *, counts: bool) -> Iterator[str]:
    """Why comparisons are none that a figure can keep and break, each as a sentence.

    Args:
        comparisons: What the figure is compared with, by the names of the standard.
        counts: The figure is a count: whole and never below zero.
    """
    if not comparisons:
        yield "it compares its figure with nothing"
    odd = [f"{n} compares with {v!r}, which is no figure" for n, v in comparisons.items()
           if not _comparable(n, v)]  # fmt: skip
    empty = [f"{n} names {v!r}, between which lies no figure" for n, v in comparisons.items()
             if n in BETWEEN and not odd and v[0] > v[1]]  # fmt: skip
    yield from odd or empty
    if odd or empty or not comparisons:
        return
    what = "count" if counts else "figure"
    tried = list(_figures([*comparisons.values()], counts=counts))
    if not any(all(_keeps(each, n, v) for n, v in comparisons.items()) for each in tried):
        words = " and ".join(f"{name} {value}" for name, value in comparisons.items())
        yield f"{words} is kept by no {what}"
    for name, value in comparisons.items():
        if all(_keeps(each, name, value) for each in tried):
            yield f"{name} {value} is kept by every {what}"


def passing(
    before: Mapping[str, Any], after: Mapping[str, Any], *, counts: bool, positive: bool
) -> tuple[bool, bool] | None:
    """Whether all that passed one set of comparisons passes another, and the other way round.

    Args:
        before: What a figure was compared with, by the names of the standard.
        after: What it is compared with.
        counts: The figure is a count: whole and never below zero.
        positive: The figure is never below zero, as a share.

    Returns:
        None where one of the two compares with what is no figure.
    """
    both = [*before.items(), *after.items()]
    if not all(_comparable(name, value) for name, value in both):
        return None
    tried = [
        figure
        for figure in _figures([value for _, value in both], counts=counts)
        if isinstance(figure, bool) or figure >= 0 or not positive
    ]
    passed, passes = (
        [all(_keeps(figure, n, v) for n, v in each.items()) for figure in tried]
        for each in (before, after)
    )
    pairs = list(zip(passed, passes, strict=True))
    return all(now for was, now in pairs if was), all(was for was, now in pairs if now)


def _figures(values: Iterable[Any], *, counts: bool) -> Iterator[Decimal | bool]:
    """Figures on every bound, beside and between them: what holds for these holds for all."""
    named = [v for each in values for v in (each if isinstance(each, list) else [each])]
    ends = sorted({Decimal(0), *(Decimal(str(v)) for v in named if not isinstance(v, bool))})
    if counts:
        near = {math.floor(end) + step for end in ends for step in (-1, 0, 1, 2)}
        yield from (Decimal(each) for each in sorted(near) if each >= 0)
        return
    yield from (True, False)
    yield from (ends[0] - 1, *ends, ends[-1] + 1)
    yield from ((low + high) / 2 for low, high in pairwise(ends))


def _keeps(figure: Decimal | bool, name: str, value: Any) -> bool:
    if isinstance(figure, bool) or isinstance(value, bool):
        # The engine compares a boolean with no number.
        return type(figure) is type(value) and (figure == value) == (name == "mustBe")
    if name in BETWEEN:
        low, high = (Decimal(str(each)) for each in value)
        return (low <= figure <= high) == (name == "mustBeBetween")
    return bool(OPERATORS[name](figure, Decimal(str(value))))


def _comparable(name: str, value: Any) -> bool:
    if name in BETWEEN:
        return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))
    return _is_number(value) or (isinstance(value, bool) and name in ("mustBe", "mustNotBe"))


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float | Decimal) and math.isfinite(value))
