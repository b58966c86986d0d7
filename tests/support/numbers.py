"""Invented numbers with the right check characters, made by other ways than the ones under test."""

from datetime import date

CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def resident_number(born: date, area: str = "219999", order: str = "001") -> str:
    """GB 11643, by the pure system ISO 7064 MOD 11-2: the remainder of the whole is 1."""
    body = f"{area}{born:%Y%m%d}{order}"
    remainder = 0
    for digit in body:
        remainder = (remainder + int(digit)) * 2 % 11
    return body + "0123456789X"[(1 - remainder) % 11]


def credit_code(body: str) -> str:
    """GB 32100-2015 of 17 characters, by trying each last one: the weighted sum with it is a multiple of 31."""
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(CODE_ALPHABET.index(character) * weight for character, weight in zip(body, weights, strict=True))
    return body + next(last for last in CODE_ALPHABET if (total + CODE_ALPHABET.index(last)) % 31 == 0)
