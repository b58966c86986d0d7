"""How work is shared out in even parts. Pure."""

from collections import Counter
from collections.abc import Mapping


def shares(count: int, members: int) -> list[int]:
    """`count` in `members` parts that differ by at most one, the larger ones first."""
    whole, rest = divmod(count, members)
    return [whole + (place < rest) for place in range(members)]


def moves_to_even_out(held: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """(giver, taker) → how many, such that everybody ends with an even part and as little as possible moves.

    Who has most keeps the larger part.
    """
    by_most = sorted(held, key=lambda member: (-held[member], member))
    wanted = dict(zip(by_most, shares(sum(held.values()), len(held)), strict=True))
    givers = (member for member in by_most for _ in range(held[member] - wanted[member]))
    takers = (member for member in by_most for _ in range(wanted[member] - held[member]))
    return dict(Counter(zip(givers, takers, strict=True)))
