"""The two sides of a boundary, and which way a bundle goes. Pure."""

from enum import StrEnum


class Direction(StrEnum):
    """INWARD: from the internet to the inner network, submissions. OUTWARD: back, texts and outcomes."""

    INWARD = "inward"
    OUTWARD = "outward"

    @property
    def other(self) -> "Direction":
        return Direction.OUTWARD if self is Direction.INWARD else Direction.INWARD
