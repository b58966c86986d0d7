"""Check characters of the numbers that people carry."""

from app.kit.identifiers import luhn_digit

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHARACTERS = "10X98765432"


def citizen_check_character(first_seventeen: str) -> str:
    """The eighteenth character, a digit or X, after 17 ASCII digits (GB 11643-1999 §3.4: ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_seventeen, strict=True))
    return CHARACTERS[total % 11]


def is_citizen_number(number: str) -> bool:
    """Whether 17 ASCII digits and a digit or capital X fit together; dates and area codes are not looked at."""
    return citizen_check_character(number[:17]) == number[17]


def is_luhn_number(digits: str) -> bool:
    """Whether the last of two or more ASCII digits is the check digit of ISO/IEC 7812-1, as on bank cards."""
    return luhn_digit(digits[:-1]) == digits[-1]
