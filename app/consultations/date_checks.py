"""Dates that no calendar has or that lost characters, and a deadline that isn't the one entered. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.consultations.page_facts import find_deadline
from app.consultations.places import NoticeWarning, Part, WarningCode
from app.consultations.subject import Subject
from app.documents.doubts import Doubt
from app.documents.markers import chinese_number
from app.kit.clock import beijing_day, end_of_beijing_day
from app.kit.text import fold

_TEXTS = (Part.NOTICE, Part.DRAFT, Part.EXPLANATION)
_BEFORE = r"(?:之?前|以前|止|截止|为止)"
_DAMAGED = re.compile(
    rf"(?<!\d)20\d{{2}}年?\d{{2,4}}日?{_BEFORE}"  # one or both of 年 and 月 are lost
    r"|(?<!\d)20\d{2}年?\d{3,4}日"
    r"|(?<!\d)20\d{3,4}月\d{1,2}日"
    r"|(?<!\d)20\d{2}年\d{1,2}月日|(?<!\d)20\d{2}年月"  # a figure is lost or was never filled in
    r"|(?<!\d)20\d{2}年[ \u3000]+月|(?<!\d)20\d{2}年\d{1,2}月[ \u3000]+日"
    r"|[Xx×_]{1,4}年[Xx×_]{1,2}月|(?<=年)[Xx×_]{1,2}月|(?<=月)[Xx×_]{1,2}日"
)
_DAY = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})\s*年\s*)?(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
    r"|(?<!\d)(?P<iso_year>(?:19|20)\d{2})([-/.])(?P<iso_month>\d{1,2})\5(?P<iso_day>\d{1,2})(?![\d.])"
)
_MONTH = re.compile(r"(?<!\d)\d{4}\s*年\s*(\d{1,2})\s*月(?!\s*\d)|(?<!\d)(\d{1,2})月(?=份|底|初|中旬|上旬|下旬)")
_CHINESE = "[〇零一二三四五六七八九十]"
_CHINESE_DAY = re.compile(rf"(?<!{_CHINESE})({_CHINESE}{{1,3}})月({_CHINESE}{{1,3}})日")
_ABOUT_COMMENTS = re.compile("意见|建议|反馈|提出|截止|截至|[日号]之?前|以前")
_FIGURES = re.compile(r"(?<!\d)((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_CHINESE_DATE = re.compile(rf"(?<!{_CHINESE})({_CHINESE}{{4}})年({_CHINESE}{{1,3}})月({_CHINESE}{{1,3}})日")
_LEAP_YEAR = 2000


def date_warnings(subject: Subject) -> Iterator[NoticeWarning]:
    """In each text: 2月30日, 13月, 202557日前, a month left open."""
    for part in _TEXTS:
        placed = subject.placed(part)
        text = fold(placed.text)
        damaged = [match.span() for match in _DAMAGED.finditer(text)]
        for start, end in damaged:
            yield placed.warning(WarningCode.DATE_DAMAGED, start, end)
        for start, end in _impossible(text):
            if not any(begin < end and start < stop for begin, stop in damaged):
                yield placed.warning(WarningCode.DATE_IMPOSSIBLE, start, end)


def _impossible(text: str) -> Iterator[tuple[int, int]]:
    for found in _DAY.finditer(text):
        year, month, day = (found[name] or found[f"iso_{name}"] for name in ("year", "month", "day"))
        if not _is_day(int(year or _LEAP_YEAR), int(month), int(day)):
            yield found.span()
    for found in _MONTH.finditer(text):
        if not 1 <= int(found[1] or found[2]) <= 12:
            yield found.span()
    for found in _CHINESE_DAY.finditer(text):
        if not _is_day(_LEAP_YEAR, chinese_number(found[1]), chinese_number(found[2])):
            yield found.span()


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Printed:
    """The deadline as the notice says it: where, and which day it was read as; None where it can't be read."""

    start: int
    end: int
    day: date | None


def deadline_warnings(subject: Subject) -> Iterator[NoticeWarning]:
    """A deadline that can't be read, isn't the one entered (by days in Beijing), or is over.

    Every line that gives a deadline for comments is compared: page heads and texts do disagree.
    """
    notice = subject.placed(Part.NOTICE)
    printed = _printed_deadlines(subject)
    entered = beijing_day(subject.closes_at - timedelta(microseconds=1))
    for found in printed:
        if found.day is None:
            yield notice.warning(WarningCode.DEADLINE_UNREADABLE, found.start, found.end)
        elif found.day != entered:
            days = (found.day.isoformat(), entered.isoformat())
            yield notice.warning(WarningCode.DEADLINE_DIFFERS, found.start, found.end, printed=days[0], entered=days[1])
    over = [found for found in printed if found.day and _is_over(found.day, subject)]
    for found in over:
        yield notice.warning(WarningCode.DEADLINE_PASSED, found.start, found.end, day=str(found.day))
    if subject.closes_at <= subject.at and not over:
        yield notice.nowhere(WarningCode.DEADLINE_PASSED, day=entered.isoformat())


def _is_over(day: date, subject: Subject) -> bool:
    return day < date.max and end_of_beijing_day(day) <= subject.at


def _printed_deadlines(subject: Subject) -> list[_Printed]:
    """As the notice's lines have it or, where none does, as it was kept when the notice was read."""
    published = subject.published_on or beijing_day(subject.opens_at)
    found = [
        _Printed(begin + start, begin + end, day)
        for begin, line in subject.placed(Part.NOTICE).lines()
        if _ABOUT_COMMENTS.search(line)
        for start, end, day in _deadline_of(line, published)
    ]
    if not found and subject.deadline_as_printed:
        found = [_Printed(0, 0, day) for *_, day in _deadline_of(subject.deadline_as_printed, published)]
    return found


def _deadline_of(line: str, published: date) -> Sequence[tuple[int, int, date | None]]:
    """Where the line gives a deadline and which day it is read as; nothing where it gives none."""
    doubts: list[Doubt] = []
    printed, day = find_deadline([line], published, doubts)
    if printed is None and not doubts:
        return _in_other_forms(fold(line))
    words = printed or doubts[0].suggestion
    start = max(line.find(words), 0)
    return [(start, min(start + len(words), len(line)), day)]


def _in_other_forms(folded: str) -> list[tuple[int, int, date]]:
    """2026-07-05 and 二〇二六年七月五日, which notices seldom use; the latest of a line is its deadline."""
    found = [
        (*match.span(), date(*figures))
        for form, value in ((_FIGURES, int), (_CHINESE_DATE, chinese_number))
        for match in form.finditer(folded)
        if _is_day(*(figures := (value(match[1]), value(match[2]), value(match[3]))))
    ]
    return sorted(found, key=lambda item: item[2])[-1:]
