"""How often each product answered when its sample queries were asked, as releases recorded it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from mesh.core.errors import MeshError
from mesh.core.settings import Lake
from mesh.site.samples import FILE as SAMPLES
from mesh.site.samples import Answers, answers_from_json

READINGS = "readings.json"
"""Counts by address, beside the other files of a release."""

WINDOW = timedelta(days=30)
"""How far back is looked: availability is promised as a share of a month."""


@dataclass(frozen=True)
class Readings:
    """After how many releases a product was asked, and after how many of these it answered."""

    answered: int
    asked: int


def read_readings(lake: Lake, now: datetime) -> dict[str, Readings]:
    """The counts over the releases that were published in the :data:`WINDOW` before ``now``.

    Raises:
        MeshError: The lake does not answer, or a record cannot be read: the counts would be
            of fewer releases than there are.
    """
    from mesh.lake.files import find_file
    from mesh.lake.releases import releases

    recorded = []
    for release in releases(lake):
        if now - release.published_at > WINDOW:
            continue
        stored = find_file(lake, release.run_id, SAMPLES)
        if stored is not None:  # else of before, or of a lake whose accounts are not known
            recorded.append(answers_from_json(stored))
    return count(recorded)


def count(recorded: Iterable[Answers]) -> dict[str, Readings]:
    """The counts of several records; a product answers if one of its queries does.

    A query may be wrong; a product that does not answer gives nothing to any of them.
    """
    found: dict[str, Readings] = {}
    for answers in recorded:
        there: dict[str, bool] = {}
        for (address, _), answer in answers.items():
            there[address] = there.get(address, False) or not answer.fault
        for address, answered in there.items():
            before = found.get(address, Readings(0, 0))
            found[address] = Readings(before.answered + answered, before.asked + 1)
    return found


def as_json(readings: Mapping[str, Readings]) -> str:
    """The counts as the text of :data:`READINGS`."""
    counts = {address: [each.answered, each.asked] for address, each in sorted(readings.items())}
    return json.dumps(counts, indent=2) + "\n"


def from_json(text: str) -> dict[str, Readings]:
    """The counts in such a text.

    Raises:
        MeshError: It is none.
    """
    try:
        return {
            address: Readings(int(answered), int(asked))
            for address, (answered, asked) in json.loads(text).items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        raise MeshError(f"counts cannot be read: {error}", where=READINGS) from error
