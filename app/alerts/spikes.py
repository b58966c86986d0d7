"""When an hour is far above a consultation's own past. Pure.

The level is what came in like hours: the same time of day, two hours either way, in the last fourteen days; where there
are too few of those, all hours that were counted. The limit lies six spreads above the level. A spread is the median
absolute deviation, scaled so that it equals the standard deviation of a normal distribution (a single earlier rush
doesn't move it), and at least that of a Poisson process of the same level. In addition an hour must hold twice the
level, and a least number: of few, much more is still little.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import fmean, median

from app.kit.clock import BEIJING


class AlertKind(StrEnum):
    """What there is much of: everything, a clause, the same content, a reason for which display waits."""

    VOLUME = "volume"
    CLAUSE = "clause"
    CAMPAIGN = "campaign"
    HELD = "held"


SPREADS = 6
LIKE_HOURS = 2
FEWEST_LIKE = 10
FEWEST_HOURS = 24
PAST = timedelta(days=14)
LEAST: Mapping[AlertKind, int] = {
    AlertKind.VOLUME: 30,
    AlertKind.CLAUSE: 20,
    AlertKind.CAMPAIGN: 20,
    AlertKind.HELD: 15,
}
QUIET_AFTER = timedelta(hours=6)
"""How long nothing more is said about the same thing, unless it has doubled."""
HIGHEST_SHARE_LEFT_OUT = 0.1
MAD_TO_DEVIATION = 1.4826


def usual(past: Mapping[datetime, int], hour: datetime) -> list[int]:
    """The numbers of hours like this one; empty where too little is known to compare with."""
    known = {at: number for at, number in past.items() if hour - PAST <= at < hour}
    like = [number for at, number in known.items() if _apart(at, hour) <= LIKE_HOURS]
    if len(like) >= FEWEST_LIKE:
        return like
    return list(known.values()) if len(known) >= FEWEST_HOURS else []


def level(numbers: Sequence[int]) -> float:
    """What is to be expected: the median, or the mean without the highest tenth, whichever is more."""
    kept = sorted(numbers)[: math.ceil(len(numbers) * (1 - HIGHEST_SHARE_LEFT_OUT))]
    return max(median(numbers), fmean(kept))


def limit(kind: AlertKind, numbers: Sequence[int]) -> int:
    """From how many on an hour is far above these."""
    expected, middle = level(numbers), median(numbers)
    spread = MAD_TO_DEVIATION * median(abs(number - middle) for number in numbers)
    far = expected + SPREADS * max(spread, math.sqrt(expected))
    return max(LEAST[kind], math.ceil(far), math.ceil(2 * expected))


def is_news(number: int, hour: datetime, last: tuple[datetime, int] | None) -> bool:
    """Whether to speak again after the last alert on the same thing, of that hour and number."""
    return last is None or hour - last[0] >= QUIET_AFTER or number >= 2 * last[1]


def _apart(one: datetime, other: datetime) -> int:
    """Hours between two times of day in Beijing, the short way round."""
    between = abs(one.astimezone(BEIJING).hour - other.astimezone(BEIJING).hour)
    return min(between, 24 - between)
