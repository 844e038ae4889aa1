"""An older contract whose parts are taken out one by one, so that nothing of it is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Source(dict[str, Any]):
    """A mapping whose parts are taken out one by one; what is left has not been mapped."""

    def take(self, name: str) -> Any:
        """A part, no longer here afterwards; None if it is not there."""
        return self.pop(name, None)

    def text(self, name: str) -> str | None:
        """A part that is one value, as text; another one stays, and None comes back."""
        if is_nested(self.get(name)):
            return None
        found = self.take(name)
        return None if found is None else str(found)


def is_nested(value: Any) -> bool:
    """Whether a value holds others: a mapping or a list."""
    return isinstance(value, Mapping | list)
