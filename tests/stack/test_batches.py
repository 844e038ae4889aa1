"""Late, corrected and unreadable rows, through whole runs of the mesh."""

from __future__ import annotations

from mesh.core.settings import Lake
from mesh.lake.releases import rollback
from mesh.lake.trino import query
from tests.stack.published import Published, contents


def quarantine(lake: Lake, domain: str) -> list[tuple[object, ...]]:
    """The rejected rows of a domain: table, reasons."""
    sql = f"select source_table, reasons from {domain}_silver.silver_{domain}__quarantined_rows"
    return sorted((table, tuple(reasons)) for table, reasons in query(lake, sql, "lake"))


def test_unreadable_rows_wait_in_quarantine_and_are_counted(published: Published) -> None:
    """They neither stop the run nor vanish, and the summary counts them.

    The way to the first release and back gives every table as it was.
    """
    live, before = published.second.release, contents(published.lake)
    rollback(published.lake, published.first.release)
    try:
        assert contents(published.lake) == published.first_contents != before
        medical = quarantine(published.lake, "medical")
        assert ("synthea_encounters", ("start is not a valid timestamp",)) in medical
        assert ("synthea_observations", ("date is not a valid timestamp",)) in medical
        unknown = [table for table, reasons in medical if "patient is not known" in reasons]
        assert unknown == ["synthea_conditions"] * 2 + ["synthea_encounters"] * 2
        assert quarantine(published.lake, "fintech") == [
            ("synthea_claims_transactions", ("fromdate is not a valid timestamp",))
        ]
        assert len(quarantine(published.lake, "logistics")) == 1
    finally:
        rollback(published.lake, live)
    assert contents(published.lake) == before
    rejected = {one.domain: one.rejected for one in published.first.summary.arrivals}
    assert rejected == {"patients": 0, "medical": 6, "fintech": 1, "logistics": 1}


def test_the_second_batch_heals_what_the_first_lacked(published: Published) -> None:
    """A patient who comes late brings along the rows that waited for them."""
    reasons = [r for _, rs in quarantine(published.lake, "medical") for r in rs]
    assert "patient is not known" not in reasons
    [(towns,)] = query(
        published.lake,
        "select count(*) from patients_silver.silver_patients__patients where city = 'Oldtown'",
        "lake",
    )
    assert towns == 0
