"""A column that had no type in the engine was promised by its logical type alone."""

from __future__ import annotations

import pytest

from tests.unit.contracts.made import Raw, column, compared


def _of_types(raw: Raw, logical: str, physical: str) -> None:
    kept = column(raw, "payer_kind")
    kept.pop("physicalType", None)
    kept.pop("logicalType", None)
    kept.update({"logicalType": logical} if logical else {})
    kept.update({"physicalType": physical} if physical else {})


def _of_items(raw: Raw, logical: str, physical: str) -> None:
    kept = column(raw, "payer_kind")
    kept.update(logicalType="array", physicalType="array(varchar)")
    kept["items"] = {"logicalType": logical, **({"physicalType": physical} if physical else {})}


BREAKING, SAFE = ("column_retyped", "breaking"), ("column_typed", "safe")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (("string", ""), ("integer", "bigint"), BREAKING),
        (("integer", ""), ("string", "varchar"), BREAKING),
        (("string", ""), ("integer", ""), BREAKING),
        (("string", ""), ("", "bigint"), BREAKING),
        (("string", ""), ("string", "varchar"), SAFE),
        (("integer", ""), ("integer", "bigint"), SAFE),
        (("string", ""), ("", "varchar"), SAFE),
        (("", ""), ("string", "varchar"), SAFE),
        (("string", "varchar"), ("string", ""), BREAKING),
    ],
)
def test_a_first_type_keeps_what_the_logical_one_promised(
    old: tuple[str, str], new: tuple[str, str], told: tuple[str, str]
) -> None:
    [hit] = compared(lambda r: _of_types(r, *old), lambda r: _of_types(r, *new), "1.2.0")
    assert (hit.change, hit.kind) == told
    assert hit.element == "payer_kind"


@pytest.mark.parametrize(
    ("new", "told"), [(("integer", "bigint"), BREAKING), (("string", "varchar"), SAFE)]
)
def test_so_it_is_for_the_items_of_an_array(new: tuple[str, str], told: tuple[str, str]) -> None:
    [hit] = compared(lambda r: _of_items(r, "string", ""), lambda r: _of_items(r, *new), "1.2.0")
    assert (hit.element, hit.change, hit.kind) == ("payer_kind.items", *told)
