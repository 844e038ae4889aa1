"""The field's own reader accepts every contract; it runs in an environment of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh.contracts import datacontract
from mesh.contracts.project import contract_files
from mesh.core.errors import ArtifactError
from mesh.core.paths import ROOT
from tests.unit.contracts.made import base, column, text


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    try:
        datacontract.environment()
    except ArtifactError as error:
        pytest.skip(str(error))


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No address can be reached, so that what passes needs none."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")


def test_it_accepts_every_contract() -> None:
    files = contract_files(ROOT)
    found = datacontract.lint(files)
    assert found == {str(path): [] for path in files}
    assert len(found) >= 34


def test_it_refuses_what_is_no_contract(tmp_path: Path) -> None:
    path = tmp_path / "bad.odcs.yaml"
    path.write_text(text(base(lambda r: column(r, "claim_id").update(logicalType="strng"))))
    [faults] = datacontract.lint([path]).values()
    assert faults
