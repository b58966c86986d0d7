"""Due dates by working days, stopped clocks and the moments of reminders. Pure.

A deadline is the end of its last day, 24:00 in China. What a clock stood still is given back in working days: those
after the day on which it stopped, up to and including the day on which it went on. So a stop within one day moves
nothing, and however late an answer is, it is as late after a stop as before.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from app.assignments.ladder import Rung
from app.calendars.working_days import Calendar
from app.kit.clock import BEIJING, beijing_day, end_of_beijing_day

LEAD_DAYS, COOPERATING_DAYS = 10, 7
"""Working days that a department has where its consultation says nothing else."""
SHORTEST_TERM, LONGEST_TERM = 1, 60
RETURN_DAYS = 3
"""Working days that are left at the least when an answer is returned."""
REMINDED_AT = time(9)
"""In China."""


def due_after(calendar: Calendar, at: datetime, days: int) -> datetime:
    """The end of that many working days after the day of `at`, which isn't counted."""
    return end_of_beijing_day(calendar.after(beijing_day(at), days).day)


def due_day(due_at: datetime) -> date:
    """The last day on which an answer is in time."""
    return beijing_day(due_at - timedelta(microseconds=1))


def moved_on(calendar: Calendar, due_at: datetime, stopped_at: datetime, resumed_at: datetime) -> datetime:
    """The deadline after a stop; never earlier than before it."""
    days = calendar.count(beijing_day(stopped_at), beijing_day(resumed_at)).working_days
    return end_of_beijing_day(calendar.after(due_day(due_at), days).day)


def days_late(calendar: Calendar, due_at: datetime, now: datetime) -> int:
    """Working days after the last day in time; 0 while it isn't over."""
    return calendar.count(due_day(due_at), beijing_day(now)).working_days


def next_moment(calendar: Calendar, rungs: Sequence[Rung], due_at: datetime, after: datetime) -> datetime | None:
    """When the next reminder is due after that instant; None when none is left."""
    moments = (_moment(calendar, rung, due_day(due_at)) for rung in rungs)
    return min((moment for moment in moments if moment > after), default=None)


def reached(calendar: Calendar, rungs: Sequence[Rung], due_at: datetime, since: datetime, now: datetime) -> Rung | None:
    """The last reminder whose moment lies between the two instants, both included; those before it are out of date."""
    found = [rung for rung in rungs if since <= _moment(calendar, rung, due_day(due_at)) <= now]
    return found[-1] if found else None


def _moment(calendar: Calendar, rung: Rung, due: date) -> datetime:
    day = calendar.after(due, rung.days).day if rung.days >= 0 else calendar.before(due, -rung.days)
    return datetime.combine(day, REMINDED_AT, BEIJING).astimezone(UTC)
