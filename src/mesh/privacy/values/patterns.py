"""What one value looks like by itself.

``PROOFS`` are the kinds of which one value is enough, each with a regular expression of RE2 that
Arrow runs over every distinct value of a column: it lets through whatever could be of the kind.
What it lets through, and a sample of all values, is then looked at closely, one by one. Texts are
plain: digits, hyphens, blanks and apostrophes are those of ASCII.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from mesh.privacy.scan import MADE_UP, MAIL, ROLES
from mesh.privacy.values import kinds
from mesh.privacy.values.checkdigits import passes_luhn, passes_verhoeff, vin_digit
from mesh.privacy.values.kinds import Kind

LONGEST_WORD = 60
"""Characters of a word that can be a name; longer ones are sequences of genes and the like."""

# Nothing that a longer number, code or version could have around a number of its own.
_OPEN, _CLOSE = r"(?<![^\W_])", r"(?![^\W_])"
_BEFORE, _AFTER = _OPEN + r"(?<![.-])", r"(?![\w-]|\.\d)"

# The Social Security Administration gives no area 000 or 666, group 00 or serial 0000; areas from
# 900 on are never given, which is why Synthea makes up its numbers there: they count.
_AREA, _GROUP, _SERIAL = r"(?!000|666)\d{3}", r"(?!00)\d{2}", r"(?!0000)\d{4}"
_SSN = re.compile(
    _OPEN + rf"(?<!\d[-./_]){_AREA}([-.]){_GROUP}\1{_SERIAL}{_CLOSE}(?!-\w|\.\d)"
    + rf"|{_OPEN}(?<!\d[-./_ ]){_AREA} {_GROUP} {_SERIAL}{_CLOSE}(?![-. ]\d)"
)  # fmt: skip
_SSN_DIGITS = re.compile(_AREA + _GROUP + _SERIAL)
_PHONE = re.compile(
    _BEFORE + r"(?<!\+)(?:\+\d{1,3}[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. /])\d{3}[-. ]\d{4}" + _AFTER
    + r"|(?<![^\W_])(?<!\.)\+\d[\d ().-]{7,}\d(?!\w)"
)  # fmt: skip
_PHONE_DIGITS = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")
_URL = re.compile(r"(?i)\b(?:https?://|www\.)([\w.-]+)")
_STANDARDS = re.compile(
    r"(?i)(^|\.)(snomed\.(info|org)|loinc\.org|hl7\.org|unitsofmeasure\.org|nlm\.nih\.gov|"
    r"cdc\.gov|who\.int|cms\.gov|fda\.gov|nucc\.org|iso\.org|ietf\.org|w3\.org|"
    r"terminology\.[\w.]+)$"
)
_CARD = re.compile(
    _BEFORE + r"(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}|3[47]\d\d([ -])\d{6}\2\d{5})" + _AFTER
)
_CARD_DIGITS = re.compile(r"(?:3[47]\d{13}|3[068]\d{12}|[4-6]\d{15}|2[2-7]\d{14})")
_PAIR = re.compile(
    r"(?<![\d.])(-?\d{1,2}\.\d{4,20})\s{0,3}[,; ]\s{0,3}(-?\d{1,3}\.\d{4,20})(?![\d.])"
)
_DEVICE = re.compile(r"\(01\)\d{14}")
_LICENCE = re.compile(_OPEN + r"S99\d{6}" + _CLOSE)
_PASSPORT = re.compile(_OPEN + r"X\d{7,8}X" + _CLOSE)
_VIN = re.compile(r"(?=.*[A-Z])(?=.*\d)[A-HJ-NPR-Z0-9]{17}")
_TITLE = re.compile(r"(?:^|[\s(])(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? {1,3}[A-Z][^\W\d_]+")
_MADE_NAME = re.compile(r"([^\W\d_](?:['-]?[^\W\d_])+)\d{2,3}")
_NO_NAMES = frozenset(
    [
        "area",
        "arm",
        "bay",
        "bed",
        "block",
        "box",
        "building",
        "case",
        "class",
        "code",
        "cohort",
        "day",
        "dose",
        "floor",
        "gate",
        "group",
        "item",
        "level",
        "line",
        "lot",
        "part",
        "phase",
        "room",
        "site",
        "stage",
        "step",
        "study",
        "suite",
        "test",
        "tower",
        "trial",
        "type",
        "unit",
        "visit",
        "ward",
        "week",
        "wing",
        "zone",
    ]
)
"""Words that a number follows without making a name of them."""

_ZIP = re.compile(r"\d{5}(?:-?\d{4})?")
_DECIMAL = re.compile(r"-?\d{1,3}\.\d{4,}")
_ADDRESS = re.compile(
    r"(?i)(?:^|\W)\d{1,6}[a-z]? {1,3}(?:[\w.'-]{1,40} {1,3}){1,4}"
    r"(?:st|street|ave?|avenue|rd|road|dr|drive|ln|lane|blvd|boulevard|ct|court|pl|place|way|hwy|"
    r"highway|pkwy|parkway|ter|terrace|cir|circle|sq|square|trl|trail|rte|route)\b\.?"
)
_HOUSE = re.compile(r"\d{1,6}(?: +[A-Z][\w.'-]+){2,4}( +(?:Apt|Suite|Ste|Unit) +\w+)?")
_UNITS = re.compile(r"\b(?:MG|ML|MCG|UNT|HR|ACTUAT|MEQ|G|L|KG|IU)\b")
_ROW_CELL = re.compile(
    r"\d{4}-\d\d-\d\d.*|\d\d?/\d\d?/\d{4}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)


@dataclass(frozen=True)
class Proof:
    """A kind of which one value is enough.

    Args:
        kind: The kind.
        rare: Lets through what could be of it, in the words that RE2 and ``re`` share.
        holds: Whether a text has a value of it.
    """

    kind: Kind
    rare: str
    holds: Callable[[str], bool]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """``rare`` for a single text."""
        return re.compile(self.rare)


def is_phone(text: str) -> bool:
    """Whether it is a number that the plan of its country can give; without one, of the US."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, None if text.startswith("+") else "US")
    except phonenumbers.NumberParseException:
        return False
    digits = str(number.national_number)
    made_up = number.country_code == 1 and digits[3:8] == "55501"  # kept for fiction
    return bool(phonenumbers.is_valid_number(number)) and not made_up


