"""Counts leave out a release without a record, and never one whose store did not answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mesh.core.errors import LakeError
from mesh.lake import releases
from mesh.lake.releases import Release
from mesh.site.readings import Readings, read_readings
from mesh.site.samples import Answer, answers_to_json
from tests.unit.lake.servers import serving
from tests.unit.lake.test_trino import LAKE

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ADDRESS = "data://x/a/v1"
STORED = answers_to_json({(ADDRESS, "q"): Answer("d", "analyst", NOW, 0.1, (), "no rows")})
NOTHING = (
    "<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>"
)


@pytest.fixture(autouse=True)
def two_releases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nessie knows two releases, the runs ``old`` and ``new``."""
    made = [Release(f"v{run}", "h", run, None, NOW, "", (), run == "new") for run in ("new", "old")]
    monkeypatch.setattr(releases, "releases", lambda lake: made)


def counted(old: int) -> dict[str, Readings]:
    """The counts where S3 answers with status ``old`` for the file of the older release."""

    def reply(method: str, path: str) -> tuple[int, str]:
        if "_releases/new/" in path:
            return 200, STORED
        return (old, "") if method == "HEAD" else (200, NOTHING)

    with serving(reply) as port:
        return read_readings(replace(LAKE, s3_endpoint=f"http://127.0.0.1:{port}"), NOW)


def test_a_release_without_a_record_is_left_out() -> None:
    assert counted(404) == {ADDRESS: Readings(1, 1)}


def test_a_store_that_does_not_answer_is_told() -> None:
    with pytest.raises(LakeError, match=r"cannot look for samples\.json of old"):
        counted(403)
