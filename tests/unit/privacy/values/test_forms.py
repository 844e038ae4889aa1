"""Values in other forms than they were landed in, and words that only have the form of a value."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from mesh.privacy.scan import kind_of
from mesh.privacy.values import checkdigits, patterns, texts
from tests.unit.privacy.values.shops import NONE, PEOPLE, ZIPS, kinds, look

ID, NUMBER = PEOPLE[0][0], PEOPLE[0][1]

OTHER_FORMS = {
    "patient_id": [
        ID.upper(), f" {ID}", f"urn:uuid:{ID}", f"Patient/{ID}", f'{{"subject": "{ID}"}}',
        ID.replace("-", ""), f"subject={ID.replace('-', '').upper()};", f"see\t{ID}.",
    ],
    "ssn": [
        f'{{"ssn":"{NUMBER}"}}', f"{NUMBER} ", NUMBER.replace("-", "."), "no. 900112233 of",
        "123.45.6789", "123 45 6789", "123\N{EN DASH}45\N{EN DASH}6789", "id-123-45-6789",
        "SSN_123-45-6789", "\uff11\uff12\uff13\uff0d\uff14\uff15\uff0d\uff16\uff17\uff18\uff19",
        "123-\N{ZERO WIDTH SPACE}45-6789", "x" * 3_999 + " 123-45-6789", "- " * 9_000 + "123-45-6789",
    ],
    "name": [
        "Ottoline B. Brightwater", "Ottoline_Brightwater", "Ottoline|Brightwater",
        "Brightwater/Ottoline", "brightwater;ottoline", "Ottoline\tBrightwater",
        '{"first":"Ottoline","last":"Brightwater"}', "{'first': 'Ottoline', 'last': 'Vane'}",
        "ottoline.brightwater2", "Ottoline Brightwater's visit", "\N{LEFT DOUBLE QUOTATION MARK}"
        "Ottoline\N{RIGHT DOUBLE QUOTATION MARK} Brightwater", "Brightwater, Ottoline",
    ],
    "patient_address": [" 17 HARBOUR RISE"],
    "phone": ["tel_617-253-0000", "617\N{NON-BREAKING HYPHEN}253\N{NON-BREAKING HYPHEN}0000"],
    "card": ["3782 822463 10005", "card_4111-1111-1111-1111"],
    "email": ["ann@test.com", "ann@invalid.com", "ann@localhost.org", f"{'. ' * 9_000}ann@clinic.org"],
}  # fmt: skip
"""Values by kind, of which one in a column is enough, as senders write them."""


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, vs in OTHER_FORMS.items() for v in vs])
def test_a_value_is_found_in_the_form_a_sender_gave_it(
    tmp_path: Path, kind: str, value: str
) -> None:
    found = look(tmp_path, {"remark": ["stable", "see plan", "n/a"] * 30 + [value]})
    assert [(each.kind, each.level) for each in found] == [(kind, "error")]


NO_VALUES = {
    "genes": ["Brca1", "Cyp2d6", "Brca2", "Tp53"],
    "lots": ["lot-a101", "lot-b102", "lot-c103"],
    "places": ["ward1", "Room101", "site1", "Tower1 Floor2", "Ward12 Bed14", "code1"],
    "words": ["Ottoline went home", "seen by Tarn", "Quillfeather, Marisol", "Mill Lane"],
    "numbers": ["1.123.45.6789", "12-123-45-6789", "A123-45-6789", "5 123 45 6789 1"],
    "mail": ["ann@example.com", "ann@mail.example.net", "ann@clinic.test", "ann@a.invalid"],
}


@pytest.mark.parametrize(("column", "values"), NO_VALUES.items())
def test_what_only_has_the_form_of_a_value_is_no_finding(
    tmp_path: Path, column: str, values: list[str]
) -> None:
    assert look(tmp_path, {column: values}) == []


ONLY_LIKELY = {
    "name_like": ["Ms Contin", "Dr Scholl", "Dr Pepper", "Mrs Meyers"],
    "house": [
        "5 Day Treatment Course Plan",
        "24 Hour Blood Pressure Monitor",
        "12 Lead Electrocardiogram Standard",
    ],
}


@pytest.mark.parametrize(("kind", "values"), ONLY_LIKELY.items())
def test_what_may_be_a_value_stops_no_publish(tmp_path: Path, kind: str, values: list[str]) -> None:
    assert [(each.kind, each.level) for each in look(tmp_path, {"a": values})] == [
        (kind, "warning")
    ]


def test_a_made_up_name_alone_is_one_where_a_known_person_has_it(tmp_path: Path) -> None:
    known = ["Ottoline12", "Marisol345", "Tarn67"]
    [finding] = look(tmp_path / "known", {"a": known})
    assert (finding.kind, finding.level) == ("name_shape", "error")
    [finding] = look(tmp_path / "not", {"a": ["Ted955", "Shasta644", "Karla801"]})
    assert (finding.kind, finding.level) == ("name_like", "warning")


def test_an_error_is_told_beside_a_warning_with_more_values(tmp_path: Path) -> None:
    values = ["Dr Scholl", "Ms Contin", "Dr Pepper", "Mrs Meyers", "Ted955 Reilly981"]
    values += [f"Shasta{n} King{n}" for n in (744, 745)]
    [finding] = look(tmp_path, {"a": values})
    assert (finding.kind, finding.level) == ("name_shape", "error")


def numbers(count: int) -> list[str]:
    """Social security numbers as nine digits."""
    draw = random.Random(7)
    parts = (
        (draw.randint(100, 665), draw.randint(1, 99), draw.randint(1, 9999)) for _ in range(count)
    )
    return [f"{area}{group:02}{serial:04}" for area, group, serial in parts]


def test_a_column_of_nine_digits_is_one_of_social_security_numbers(tmp_path: Path) -> None:
    [finding] = look(tmp_path / "all", {"a": numbers(500)})
    assert (finding.kind, finding.level) == ("ssn_digits", "error")
    [finding] = look(tmp_path / "few", {"a": numbers(20)})
    assert (finding.kind, finding.level) == ("ssn_like", "warning")
    some = [*numbers(300), *(f"item {n}" for n in range(150))]
    [finding] = look(tmp_path / "some", {"a": some})
    assert (finding.kind, finding.level) == ("ssn_like", "warning")
    codes = [each for each in numbers(9_000) if checkdigits.passes_verhoeff(each)]
    assert len(codes) > 500
    assert look(tmp_path / "codes of SNOMED CT", {"a": codes}) == []
    assert "ssn" not in str(kinds(look(tmp_path / "zip", {"zip": [f"{z}1234" for z in ZIPS] * 20})))


def test_verhoeffs_digit_finds_every_wrong_digit() -> None:
    assert checkdigits.passes_verhoeff("2363")  # the digit of 236 is 3
    code = "22298006"  # myocardial infarction in SNOMED CT
    assert checkdigits.passes_verhoeff(code)
    for place, digit in enumerate(code):
        for other in set("0123456789") - {digit}:
            assert not checkdigits.passes_verhoeff(code[:place] + other + code[place + 1 :])


def test_a_few_values_are_found_among_many_of_another_kind(tmp_path: Path) -> None:
    codes = [f"https://loinc.org/{n}" for n in range(20_000)]
    for place, number in enumerate(numbers(20)):
        codes.insert(place * 997, f"{number[:3]}-{number[3:5]}-{number[5:]}")
    [finding] = look(tmp_path, {"code": codes}, {"code": NONE})
    assert (finding.kind, finding.level) == ("ssn", "error")
    assert finding.share == pytest.approx(20 / 20_020)


def test_seeds_take_no_domain_for_made_up_that_somebody_owns() -> None:
    assert kind_of("ann@test.com") == "an e-mail address"
    assert kind_of("ann@example.edu") == "an e-mail address"
    for domain in ("example.com", "a.example.org", "b.test", "example", "c.example", "d.localhost"):
        assert kind_of(f"ann@{domain}") == ""


def test_texts_of_ascii_stay_as_they_are_and_others_become_plain() -> None:
    values = pa.array(["a-b", None, "\uff11\u20142", "Jos\N{LATIN SMALL LETTER E WITH ACUTE}"])
    assert texts.plain(values).to_pylist() == ["a-b", None, "1-2", "Jos\u00e9"]
    assert texts.plain(values.slice(0, 2)).to_pylist() == ["a-b", None]


ODD: dict[str, Callable[[int], str]] = {
    "a gene": lambda n: "ACGT" * (n // 4),
    "a lower-case gene": lambda n: "A" + "acgt" * (n // 4),
    "a mailbox": lambda n: "a" * n + "@",
    "boxes": lambda n: "a.b+" * (n // 4),
    "blanks in a pair": lambda n: "1.23456" + " " * n + "x",
    "digits of a pair": lambda n: "1.2345678" + "9" * n,
    "a telephone": lambda n: "+1" + " 1" * (n // 2) + "x",
    "a street": lambda n: "1 " + "Mill " * (n // 5),
    "houses": lambda n: "1 " * (n // 2),
    "titles": lambda n: "Dr. " * (n // 4),
    "blanks": lambda n: "Dr." + " " * n,
    "links": lambda n: "www." * (n // 4),
}


@pytest.mark.parametrize(("name", "made"), ODD.items())
def test_the_time_for_a_long_odd_value_grows_with_its_length(
    name: str, made: Callable[[int], str]
) -> None:
    """Sixteen times the length takes 16 times as long, and 256 times where a look is quadratic."""

    def spent(value: str) -> float:
        def once() -> float:
            start = time.process_time()
            for proof in patterns.PROOFS:
                proof.holds(value)
                list(texts.pieces(value, proof.pattern, 4_000))
            list(patterns.likely(value))
            return time.process_time() - start

        return min(once() for _ in range(3))

    patterns.is_phone("+1 617 253 0000")  # loads the plans
    assert spent(made(16_000)) < 64 * max(spent(made(1_000)), 1e-4), name
