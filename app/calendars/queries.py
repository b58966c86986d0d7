from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.models import CalendarDay
from app.calendars.working_days import Calendar


def calendar(session: Session) -> Calendar:
    """What is known of working days, entered days included."""
    rows = session.execute(select(CalendarDay.day, CalendarDay.is_working))
    return Calendar({row.day: row.is_working for row in rows})


def entered(session: Session, year: int | None = None) -> Sequence[CalendarDay]:
    """The days that staff entered, in order; of all years or of one."""
    query = select(CalendarDay).order_by(CalendarDay.day)
    if year is not None:
        query = query.where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    return session.scalars(query).all()
