"""The end of a version: announced by a date, held up by those who still rely on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from mesh.contracts.consumers import FILE, Consumer
from mesh.contracts.finding import Finding
from mesh.contracts.model import Contract


def today() -> date:
    """The day, UTC."""
    return datetime.now(UTC).date()


def retirement(
    contracts: Sequence[Contract], consumers: Sequence[Consumer], day: date
) -> Iterator[Finding]:
    """Versions whose end has come, and versions that end without an heir.

    A build after the date is refused while consumers are left; each is named. One that has
    acknowledged a later version that is there no longer counts.
    """
    for contract in contracts:
        end = contract.deprecation_date
        line, column = contract.place(("slaProperties",))
        if end is None:
            if contract.status == "deprecated":
                yield Finding(
                    contract.file,
                    line,
                    column,
                    "C543",
                    "status",
                    "it is deprecated without an end",
                    "a service level endOfLife with a date",
                    "name the day on which it ends",
                    product=contract.product,
                )
            continue
        if day < end:
            continue
        left = [consumer for consumer in consumers if consumer.left_behind(contract, contracts)]
        if left:
            names = ", ".join(consumer.words for consumer in left)
            yield Finding(
                contract.file,
                line,
                column,
                "C541",
                contract.address,
                f"its end was {end}, and consumers are left: {names}",
                "no consumer after its end",
                f"move them, have them acknowledge a later version in {FILE}, or move the date",
                product=contract.product,
            )
        else:
            yield Finding(
                contract.file,
                line,
                column,
                "C542",
                contract.address,
                f"its end was {end} and nobody is left",
                "no contract after its end",
                "remove the version: docs/guides/retire-a-product.md",
                "warning",
                contract.product,
            )
