"""Counts of people by a property, without what could be told of a few of them. Pure.

A cell below LEAST is not shown, and neither is enough of the others that it can't be worked out from the total
(complementary suppression). Empty cells are hidden with the small ones: which of them is empty is not told.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Cell = TypeVar("Cell", bound=Hashable)

LEAST = 5


@dataclass(frozen=True)
class Protected(Generic[Cell]):
    """The cells that may be shown, those that may not, and the sum of the latter."""

    shown: Mapping[Cell, int]
    hidden: frozenset[Cell]
    hidden_sum: int


def protect(cells: Mapping[Cell, int]) -> Protected[Cell]:
    """Of two cells or more: whoever knows this rule and the total knows the value of no hidden cell that holds people.

    The smallest cells that could be shown are hidden too, all that are equally small, where the small ones alone would
    give themselves away: there is only one of them, they hold fewer than LEAST together, or each must hold LEAST - 1.
    """
    hidden = {cell for cell, count in cells.items() if count < LEAST}
    if sum(cells[cell] for cell in hidden) == 0:
        return Protected(dict(cells), frozenset(), 0)
    if not _is_safe([cells[cell] for cell in hidden]):
        smallest = min((count for count in cells.values() if count >= LEAST), default=0)
        hidden |= {cell for cell, count in cells.items() if count == smallest}
    shown = {cell: count for cell, count in cells.items() if cell not in hidden}
    return Protected(shown, frozenset(hidden), sum(cells[cell] for cell in hidden))


def _is_safe(small: list[int]) -> bool:
    return len(small) >= 2 and LEAST <= sum(small) < (LEAST - 1) * len(small)
