"""Check digits of numbers: what proves a number, or proves it to be of another kind."""

from __future__ import annotations

_VIN_VALUES = {
    **{str(each): each for each in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    **{"P": 7, "R": 9},
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)

# Verhoeff's product in the dihedral group of ten, and his permutation by place from the right.
_TURNED = ("0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901",
           "2793806415", "7046913258")  # fmt: skip


def passes_luhn(text: str) -> bool:
    """Whether the last digit is the check digit of the others, ISO/IEC 7812-1; not all alike."""
    digits = [int(each) for each in text if each.isdecimal()]
    doubled = [sum(divmod(2 * each, 10)) for each in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1


def vin_digit(value: str) -> str:
    """The ninth character that a VIN has to have, 49 CFR 565.15(c)."""
    total = sum(_VIN_VALUES[c] * w for c, w in zip(value, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11]


def passes_verhoeff(digits: str) -> bool:
    """Whether the last digit is Verhoeff's check digit, as every identifier of SNOMED CT has it."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _product(check, int(_TURNED[place % 8][int(digit)]))
    return check == 0


def _product(one: int, other: int) -> int:
    """The product of two elements of the dihedral group of ten: five turns, five reflections."""
    if one < 5:
        return (one + other) % 5 + (other // 5) * 5
    turned = (one - other) % 5
    return turned if other >= 5 else turned + 5
