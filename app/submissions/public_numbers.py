"""Public numbers as they stand in addresses and are read out. Pure."""

from app.kit.identifiers import CROCKFORD, in_groups, read_base32

DIGITS = 12
"""Of five bits each, so that every number has one spelling."""


def written(number: int) -> str:
    """Like 3F7K-29QX-AB2M; the letters I, L, O and U are in none."""
    digits = "".join(CROCKFORD[(number >> (5 * place)) & 31] for place in reversed(range(DIGITS)))
    return in_groups(digits).replace(" ", "-")


def read(text: str) -> int:
    """The number of what a person typed, in either case, with or without marks; 0 for what is none."""
    digits = read_base32(text)
    if len(digits) != DIGITS or not set(digits) <= set(CROCKFORD):
        return 0
    return sum(CROCKFORD.index(digit) << (5 * place) for place, digit in enumerate(reversed(digits)))
