"""Keeping the calendar's days for years that the library does not know yet."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import audit
from app.calendars.lists import EnteredDay
from app.calendars.models import CalendarDay
from app.kit.errors import NotFound
from app.permissions import EVERYWHERE, Actor, Permission, require


def enter_days(session: Session, actor: Actor, at: datetime, days: Sequence[EnteredDay]) -> None:
    """Enters the days; what was entered for one of them before is replaced, other days stay.

    Raises Conflict when somebody else enters the same day at the same moment.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS, within=EVERYWHERE)
    for entered in days:
        session.merge(
            CalendarDay(
                day=entered.day,
                is_working=entered.is_working,
                note=entered.note,
                source=entered.source,
                entered_at=at,
            )
        )
    years = sorted({str(entered.day.year) for entered in days})
    audit.record(session, actor, at, "calendar.entered", ("calendar", "-".join(years)[:60]), count=len(days))


def remove_day(session: Session, actor: Actor, at: datetime, day: date) -> None:
    """From now on nothing was entered for the day. Raises NotFound when nothing is."""
    require(actor, Permission.MANAGE_CONSULTATIONS, within=EVERYWHERE)
    removed = session.execute(delete(CalendarDay).where(CalendarDay.day == day).returning(CalendarDay.day)).all()
    if not removed:
        raise NotFound("no_such_calendar_day", day=day.isoformat())
    audit.record(session, actor, at, "calendar.removed", ("calendar", day.year), day=day.isoformat())
