"""Numbers of working days put into buckets, and medians read from them. Pure.

Up to EXACT_UNTIL every number has a bucket of its own, so that what is read is exact; above it is exact to the bucket.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

EXACT_UNTIL = 20
BOUNDS: tuple[int, ...] = (*range(EXACT_UNTIL + 1), 21, 26, 31, 41, 61, 91, 121, 251)
"""The least number of working days of each bucket; the last one has no end."""
ENDLESS = 1_000_000
AGES = (0, 2, 4, 8, 16)
"""Working days at which the classes of what waits begin: 0–1, 2–3, 4–7, 8–15, more."""
FEWEST_TOLD = 5
"""Of fewer steps no median is told: it would be about single cases."""


@dataclass(frozen=True)
class Reading:
    """A number of working days as far as its bucket tells: from `least` up to `most`."""

    least: int
    most: int

    @property
    def is_exact(self) -> bool:
        return self.least == self.most


@dataclass(frozen=True)
class Distribution:
    """How many steps there were by bucket, and the longest of all."""

    counts: Mapping[int, int]
    longest: int

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    def quantile(self, hundredths: int) -> Reading | None:
        """The least of the values that at least so many of a hundred don't exceed (nearest rank), 0 < hundredths ≤ 100.

        None where there are fewer than FEWEST_TOLD.
        """
        if self.n < FEWEST_TOLD:
            return None
        left = -(-self.n * hundredths // 100)  # rounded up, without floating point
        for bucket in sorted(self.counts):
            left -= self.counts[bucket]
            if left <= 0:
                return Reading(bucket, min(_last_of(bucket), self.longest))
        raise ValueError(f"not a share: {hundredths}")

    @property
    def maximum(self) -> int | None:
        """The longest, exactly; None where there was nothing."""
        return self.longest if self.n else None


NOTHING = Distribution({}, 0)


def bucket_of(days: int) -> int:
    """The bound of the bucket that the number belongs to; what is below zero counts as zero."""
    return BOUNDS[bisect_right(BOUNDS, days if days > 0 else 0) - 1]


def age_of(days: int) -> int:
    """The bound of the class that something belongs to that has waited so many working days."""
    return AGES[bisect_right(AGES, days if days > 0 else 0) - 1]


def together(parts: Iterable[Distribution]) -> Distribution:
    """All of them as one."""
    counts: dict[int, int] = {}
    longest = 0
    for part in parts:
        longest = max(longest, part.longest)
        for bucket, n in part.counts.items():
            counts[bucket] = counts.get(bucket, 0) + n
    return Distribution(counts, longest)


def _last_of(bucket: int) -> int:
    later = [bound for bound in BOUNDS if bound > bucket]
    return later[0] - 1 if later else ENDLESS
