"""What the steps of a run share: what is asked for, where things lie, how it went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mesh.build.packages import PackagesState
from mesh.build.summary import Summary
from mesh.core.console import Steps
from mesh.core.paths import state_dir
from mesh.core.settings import Lake

if TYPE_CHECKING:
    from mesh.site.samples import Answers

PATIENTS = 40
"""Patients generated when nothing is said: the first run then takes some three minutes."""
SEED = 1


@dataclass(frozen=True)
class Scope:
    """The part of a run that is wanted; `mesh run` wants all of it, an orchestrator may not.

    Args:
        land: Take in the input; else the tables are built from what is landed already.
        select: dbt's selectors of what to build; everything if empty.
        unit_tests: Run dbt's unit tests too.
        always: Build also when nothing is new.
    """

    land: bool = True
    select: tuple[str, ...] = ()
    unit_tests: bool = False
    always: bool = False


@dataclass(frozen=True)
class Options:
    """What to build from, and how.

    Args:
        patients: How many histories Synthea makes; ignored when ``source`` is given.
        source: A folder of Synthea CSV to take instead.
        wait: Wait for another publisher instead of giving up.
        full_refresh: Build every table from scratch, also when nothing changed.
        site: Write the site of the new release; without it the next run that may will.
        prepare: Called with the lake and the run's branch before anything is built on it.
    """

    patients: int = PATIENTS
    seed: int = SEED
    source: Path | None = None
    wait: bool = False
    full_refresh: bool = False
    scope: Scope = Scope()
    site: bool = True
    prepare: Callable[[Lake, str], None] | None = None


@dataclass
class Outcome:
    """How a run went; ``answers`` are those to the sample queries, empty where none were asked."""

    lake: Lake
    release: str
    new: bool
    summary: Summary
    steps: Steps
    left_out: list[str] = field(default_factory=list)
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """What the steps of one run share."""

    lake: Lake
    run_id: str
    options: Options
    packages: PackagesState
    steps: Steps
    left_out: list[str]

    @property
    def folder(self) -> Path:
        """Where dbt's artifacts and logs of this run lie."""
        return run_folder(self.run_id)


def run_folder(run_id: str) -> Path:
    """Where dbt's artifacts and logs of a run lie, also when it failed."""
    return state_dir() / "runs" / run_id


def as_of_date(*, generated: bool) -> str:
    """The day ages are counted from, as YYYY-MM-DD, UTC.

    Generated histories end on a fixed day, so that the same input gives the same tables on any
    day; for other files it is today.
    """
    from mesh.landing.synthea import REFERENCE_DATE

    today = datetime.now(UTC).date()
    return (datetime.strptime(REFERENCE_DATE, "%Y%m%d").date() if generated else today).isoformat()


def describe_input(options: Options) -> str:
    """The input in words."""
    if not options.scope.land:
        return "what is landed already"
    if options.source:
        return f"the files of {options.source.resolve().name}"
    return f"{options.patients} patients of Synthea, seed {options.seed}"
