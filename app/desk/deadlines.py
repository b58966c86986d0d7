"""What falls due in the days that are left of a week: from counts that are kept, and from the running assignments."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.assignments.models import Assignment
from app.calendars import queries as calendars
from app.counters import ledger as counters
from app.desk.reader import SCREENING_DAYS
from app.kit.clock import beijing_day, end_of_beijing_day
from app.submissions.lifecycle import SubmissionState

ONE_DAY = timedelta(days=1)
SUNDAY = 7


@dataclass(frozen=True)
class DueDay:
    """One day in Beijing: submissions whose screening ends with it, and assignments whose answer is due by its end."""

    day: date
    submissions: int
    assignments: int

    @property
    def both(self) -> int:
        return self.submissions + self.assignments


def this_week(
    session: Session, consultation_id: uuid.UUID, at: datetime, screening_days: int = SCREENING_DAYS
) -> Sequence[DueDay]:
    """Today and the days after it up to Sunday; what was due earlier is overdue and in none of them. Three queries."""
    today = beijing_day(at)
    days = [today + n * ONE_DAY for n in range(SUNDAY - today.isoweekday() + 1)]
    screening = _screening(session, consultation_id, screening_days)
    answers = _answers(session, consultation_id, at, days)
    return [DueDay(day, screening.get(day, 0), number) for day, number in zip(days, answers, strict=True)]


def _screening(session: Session, consultation_id: uuid.UUID, screening_days: int) -> dict[date, int]:
    """Last day for screening → how many that wait."""
    calendar = calendars.calendar(session)
    due: dict[date, int] = {}
    for (day, state), number in counters.by_value(session, "submissions.day", consultation_id.hex).items():
        if state == SubmissionState.RECEIVED:
            last = calendar.after(date.fromisoformat(day), screening_days).day
            due[last] = due.get(last, 0) + number
    return due


def _answers(session: Session, consultation_id: uuid.UUID, at: datetime, days: Sequence[date]) -> Sequence[int]:
    """A deadline is the end of its last day, which is the first instant of the next one."""
    ends = [end_of_beijing_day(day) for day in days]
    within = [(at, ends[0]), *pairwise(ends)]
    runs_out = Assignment.runs_out_at
    counted = [func.count(case(((runs_out > after) & (runs_out <= end), 1))) for after, end in within]
    query = select(*counted).where(Assignment.consultation_id == consultation_id, runs_out > at, runs_out <= ends[-1])
    return list(session.execute(query).one())
