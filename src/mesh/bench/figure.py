"""A measured figure with its aim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """What was measured, in which unit, against which aim.

    Args:
        name: Short, as `mesh bench` takes it, with what tells figures of one measure apart.
        what: What it is, one sentence.
        unit: ``s``, ``GB`` or ``ratio``, which is shown without one.
        aim: The most it should be.
        samples: One value for each round, in order.
        parts: Medians in seconds of what a ratio is made of, by name.
    """

    name: str
    what: str
    unit: str
    aim: float
    samples: tuple[float, ...]
    parts: Mapping[str, float]

    @property
    def median(self) -> float:
        """The middle of the samples."""
        return median(self.samples)

    @property
    def met(self) -> bool:
        """Whether the median is within the aim."""
        return self.median <= self.aim

    def as_json(self) -> dict[str, Any]:
        """All of it, for tools; numbers are not rounded."""
        return {
            **asdict(self),
            "median": self.median,
            "least": min(self.samples),
            "most": max(self.samples),
            "met": self.met,
        }

    def as_row(self) -> dict[str, object]:
        """One line of a table."""
        unit = "" if self.unit == "ratio" else f" {self.unit}"
        return {
            "figure": self.name,
            "median": f"{self.median:.2f}{unit}",
            "least": f"{min(self.samples):.2f}{unit}",
            "most": f"{max(self.samples):.2f}{unit}",
            "rounds": len(self.samples),
            "aim": f"<= {self.aim:g}{unit}",
            "verdict": "met" if self.met else "missed",
            "made of": ", ".join(f"{name} {value:.2f} s" for name, value in self.parts.items()),
        }


def ratio(
    name: str,
    what: str,
    aim: float,
    ours: tuple[str, Sequence[float]],
    bare: tuple[str, Sequence[float]],
) -> Figure:
    """A figure that divides our seconds by those of the bare way, round by round."""
    samples = tuple(a / b for a, b in zip(ours[1], bare[1], strict=True))
    parts = {ours[0]: median(ours[1]), bare[0]: median(bare[1])}
    return Figure(name, what, "ratio", aim, samples, parts)
