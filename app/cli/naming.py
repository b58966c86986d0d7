"""What a person types on the command line, and the record or instant that it means."""

from datetime import date, datetime, time

import typer
from sqlalchemy.orm import Session

from app.departments import queries
from app.departments.directory import Department
from app.kit.clock import BEIJING, end_of_beijing_day
from app.kit.errors import NotFound, Unprocessable


def department_named(session: Session, text: str) -> Department:
    """The department with that id or written form.

    Raises NotFound, and Unprocessable for a scope of many bodies or a body that has ended.
    """
    found = queries.directory(session).named(text)
    if found is None:
        raise NotFound("no_such_department", department=text)
    if not found.assignable:
        raise Unprocessable("department_not_assignable", department=found.name)
    return found


def opening_instant(text: str, option: str) -> datetime:
    """ISO 8601; without an offset it is Beijing's, a date alone means its first moment."""
    moment = _instant(text, option)
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), BEIJING)


def closing_instant(text: str, option: str) -> datetime:
    """ISO 8601; without an offset it is Beijing's, a date alone means its 24:00."""
    moment = _instant(text, option)
    return moment if isinstance(moment, datetime) else end_of_beijing_day(moment)


def _instant(text: str, option: str) -> datetime | date:
    try:
        if len(text) == len("2026-12-31"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text} is not a date or time like 2026-12-31 or 2026-12-31T18:00"
        raise typer.BadParameter(message, param_hint=option) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
