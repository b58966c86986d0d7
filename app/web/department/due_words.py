"""How much time an assignment has left, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.assignments import working_time
from app.assignments.lifecycle import OPEN
from app.assignments.models import Assignment
from app.calendars.working_days import Calendar
from app.kit.clock import beijing_day, end_of_beijing_day
from app.web.i18n import gettext as _
from app.web.i18n import ngettext

SOON = 3
"""Working days before the last one from which on something is due soon, as the first reminder is."""


@dataclass(frozen=True)
class DueView:
    """`look` is the colour of the mark: red when it is late, amber when it is due soon."""

    words: str
    look: str


def soon(calendar: Calendar, now: datetime) -> datetime:
    """What runs out up to then is due soon."""
    return end_of_beijing_day(calendar.after(beijing_day(now), SOON).day)


def due(assignment: Assignment, calendar: Calendar, now: datetime) -> DueView | None:
    """None where nothing is awaited."""
    if assignment.state not in OPEN or assignment.due_at is None:
        return None
    if assignment.clock_stopped_at is not None:
        return DueView(_("Time stands still"), "slate")
    last, today = working_time.due_day(assignment.due_at), beijing_day(now)
    if last < today:
        return DueView(_late(working_time.days_late(calendar, assignment.due_at, now)), "red")
    if last == today:
        return DueView(_("Due today"), "amber")
    left = calendar.count(today, last).working_days
    words = ngettext("%(num)s working day left", "%(num)s working days left", left) % {"num": left}
    return DueView(words, "amber" if left <= SOON else "slate")


def _late(days: int) -> str:
    if days == 0:
        return _("Late")
    return ngettext("%(num)s working day late", "%(num)s working days late", days) % {"num": days}


Due = Callable[[Assignment], DueView | None]
