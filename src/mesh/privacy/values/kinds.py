"""The kinds of personal values that are looked for, and how much of each it takes."""

from __future__ import annotations

from dataclasses import dataclass

from mesh.privacy.classes import Class


@dataclass(frozen=True)
class Kind:
    """One kind of personal value.

    Args:
        name: How a finding names it.
        words: The values in the plural.
        cls: The class that a column of them has to be declared as.
        identifier: HIPAA's name for them, for the declaration; 45 CFR 164.514(b)(2).
        share: Part of a column's distinct values from which on it counts; 0 where one is enough.
        values: Distinct values from which on it counts.
        severity: ``error`` where the values prove it, ``warning`` where they only look like it.
        contact: An organization has such values too, and they are then nobody's.
    """

    name: str
    words: str
    cls: Class
    identifier: str = ""
    share: float = 0.0
    values: int = 1
    severity: str = "error"
    contact: bool = False


PATIENT_ID = Kind("patient_id", "identifiers of patients", Class.DIRECT, "medical_record_number")
SSN = Kind("ssn", "social security numbers", Class.DIRECT, "ssn")
SSN_DIGITS = Kind(
    "ssn_digits", "social security numbers without separators",
    Class.DIRECT, "ssn", share=0.8, values=50,
)  # fmt: skip
SSN_LIKE = Kind(
    "ssn_like", "social security numbers without separators",
    Class.DIRECT, "ssn", share=0.5, values=5, severity="warning",
)  # fmt: skip
EMAIL = Kind("email", "e-mail addresses", Class.DIRECT, "email")
PHONE = Kind("phone", "telephone numbers", Class.DIRECT, "telephone", contact=True)
PHONE_DIGITS = Kind(
    "phone_digits", "telephone numbers without separators", Class.DIRECT, "telephone",
    share=0.9, values=5, severity="warning", contact=True,
)  # fmt: skip
NAME = Kind("name", "names of people", Class.DIRECT, "name")
NAME_PART = Kind("name_part", "first or last names", Class.DIRECT, "name", share=0.6, values=3)
NAME_SHAPE = Kind("name_shape", "names of the generator", Class.DIRECT, "name", share=0.2, values=3)
NAME_LIKE = Kind(
    "name_like", "words with a form of address, or with a number as names of the generator",
    Class.DIRECT, "name", share=0.2, values=3, severity="warning",
)  # fmt: skip
PATIENT_ADDRESS = Kind("patient_address", "addresses of patients", Class.DIRECT, "address")
ADDRESS = Kind(
    "address", "street addresses", Class.DIRECT, "address", share=0.3, values=3, contact=True
)
HOUSE = Kind(
    "house", "numbers of houses", Class.DIRECT, "address",
    share=0.3, values=3, severity="warning", contact=True,
)  # fmt: skip
ZIP = Kind(
    "zip", "ZIP or county codes", Class.QUASI, "geography",
    share=0.8, values=3, severity="warning", contact=True,
)  # fmt: skip
COORDINATES = Kind(
    "coordinates", "coordinates", Class.DIRECT, "geography", share=0.9, values=3, contact=True
)
COORDINATE_PAIR = Kind("coordinate_pair", "pairs of coordinates", Class.DIRECT, "geography")
BIRTH_DATE = Kind("birth_date", "dates of birth", Class.QUASI, "date", share=0.5, values=3)
URL = Kind("url", "web addresses", Class.DIRECT, "url", values=3, severity="warning", contact=True)
IP = Kind("ip", "network addresses", Class.DIRECT, "ip_address", share=0.5, values=3)
CARD = Kind("card", "numbers of payment cards", Class.DIRECT, "account_number")
CARD_DIGITS = Kind(
    "card_digits", "numbers of payment cards without separators",
    Class.DIRECT, "account_number", share=0.8, values=3,
)  # fmt: skip
NPI = Kind(
    "npi", "provider numbers (NPI)", Class.DIRECT, "licence_number",
    share=0.9, values=5, severity="warning", contact=True,
)  # fmt: skip
VIN = Kind("vin", "vehicle numbers (VIN)", Class.DIRECT, "vehicle", share=0.5, values=3)
LICENCE = Kind("licence", "numbers of driving licences", Class.DIRECT, "licence_number")
PASSPORT = Kind("passport", "numbers of passports", Class.DIRECT, "other_identifier")
DEVICE = Kind("device", "device identifiers (UDI)", Class.DIRECT, "device_identifier")
FREE_TEXT = Kind(
    "free_text", "free text", Class.FREE_TEXT, share=0.6, values=20, severity="warning"
)

KINDS = (
    PATIENT_ID, SSN, SSN_DIGITS, SSN_LIKE, EMAIL, PHONE, PHONE_DIGITS, NAME, NAME_PART, NAME_SHAPE,
    NAME_LIKE, PATIENT_ADDRESS, ADDRESS, HOUSE, ZIP, COORDINATES, COORDINATE_PAIR, BIRTH_DATE, URL,
    IP, CARD, CARD_DIGITS, NPI, VIN, LICENCE, PASSPORT, DEVICE, FREE_TEXT,
)  # fmt: skip
