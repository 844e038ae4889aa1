"""What one value looks like by itself.

``RARE`` is a regular expression of RE2 that Arrow runs over every distinct value of a column: it
lets through whatever could be of a kind of which one value is enough. What it lets through, and a
sample of all values, is then looked at closely, one by one.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from mesh.privacy.scan import MADE_UP, MAIL, ROLES
from mesh.privacy.values import kinds
from mesh.privacy.values.kinds import Kind

RARE = "|".join(
    (
        r"@",
        r"\d{3}-\d{2}-\d{4}",
        r"\d{3}[-. )/]{1,2}\d{3}[-. ]\d{4}",
        r"\+\d[\d ().-]{7,}\d",
        r"(?i:https?://|www\.)",
        r"\b\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}\b",
        r"-?\d{1,3}\.\d{4,}\s*[,; ]\s*-?\d{1,3}\.\d{4,}",
        r"\(01\)\d{14}",
        r"\bS99\d{6}\b",
        r"\bX\d{7,8}X\b",
    )
)
"""Lets through what could be of a kind of which one value is enough."""

# Nothing that a longer number, code or version could have around a number of its own.
_BEFORE, _AFTER = r"(?<![\w.-])", r"(?![\w-]|\.\d)"

# The Social Security Administration gives no area 000 or 666, group 00 or serial 0000; areas from
# 900 on are never given, which is why Synthea makes up its numbers there: they count.
_SSN = re.compile(_BEFORE + r"(?!000|666)\d{3}-(?!00)\d{2}-(?!0000)\d{4}" + _AFTER)
_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+\d{1,3}[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. /])\d{3}[-. ]\d{4}" + _AFTER
    + r"|(?<![\w.])\+\d[\d ().-]{7,}\d(?!\w)"
)  # fmt: skip
_PHONE_DIGITS = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")
_URL = re.compile(r"(?i)\b(?:https?://|www\.)([\w.-]+)")
_STANDARDS = re.compile(
    r"(?i)(^|\.)(snomed\.(info|org)|loinc\.org|hl7\.org|unitsofmeasure\.org|nlm\.nih\.gov|"
    r"cdc\.gov|who\.int|cms\.gov|fda\.gov|nucc\.org|iso\.org|ietf\.org|w3\.org|"
    r"terminology\.[\w.]+)$"
)
_CARD = re.compile(_BEFORE + r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}" + _AFTER)
_CARD_DIGITS = re.compile(r"(?:3[47]\d{13}|3[068]\d{12}|[4-6]\d{15}|2[2-7]\d{14})")
_PAIR = re.compile(r"(?<![\d.])(-?\d{1,2}\.\d{4,})\s*[,; ]\s*(-?\d{1,3}\.\d{4,})(?![\d.])")
_DEVICE = re.compile(r"\(01\)\d{14}")
_LICENCE = re.compile(r"(?<!\w)S99\d{6}(?!\w)")
_PASSPORT = re.compile(r"(?<!\w)X\d{7,8}X(?!\w)")
_VIN = re.compile(r"(?=.*[A-Z])(?=.*\d)[A-HJ-NPR-Z0-9]{17}")
_TITLE = re.compile(r"(?:^|[\s(])(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? +[A-Z][^\W\d_]+")
_MADE_NAME = re.compile(r"[^\W\d_][^\W\d_'\u2019.-]*[a-zß-ÿ]['\u2019a-zA-Zß-ÿ-]*\d{1,3}")
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?")
_DECIMAL = re.compile(r"-?\d{1,3}\.\d{4,}")
_ADDRESS = re.compile(
    r"(?i)(?:^|\W)\d{1,6}[a-z]? +(?:[\w.'\u2019-]+ +){1,4}"
    r"(?:st|street|ave?|avenue|rd|road|dr|drive|ln|lane|blvd|boulevard|ct|court|pl|place|way|hwy|"
    r"highway|pkwy|parkway|ter|terrace|cir|circle|sq|square|trl|trail|rte|route)\b\.?"
)
_HOUSE = re.compile(r"\d{1,6}(?: +[A-Z][\w.'\u2019-]+){2,4}(?: +(?:Apt|Suite|Ste|Unit) +\w+)?")
_UNITS = re.compile(r"\b(?:MG|ML|MCG|UNT|HR|ACTUAT|MEQ|G|L|KG|IU)\b")


def certain(value: str) -> Iterator[Kind]:
    """Kinds of which one value is enough, among those that ``RARE`` lets through."""
    if _SSN.search(value):
        yield kinds.SSN
    for local, domain in MAIL.findall(value):
        if not MADE_UP.search(domain) and local.lower() not in ROLES:
            yield kinds.EMAIL
            break
    if any(is_phone(each[0]) for each in _PHONE.finditer(value)):
        yield kinds.PHONE
    if any(not _STANDARDS.search(host.rstrip(".")) for host in _URL.findall(value)):
        yield kinds.URL
    if any(passes_luhn(each[0]) for each in _CARD.finditer(value)):
        yield kinds.CARD
    if any(_is_place(float(lat), float(lon)) for lat, lon in _PAIR.findall(value)):
        yield kinds.COORDINATE_PAIR
    for pattern, kind in (
        (_DEVICE, kinds.DEVICE),
        (_LICENCE, kinds.LICENCE),
        (_PASSPORT, kinds.PASSPORT),
    ):
        if pattern.search(value):
            yield kind


def likely(value: str) -> Iterator[Kind]:
    """Kinds that a column is of when enough of its values look like this."""
    value = value.strip()
    if _PHONE_DIGITS.fullmatch(value) and is_phone(value):
        yield kinds.PHONE_DIGITS
    if _CARD_DIGITS.fullmatch(value) and passes_luhn(value):
        yield kinds.CARD_DIGITS
    if len(value) == 10 and value[0] in "12" and value.isdecimal() and passes_luhn("80840" + value):
        yield kinds.NPI  # the prefix 80840 is that of health cards of the United States
    if len(value) == 17 and _VIN.fullmatch(value) and _vin_digit(value) == value[8]:
        yield kinds.VIN
    if _ZIP.fullmatch(value):
        yield kinds.ZIP
    if _DECIMAL.fullmatch(value) and 1 < abs(float(value)) <= 180:  # below 1 it is a share
        yield kinds.COORDINATES
    if is_network_address(value):
        yield kinds.IP
    if _TITLE.search(value) or all(map(_MADE_NAME.fullmatch, _words_of_name(value))):
        yield kinds.NAME_SHAPE
    if (_ADDRESS.search(value) or _HOUSE.fullmatch(value)) and not _UNITS.search(value):
        yield kinds.ADDRESS
    if len(value) >= 30 and len(value.split()) >= 6:
        yield kinds.FREE_TEXT


_ROW_CELL = re.compile(
    r"\d{4}-\d\d-\d\d.*|\d\d?/\d\d?/\d{4}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)


def is_value(cell: str) -> bool:
    """Whether the cell of a header is a value of a row: a date, a UUID or any kind but a text."""
    seen = {*certain(cell), *likely(cell)} - {kinds.FREE_TEXT}
    return bool(seen or _ROW_CELL.fullmatch(cell))


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


def passes_luhn(text: str) -> bool:
    """Whether the last digit is the check digit of the others, ISO/IEC 7812-1; not all alike."""
    digits = [int(each) for each in text if each.isdecimal()]
    doubled = [sum(divmod(2 * each, 10)) for each in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1


_VIN_VALUES = {
    **{str(each): each for each in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    **{"P": 7, "R": 9},
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def _vin_digit(value: str) -> str:
    """The ninth character that a VIN has to have, 49 CFR 565.15(c)."""
    total = sum(_VIN_VALUES[c] * w for c, w in zip(value, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11]


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


def _words_of_name(value: str) -> list[str]:
    """The words of a name without the form of address; one that is no name where there is none."""
    words = [each for each in value.split() if not each.endswith(".")]
    return words if 0 < len(words) <= 4 else [""]