def _holds_mail(text: str) -> bool:
    return any(
        not MADE_UP.search(domain) and local.lower() not in ROLES
        for local, domain in MAIL.findall(text)
    )


def _holds_url(text: str) -> bool:
    return any(not _STANDARDS.search(host.rstrip(".")) for host in _URL.findall(text))


def _holds_pair(text: str) -> bool:
    return any(_is_place(float(lat), float(lon)) for lat, lon in _PAIR.findall(text))


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: bool(pattern.search(text))


def _passes(pattern: re.Pattern[str], test: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: any(test(each[0]) for each in pattern.finditer(text))


PROOFS = (
    Proof(kinds.SSN, r"\d{3}[-. ]\d{2}[-. ]\d{4}", _matches(_SSN)),
    Proof(kinds.EMAIL, r"@", _holds_mail),
    Proof(
        kinds.PHONE,
        r"\d{3}[-. )/]{1,2}\d{3}[-. ]\d{4}|\+\d[\d ().-]{7,}\d",
        _passes(_PHONE, is_phone),
    ),
    Proof(kinds.URL, r"(?i:https?://|www\.)", _holds_url),
    Proof(
        kinds.CARD,
        r"\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}|3\d{3}[ -]\d{6}[ -]\d{5}",
        _passes(_CARD, passes_luhn),
    ),
    Proof(
        kinds.COORDINATE_PAIR,
        r"\d\.\d{4,20}\s{0,3}[,; ]\s{0,3}-?\d{1,3}\.\d{4,20}",
        _holds_pair,
    ),
    Proof(kinds.DEVICE, r"\(01\)\d{14}", _matches(_DEVICE)),
    Proof(kinds.LICENCE, r"S99\d{6}", _matches(_LICENCE)),
    Proof(kinds.PASSPORT, r"X\d{7,8}X", _matches(_PASSPORT)),
)
RARE = "|".join(proof.rare for proof in PROOFS)
"""Lets through what could be of any of these kinds."""


def certain(value: str) -> Iterator[Kind]:
    """Kinds of which one value is enough."""
    for proof in PROOFS:
        if proof.holds(value):
            yield proof.kind


def likely(value: str, known: Collection[str] = ()) -> Iterator[Kind]:
    """Kinds that a column is of when enough of its values look like this.

    Args:
        value: One value.
        known: First and last names of known people, in lower case and without digits at the end.
    """
    value = value.strip()
    yield from _numbers(value)
    if len(value) == 17 and _VIN.fullmatch(value) and vin_digit(value) == value[8]:
        yield kinds.VIN
    if _DECIMAL.fullmatch(value) and 1 < abs(float(value)) <= 180:  # below 1 it is a share
        yield kinds.COORDINATES
    if is_network_address(value):
        yield kinds.IP
    if kind := _name(value, known):
        yield kind
    if kind := _address(value):
        yield kind
    if len(value) >= 30 and len(value.split()) >= 6:
        yield kinds.FREE_TEXT


def _numbers(value: str) -> Iterator[Kind]:
    """What a number can be of which all or nearly all characters are digits."""
    if _PHONE_DIGITS.fullmatch(value) and is_phone(value):
        yield kinds.PHONE_DIGITS
    if _CARD_DIGITS.fullmatch(value) and passes_luhn(value):
        yield kinds.CARD_DIGITS
    if len(value) == 10 and value[0] in "12" and value.isdecimal() and passes_luhn("80840" + value):
        yield kinds.NPI  # the prefix 80840 is that of health cards of the United States
    if _ZIP.fullmatch(value):
        yield kinds.ZIP
    if _SSN_DIGITS.fullmatch(value) and not passes_verhoeff(value):  # what passes is of SNOMED CT
        yield kinds.SSN_DIGITS
        yield kinds.SSN_LIKE


def _name(value: str, known: Collection[str]) -> Kind | None:
    """Names of the generator, a word and a number each, or what follows a form of address."""
    words = [each for each in value.split(None, 8) if not each.endswith(".")]
    stems = [_stem(each) for each in words] if len(words) <= 4 else []
    beside = any(one and other for one, other in pairwise(stems))
    if beside or any(stem.lower() in known for stem in stems if stem):
        return kinds.NAME_SHAPE
    if (stems and all(stems)) or _TITLE.search(value):
        return kinds.NAME_LIKE
    return None


def _stem(word: str) -> str:
    """The name in a word that the generator made up, empty if it is none."""
    made = _MADE_NAME.fullmatch(word) if len(word) <= LONGEST_WORD else None
    stem = made[1] if made else ""
    written = stem[:1].isupper() and stem[-1:].islower()
    return stem if written and stem.lower() not in _NO_NAMES else ""


def _address(value: str) -> Kind | None:
    """A street's word or a part of a house proves an address; a number before words does not."""
    if _UNITS.search(value):
        return None
    house = _HOUSE.fullmatch(value)
    if (house and house[1]) or _ADDRESS.search(value):
        return kinds.ADDRESS
    return kinds.HOUSE if house else None


def is_value(cell: str) -> bool:
    """Whether the cell of a header is a value of a row: a date, a UUID or any kind but a text."""
    seen = {*certain(cell), *likely(cell)} - {kinds.FREE_TEXT}
    return bool(seen or _ROW_CELL.fullmatch(cell))


def is_network_address(value: str) -> bool:
    """Whether it is an address of IPv4 or IPv6, and not a version such as 1.12.0.3."""
    if not 7 <= len(value) <= 39 or value.count(".") not in (0, 3) or not set(value) & set(".:"):
        return False
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    return address.version == 6 or max(address.packed) > 63


def _is_place(latitude: float, longitude: float) -> bool:
    return abs(latitude) <= 90 and abs(longitude) <= 180 and abs(latitude) + abs(longitude) > 2
