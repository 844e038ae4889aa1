"""A change before it is known whose it is and whether its version took the step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Raw:
    """A change; ``step`` is set where its class does not decide about the step."""

    element: str
    change: str
    kind: str
    message: str
    columns: tuple[str, ...] = ()
    step: str = ""


def words(text: Any) -> str:
    """A text with single blanks, for comparing."""
    return " ".join(str(text or "").split())
