"""Who reads a list of the desk, and when."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.calendars.working_days import Calendar
from app.desk.views import View
from app.kit.clock import beijing_day
from app.permissions import Actor, Permission

SCREENING_DAYS = 5
"""Working days after the day of receipt within which a submission is to be screened, where nothing else is set."""


@dataclass(frozen=True)
class Reader:
    """Who asks for a list, and when; `screening_days` as SCREENING_DAYS."""

    actor: Actor
    at: datetime
    screening_days: int = SCREENING_DAYS

    def views(self) -> tuple[View, ...]:
        """The lists that are there for the reader, in their order."""
        return tuple(view for view in View if self.may_see(view))

    def may_see(self, view: View) -> bool:
        """What was referred concerns only those who handle referrals."""
        return view is not View.REFERRED or self.actor.may(Permission.HANDLE_REFERRALS)

    def within(self, view: View) -> frozenset[uuid.UUID] | None:
        """The consultations that the reader sees in a view; None for all."""
        needed = [Permission.VIEW_DESK, *([Permission.HANDLE_REFERRALS] if view is View.REFERRED else [])]
        limits = [self.actor.limits[one] for one in needed if one in self.actor.limits]
        return frozenset.intersection(*limits) if limits else None


def overdue_before(calendar: Calendar, at: datetime, working_days: int) -> date:
    """What came in before this day in Beijing, and is still to be screened, is overdue at that instant.

    The day of receipt is not counted (民法典 §201, periods begin on the day after); the last working day belongs to the
    period as a whole.
    """
    day = beijing_day(at)
    while calendar.after(day - timedelta(days=1), working_days).day >= beijing_day(at):
        day -= timedelta(days=1)
    return day
