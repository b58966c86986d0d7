"""Lists that staff keep for the checks: the calendar's days and the words to watch."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.calendars import actions as calendar_actions
from app.calendars import queries as calendars
from app.calendars.lists import read_days
from app.consultations import queries as consultations
from app.consultations import watching
from app.kit.clock import beijing_day
from app.kit.errors import BadRequest
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import number_of
from app.web.templating import address, page

Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]
EditsRules = Annotated[Actor, allowed(Permission.EDIT_COLUMN_RULES)]

EXAMPLE = "2027-01-01 至 2027-01-03 休 元旦 国办发明电〔2026〕×号"
"""A line of a list, as `calendars.lists` reads it."""

router = APIRouter(include_in_schema=False)


@router.get("/staff/calendar", name="staff_calendar")
def calendar(request: Request, actor: Manages, session: ReadSession, now: Now, year: str = "") -> Response:
    """One year's days that break the rule of Monday to Friday, and all that were entered, with their source."""
    this_year = beijing_day(now).year
    chosen = min(max(number_of(year, this_year), 2004), 2200)
    known = calendars.calendar(session)
    entered = {row.day: row for row in calendars.entered(session, chosen)}
    context = {
        "year": chosen,
        "this_year": this_year,
        "is_known": known.knows(chosen),
        "unknown": [near for near in (this_year, this_year + 1) if not known.knows(near)],
        "days": sorted({*known.shifted(chosen), *((day, row.is_working) for day, row in entered.items())}),
        "entered": entered,
        "example": EXAMPLE,
    }
    return page(request, "staff/calendar.html", context)


@router.post("/staff/calendar", name="staff_enter_days")
def enter_days(request: Request, sent: OwnForm, actor: Manages, session: WriteSession, now: Now) -> Response:
    days = read_days(sent.form.get("text", ""))
    calendar_actions.enter_days(session, actor, now, days)
    return _to(request, "staff_calendar", year=days[0].day.year)


@router.post("/staff/calendar/remove", name="staff_remove_day")
def remove_day(request: Request, sent: OwnForm, actor: Manages, session: WriteSession, now: Now) -> Response:
    try:
        day = date.fromisoformat(sent.form.get("day", ""))
    except ValueError as error:
        raise BadRequest("bad_form") from error
    calendar_actions.remove_day(session, actor, now, day)
    return _to(request, "staff_calendar", year=day.year)


@router.get("/staff/watched-words", name="staff_watched_words")
def watched_words(request: Request, actor: EditsRules, session: ReadSession) -> Response:
    return page(request, "staff/watched_words.html", {"words": consultations.watched_words(session)})


@router.post("/staff/watched-words", name="staff_watch_word")
def watch_word(request: Request, sent: OwnForm, actor: EditsRules, session: WriteSession, now: Now) -> Response:
    watching.watch_word(session, actor, now, sent.form.get("word", ""), sent.form.get("remark", ""))
    return _to(request, "staff_watched_words")


@router.post("/staff/watched-words/remove", name="staff_unwatch_word")
def unwatch_word(request: Request, sent: OwnForm, actor: EditsRules, session: WriteSession, now: Now) -> Response:
    watching.unwatch_word(session, actor, now, sent.form.get("word", ""))
    return _to(request, "staff_watched_words")


def _to(request: Request, name: str, **values: object) -> Response:
    return RedirectResponse(address(request, name, **values), status_code=303)
