"""Counting days and working days in China. Pure.

The State Council announces each year's holidays and shifted working days late in the year before (国务院办公厅的通知).
What the library `chinesecalendar` knows of them is the base; days that staff have entered stand above
it. In a year of which neither knows, Monday to Friday are taken for working days, and every answer says so.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from chinese_calendar.constants import holidays, workdays

SURELY_OFF = ((1, 1), (10, 1))
"""Month and day of two holidays of every year: 全国年节及纪念日放假办法 §2, New Year and National Day."""
_WEEK = 7
_WORKED_OF_WEEK = 5


@dataclass(frozen=True, slots=True)
class DayCount:
    """Whole days after a first day. `assumed_years`: years of the span whose holidays nobody has entered yet."""

    calendar_days: int
    working_days: int
    assumed_years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A day that was counted to. `assumed_years` as in `DayCount`."""

    day: date
    assumed_years: tuple[int, ...] = ()


class Calendar:
    """Which days are worked. `entered` maps a day to whether it is worked, and wins over the library.

    A year is known when the library knows it, or when its New Year and National Day are entered as days off: then the
    year's list counts as whole, and days that it doesn't name are worked from Monday to Friday.
    """

    def __init__(self, entered: Mapping[date, bool] | None = None) -> None:
        self._exceptions = _shipped() | dict(entered or {})
        self._days = sorted(day for day, working in self._exceptions.items() if working != _is_weekday(day))
        self._years = frozenset(day.year for day in holidays) | {
            day.year for day in self._exceptions if self._has_its_holidays(day.year)
        }

    def knows(self, year: int) -> bool:
        """Whether the holidays of the year are known."""
        return year in self._years

    def is_working(self, day: date) -> bool:
        """Monday to Friday where nothing else is known of the day; `knows` tells whether that was assumed."""
        return self._exceptions.get(day, _is_weekday(day))

    def count(self, first: date, last: date) -> DayCount:
        """Days after `first` up to and including `last`; nothing where `last` is not later."""
        if last <= first:
            return DayCount(0, 0)
        shifted = self._days[bisect_right(self._days, first) : bisect_right(self._days, last)]
        gained = sum(1 if self._exceptions[day] else -1 for day in shifted)
        working = _weekdays_until(last) - _weekdays_until(first) + gained
        return DayCount((last - first).days, working, self._assumed(first + timedelta(days=1), last))

    def after(self, day: date, n: int) -> WorkingDay:
        """The nth working day after `day`, which isn't counted itself; `day` where n is 0.

        Raises ValueError for a negative n, OverflowError past the year 9999.
        """
        if n < 0:
            raise ValueError(f"n must not be negative: {n}")
        found, left = day, n
        while left:
            found += timedelta(days=1)
            left -= self.is_working(found)
        return WorkingDay(found, self._assumed(day + timedelta(days=1), found) if n else ())

    def before(self, day: date, n: int) -> date:
        """The nth working day before `day`, which isn't counted itself; `day` where n is 0."""
        found, left = day, n
        while left > 0:
            found -= timedelta(days=1)
            left -= self.is_working(found)
        return found

    def _has_its_holidays(self, year: int) -> bool:
        return all(self._exceptions.get(date(year, month, day)) is False for month, day in SURELY_OFF)

    def _assumed(self, first: date, last: date) -> tuple[int, ...]:
        return tuple(year for year in range(first.year, last.year + 1) if year not in self._years)

    def shifted(self, year: int) -> list[tuple[date, bool]]:
        """The days of the year that break the rule of Monday to Friday, in order, and whether each is worked."""
        begin = bisect_left(self._days, date(year, 1, 1))
        days = self._days[begin : bisect_right(self._days, date(year, 12, 31))]
        return [(day, self._exceptions[day]) for day in days]


def _is_weekday(day: date) -> bool:
    return day.weekday() < _WORKED_OF_WEEK


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from 1 January of the year 1, a Monday, up to and including the day."""
    weeks, rest = divmod(day.toordinal(), _WEEK)
    return weeks * _WORKED_OF_WEEK + min(rest, _WORKED_OF_WEEK)


@cache
def _shipped() -> dict[date, bool]:
    return dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
