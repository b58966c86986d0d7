"""Time. Instants are aware and in UTC; days and the words of a page are Beijing's."""

from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def stopwatch() -> float:
    """Seconds for measuring how long something takes; no time of day."""
    return monotonic()


def beijing_day(instant: datetime) -> date:
    """The calendar day in Beijing at that instant."""
    return instant.astimezone(BEIJING).date()


def end_of_beijing_day(day: date) -> datetime:
    """24:00 in Beijing of that day, as an instant in UTC: the first moment that no longer belongs to it."""
    return datetime.combine(day + timedelta(days=1), time(), BEIJING).astimezone(UTC)
