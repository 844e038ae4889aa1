"""All identifiers of which there are few, tried against every text that is published."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import date
from itertools import chain

import pyarrow.compute as pc
import pytest

from mesh.core.settings import Lake
from mesh.lake.trino import query
from mesh.landing.tables import open_catalog
from tests.stack.attack import Attack, Recovered, days, social_security_numbers, telephone_numbers
from tests.stack.published import Published

pytestmark = pytest.mark.stack

MASSACHUSETTS = ("339", "351", "413", "508", "617", "774", "781", "857", "978")
EXHAUSTIVE = "MESH_ATTACK_EVERY_NUMBER"
"""Tries all 10^9 social security numbers: minutes for each digest, so not in the normal suite."""

PLANTED = """
    select
        ssn,
        lower(to_hex(sha256(to_utf8(ssn)))),
        to_base64(md5(to_utf8(replace(ssn, '-', '')))),
        substr(to_hex(sha512(to_utf8(ssn))), 1, 20),
        'id-' || to_hex(xxhash64(to_utf8(replace(ssn, '-', ' ')))),
        to_base64url(sha1(to_utf8(ssn))),
        to_hex(to_big_endian_32(cast(crc32(to_utf8(ssn)) - if(crc32(to_utf8(ssn)) > 2147483647, 4294967296, 0) as integer))),
        lower(to_hex(sha256(to_utf8(birthdate))))
    from patients_landing.synthea_patients
"""
"""What must not be published: digests without a key of what landed, made by the engine itself."""
NAMES = ("clear", "sha256", "md5 in base64", "sha512 cut", "xxhash64", "sha1", "crc32", "birth day")


def published_texts(lake: Lake) -> Iterator[tuple[str, list[str]]]:
    """The different values of every column of text, of every published table."""
    catalog = open_catalog(lake, "main")
    for namespace in catalog.list_namespaces():
        if not namespace[-1].endswith("_gold"):
            continue
        for identifier in catalog.list_tables(namespace):
            table = catalog.load_table(identifier)
            names = [
                each.name for each in table.schema().fields if str(each.field_type) == "string"
            ]
            rows = table.scan(selected_fields=tuple(names)).to_arrow()
            for name in names:
                values = pc.unique(rows[name]).drop_null().to_pylist()
                yield f"{'.'.join(identifier)}.{name}", values


@pytest.fixture(scope="module")
def texts(_two_releases: Published) -> dict[str, list[str]]:
    return dict(published_texts(_two_releases.lake))


def truth(published: Published) -> set[str]:
    """The numbers and days of birth of the patients, in the ways that the candidates are written."""
    patients = published.files.read("patients")
    numbers = set(patients["SSN"].to_pylist())
    spelled = numbers | {each.replace("-", "") for each in numbers}
    born = [date.fromisoformat(each) for each in pc.unique(patients["BIRTHDATE"]).to_pylist()]
    return (
        spelled
        | {each.replace("-", " ") for each in numbers}
        | {form for day in born for form in days(day, day)}
    )


def candidates() -> Iterator[str]:
    return chain(
        social_security_numbers(),
        telephone_numbers(MASSACHUSETTS),
        days(date(1900, 1, 1), date(2027, 1, 1)),
    )


def test_no_number_or_day_comes_back_from_what_is_published(
    published: Published, texts: dict[str, list[str]]
) -> None:
    """And all come back from planted digests without a key, so that the attack is one.

    Eight digits can agree by chance, as codes of terminologies do; that is no patient's number.
    """
    planted = zip(*query(published.lake, PLANTED, "lake"), strict=True)
    columns = {f"planted {name}": list(of) for name, of in zip(NAMES, planted, strict=True)}
    assert len(texts) > 100
    found = set(Attack({**texts, **columns}).on(candidates()))
    true = truth(published)
    assert {each for each in found if each.column in texts and each.candidate in true} == set()
    people = published.files.distinct("patients", "SSN")
    for name in NAMES[:-1]:
        of = {each.candidate for each in found if each.column == f"planted {name}"} & true
        assert len(of) == people, name
    born = {each.candidate for each in found if each.column == "planted birth day"} & true
    assert len(born) == published.files.distinct("patients", "BIRTHDATE")


@pytest.mark.parametrize("digest", ["md5", "sha1", "sha256"])
def test_every_number_is_found_in_a_planted_digest(digest: str) -> None:
    number = "000-09-8765"
    whole = hashlib.new(digest, number.encode()).hexdigest()
    attack = Attack({"planted": [whole, "0" * 64]})
    found = list(attack.on_every_number(digest, 100_000))
    assert found == [Recovered("planted", number, f"{digest} in hexadecimal")]


@pytest.mark.skipif(EXHAUSTIVE not in os.environ, reason=f"takes minutes; set {EXHAUSTIVE}=1")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("digest", ["md5", "sha1", "sha256"])
def test_no_number_of_all_comes_back(
    published: Published, texts: dict[str, list[str]], digest: str
) -> None:
    true = truth(published)
    found = Attack(texts).on_every_number(digest)
    assert [each for each in found if each.candidate in true] == []
