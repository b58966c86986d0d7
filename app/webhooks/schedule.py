"""When a message is tried again, and how long a receiver is left alone. Pure."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from app.webhooks.lifecycle import Outcome

PAUSES = (
    *(timedelta(seconds=seconds) for seconds in (5, 30)),
    *(timedelta(minutes=minutes) for minutes in (2, 10, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 12, 12, 24, 24)),
)
"""After the first failure 5 seconds, then ever more: 14 attempts in about four days."""
MOST_ATTEMPTS = len(PAUSES) + 1
JITTER = 0.2
REST = timedelta(seconds=10)
"""How long a receiver is left alone after a failure: what waits for it doesn't come down on it at once."""
LONGEST_REST = timedelta(hours=6)
FAILING_FOR = timedelta(days=5)
"""A receiver without any success for so long is disabled."""
THROTTLING = (429, 502, 503, 504)


def outcome_of(status: int) -> Outcome:
    """2xx alone is a success; a redirect is a refusal like any other status."""
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    if status == 410:
        return Outcome.GONE
    return Outcome.THROTTLED if status in THROTTLING else Outcome.REFUSED


def pause(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after so many attempts, from 1 on; None when it was tried often enough.

    `chance` in [0, 1) spreads the pause by a fifth to either side, so that not everybody comes back at once.
    """
    if attempts > len(PAUSES):
        return None
    return PAUSES[attempts - 1] * (1 + JITTER * (2 * chance - 1))


def rest(outcome: Outcome, retry_after: str | None, now: datetime) -> timedelta:
    """How long the receiver wants to be left alone: what it says where it throttles, at most LONGEST_REST."""
    wanted = _seconds(retry_after, now) if outcome is Outcome.THROTTLED and retry_after else None
    return min(max(wanted or REST, REST), LONGEST_REST)


def _seconds(retry_after: str, now: datetime) -> timedelta | None:
    """A number of seconds or a date (RFC 9110 §10.2.3); None for anything else."""
    if retry_after.isascii() and retry_after.isdecimal():
        return timedelta(seconds=min(int(retry_after[:9]), 10**6))
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
