"""The vault table: written once, never overwritten, bound to its branch."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from mesh.core.errors import LakeError
from mesh.core.settings import Lake
from mesh.landing import tables
from mesh.landing.keys import TABLE, ensure_keys
from tests.stack.lake_parts import head
from tests.stack.landing_parts import empty_branch

pytestmark = pytest.mark.stack

KEYS = {"medical": secrets.token_bytes(32), "fintech": secrets.token_bytes(32)}


@pytest.fixture
def ref(lake: Lake) -> Iterator[str]:
    """A branch with nothing on it."""
    with empty_branch(lake) as name:
        yield name


def keys_in(lake: Lake, ref: str) -> dict[str, bytes]:
    table = tables.load_table(tables.open_catalog(lake, ref), TABLE)
    rows = table.scan().to_arrow().to_pylist() if table else []
    return {row["domain"]: row["key"] for row in rows}


def test_keys_are_written_once(lake: Lake, ref: str) -> None:
    assert ensure_keys(lake, ref, KEYS)
    assert keys_in(lake, ref) == KEYS
    before = head(lake, ref)
    assert not ensure_keys(lake, ref, KEYS)
    assert head(lake, ref) == before


def test_a_new_domain_gets_its_key_beside_the_others(lake: Lake, ref: str) -> None:
    ensure_keys(lake, ref, KEYS)
    more = {**KEYS, "research": secrets.token_bytes(32)}
    assert ensure_keys(lake, ref, more)
    assert keys_in(lake, ref) == more


def test_other_keys_are_refused_without_showing_them(lake: Lake, ref: str) -> None:
    ensure_keys(lake, ref, KEYS)
    before = head(lake, ref)
    other = {**KEYS, "fintech": secrets.token_bytes(32)}
    with pytest.raises(LakeError, match="for fintech") as caught:
        ensure_keys(lake, ref, other)
    for key in (*KEYS.values(), *other.values()):
        assert key.hex() not in str(caught.value)
    assert head(lake, ref) == before
    assert keys_in(lake, ref) == KEYS


def test_keys_do_not_stand_in_what_describes_the_table(lake: Lake, ref: str) -> None:
    ensure_keys(lake, ref, KEYS)
    table = tables.load_table(tables.open_catalog(lake, ref), TABLE)
    assert table is not None
    (file,) = table.inspect.files().to_pylist()
    for bound in ("lower_bounds", "upper_bounds"):
        assert not file[bound]
