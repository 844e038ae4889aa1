"""The field's own reader accepts every contract; it runs in an environment of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mesh.contracts import datacontract
from mesh.contracts.changes import Change, compare
from mesh.contracts.project import contract_files
from mesh.core.apart import python_of
from mesh.core.errors import ArtifactError
from mesh.core.paths import ROOT
from tests.unit.contracts.made import BASE, base, column, contract, text
from tests.unit.contracts.test_diff import CHANGES, old_raw

ONLY_OURS = {
    "address moved", "availability lowered", "classification raised", "format changed",
    "freshness lowered", "grain changed", "level removed", "retention shortened", "retired",
    "role removed", "server moved", "unit changed", "value removed",
}  # fmt: skip
"""Breaking changes that datacontract-cli 1.2.8 does not call breaking for consumers."""
TABLE = BASE["schema"][0]["name"]


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    try:
        python_of(datacontract.LOCK)
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


def _pairs(folder: Path) -> dict[str, tuple[Path, Path]]:
    """Each change of our own list as two files."""
    found = {}
    for number, (name, (change, _, _, _)) in enumerate(CHANGES.items()):
        old, new = folder / f"{number}-old.yaml", folder / f"{number}-new.yaml"
        before, after = base(old_raw), base(old_raw)
        change(after)
        old.write_text(text(before))
        new.write_text(text(after))
        found[name] = (old, new)
    return found


def _names(path: str) -> set[str]:
    """What a path of theirs, or an element of ours, is about: a column, a rule, a level, a field."""
    around = {"schema", "properties", "table", TABLE, "slaProperties", "roles"}
    return set(re.findall(r"\w+", path)) - around


def _about(change: Change) -> set[str]:
    """Rules have places in their paths, and names in ours."""
    return _names(change.element) | ({"quality"} if change.change.startswith("rule") else set())


def test_we_find_all_that_it_calls_breaking_and_more(tmp_path: Path) -> None:
    """What it calls breaking we call so too, or risky, and of the same element."""
    pairs = _pairs(tmp_path)
    said = datacontract.breaking(list(pairs.values()))
    theirs = {name: said[str(new)] for name, (_, new) in pairs.items() if said[str(new)]}
    ours = {}
    for name in pairs:

        def changed(raw: dict[str, object], change: object = CHANGES[name][0]) -> None:
            old_raw(raw)
            change(raw)  # type: ignore[operator]

        ours[name] = compare(contract(old_raw), contract(changed))
    missed = {
        (name, told)
        for name, found in theirs.items()
        for told in found
        if not any(
            each.kind != "safe" and _names(told.partition(":")[0]) & _about(each)
            for each in ours[name]
        )
    }
    assert missed == set()
    only_ours = {n for n, found in ours.items() if any(c.kind == "breaking" for c in found)}
    assert only_ours - theirs.keys() == ONLY_OURS
