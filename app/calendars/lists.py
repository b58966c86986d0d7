"""Reading a pasted list of holidays: `2027-01-01 休 元旦 国办发明电〔2026〕…号`, one day a line. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.kit.errors import Unprocessable

NOTE_LIMIT = 60
SOURCE_LIMIT = 200
LINES_LIMIT = 1000
_OFF = frozenset({"休", "放假", "节假日", "off", "holiday"})
_WORKED = frozenset({"班", "上班", "补班", "work", "working"})
_DATE = r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})日?"
_WORDS = r"[\s,，、]+([^\s,，]+)(?:[\s,，]+([^\s,，]+))?(?:[\s,，]+(.+))?"
_LINE = re.compile(rf"{_DATE}(?:\s*(?:~|至|—|到)\s*{_DATE})?{_WORDS}")
_LONGEST_RUN = 20


@dataclass(frozen=True, slots=True)
class EnteredDay:
    """A day off or a worked one, what it is for, and the document that says so."""

    day: date
    is_working: bool
    note: str = ""
    source: str = ""


def read_days(text: str) -> list[EnteredDay]:
    """The days of a list, in its order; a later line about the same day replaces an earlier one.

    A line is a day (2027-01-01, 2027/1/1, 2027年1月1日) or a run of them (2027-02-06 至 2027-02-12), then 休 or 班 (or
    off, work), then what it is for, then the source; the last two may be left out. Empty lines and those that begin
    with # are passed over. Raises Unprocessable("calendar_line_unread") with the line's number, ("calendar_empty").
    """
    days: dict[date, EnteredDay] = {}
    for number, line in enumerate(text.split("\n")[: LINES_LIMIT + 1], start=1):
        words = line.strip("\ufeff \t\r\u3000").strip()
        if words and not words.startswith("#"):
            days |= {entered.day: entered for entered in _read_line(words, number)}
    if not days:
        raise Unprocessable("calendar_empty")
    return list(days.values())


def _read_line(words: str, number: int) -> Iterator[EnteredDay]:
    found = _LINE.fullmatch(words)
    if found is None or number > LINES_LIMIT:
        raise Unprocessable("calendar_line_unread", line=number)
    *figures, mark, note, source = found.groups()
    first = _day(figures[:3], number)
    last = _day(figures[3:], number) if figures[3] else first
    is_marked = mark.lower() in _OFF | _WORKED
    if not is_marked or not 0 <= (last - first).days < _LONGEST_RUN:
        raise Unprocessable("calendar_line_unread", line=number)
    note, source = (note or "").strip(), (source or "").strip()
    if len(note) > NOTE_LIMIT or len(source) > SOURCE_LIMIT:
        raise Unprocessable("calendar_line_unread", line=number)
    for offset in range((last - first).days + 1):
        yield EnteredDay(first + timedelta(days=offset), mark.lower() in _WORKED, note, source)


def _day(figures: list[str], number: int) -> date:
    try:
        return date(*map(int, figures))
    except ValueError:
        raise Unprocessable("calendar_line_unread", line=number) from None
