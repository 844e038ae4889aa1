from datetime import date
from pathlib import Path

import pytest
import yaml

from mesh.core.errors import MeshError
from mesh.privacy.findings import Finding
from mesh.privacy.waivers import Waiver, apply, read_waivers

TODAY = date(2026, 11, 21)
LEAK = Finding("PRIV003", "orders", "it gives direct values", "email", "direct")


def waiver(**given: object) -> Waiver:
    whole: dict[str, object] = {
        "code": "PRIV003",
        "node": "orders",
        "column": "email",
        "owner": "fintech",
        "reason": "agreed with the steward",
        "until": date(2026, 12, 31),
    }
    return Waiver(**{**whole, **given})  # type: ignore[arg-type]


def codes(*waivers: Waiver) -> list[str]:
    return [each.code for each in apply([LEAK], waivers, TODAY)]


def test_a_waiver_excuses_what_it_is_for_up_to_its_last_day() -> None:
    assert codes(waiver()) == []
    assert codes(waiver(until=TODAY)) == []


def test_a_waiver_that_is_over_excuses_nothing_and_is_found() -> None:
    assert codes(waiver(until=date(2026, 11, 20))) == ["PRIV003", "PRIV015"]


@pytest.mark.parametrize("other", [{"node": "other"}, {"column": ""}, {"code": "PRIV004"}])
def test_a_waiver_for_something_else_is_a_warning(other: dict[str, str]) -> None:
    assert codes(waiver(**other)) == ["PRIV003", "PRIV016"]


WHOLE = {
    "code": "PRIV003",
    "node": "orders",
    "column": "email",
    "owner": "fintech",
    "reason": "agreed with the steward",
    "until": date(2030, 1, 1),
}


@pytest.mark.parametrize(
    "other",
    [
        {"owner": ""},
        {"reason": "x"},
        {"until": None},
        {"until": "soon"},
        {"node": ""},
        {"column": "*"},
        {"node": "fct_*"},
    ],
)
def test_a_waiver_that_lacks_something_excuses_nothing(
    tmp_path: Path, other: dict[str, object]
) -> None:
    (tmp_path / "governance").mkdir()
    text = yaml.safe_dump({"waivers": [{**WHOLE, **other}]})
    (tmp_path / "governance" / "waivers.yml").write_text(text)
    assert codes(*read_waivers(tmp_path)) == ["PRIV003", "PRIV015"]


def test_a_file_that_is_no_list_of_waivers_stops_the_check(tmp_path: Path) -> None:
    (tmp_path / "governance").mkdir()
    (tmp_path / "governance" / "waivers.yml").write_text("waivers: [a, b]")
    with pytest.raises(MeshError, match="cannot be read"):
        read_waivers(tmp_path)
