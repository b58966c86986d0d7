"""Dates, contacts and titles in a notice's text, restored where the copy lost characters."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.documents.doubts import Doubt, What
from app.kit.text import fold, squeeze


@dataclass(frozen=True, slots=True)
class Contact:
    """As the page prints it, and as it must have read before it lost characters. The two are mostly equal."""

    as_printed: str
    restored: str


_LONGEST_WINDOW = timedelta(days=184)
_PUBLISHED = re.compile(r"(?:发布时间|发布日期|时间)\s*：\s*(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})")
_UNTIL = r"\s*(?:\d{1,2}\s*[时点：:]\s*(?:\d{2})?\s*分?)?\s*(?:下班)?(?:之?前|以前|止|截止|为止|结束)?"
_FULL_DATE = re.compile(rf"(\d{{4}})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日?{_UNTIL}")
_SHORT_DATE = re.compile(rf"(?<!\d)(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日{_UNTIL}")
_DAMAGED_DATE = re.compile(r"(?<!\d)(20\d{2})\s*年?\s*(\d{2,4})\s*(?:日|号)?\s*(?:之?前|以前|止|截止|为止)")
_DEADLINE_CUE = re.compile(
    r"截止|截至|[日号]\s*(?:之?前|以前|止|为止|下班前)|前.{0,12}(?:反馈|提出|发送|寄)|至\s*\d|征求意见(?:时间|期限|期)"
)
_PHONE = re.compile(
    r"(?:联系电话|咨询电话|电\s*话|传\s*真)\s*(?:（传真）)?\s*：\s*(（?\s*\d{3,4}\s*[）\-—]?\s*\d{7,8}(?:[\-—转]\d{1,6})?|\d{3,5}[\-—]\d{5,8}|1\d{10})"
)
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+\-]*@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_SUBJECT = re.compile(
    r"(?:邮件)?(?:主题|标题|题目)\s*(?:上|中|栏|处)?\s*(?:请)?\s*(?:注明|写明|标明|写|标注|为|填写)\s*：?\s*"
)


def find_published(lines: Iterable[str]) -> date | None:
    """The page's 发布时间."""
    for line in lines:
        if found := _PUBLISHED.search(fold(line)):
            return _date(*map(int, found.groups()))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_deadline(lines: Sequence[str], published: date | None, doubts: list[Doubt]) -> tuple[str | None, date | None]:
    """The last day for opinions, as printed and as a date.

    Where 年 or 月 was lost the digits are divided in every way; a reading counts when it is a real day at most half
    a year after publication, and only if it is the only one. Otherwise the date is None, with a doubt.
    """
    for line in lines:
        folded = fold(line)
        if not _DEADLINE_CUE.search(folded):
            continue
        for reader in (_damaged_deadline, _whole_deadline):
            if (found := reader(line, folded, published, doubts)) is not None:
                return found
    return None, None


_Found = tuple[str, date | None]


def _whole_deadline(line: str, folded: str, published: date | None, doubts: list[Doubt]) -> _Found | None:
    candidates = [
        (found.start(), found.end(), day)
        for found in _FULL_DATE.finditer(folded)
        if (day := _date(*map(int, found.groups()[:3])))
    ]
    for found in _SHORT_DATE.finditer(folded):
        year = _year_near(candidates, found.start(), published)
        inside = any(start <= found.start() < end for start, end, _ in candidates)
        if year and not inside and (day := _date(year, int(found[1]), int(found[2]))):
            candidates.append((found.start(), found.end(), day))
    later = [item for item in candidates if published is None or item[2] >= published]
    if not later:
        if candidates or re.search(r"\d[日号]\s*前", folded):
            doubts.append(Doubt("deadline", What.DATE_UNREAD, line[:60]))
        return None
    start, end, day = max(later, key=lambda item: (_is_limit(folded, item), item[2]))
    return line[start:end].strip(), day


def _is_limit(folded: str, item: tuple[int, int, date]) -> bool:
    return folded[: item[1]].endswith(("前", "止", "截止", "为止")) or folded[max(item[0] - 4, 0) : item[0]].endswith(
        ("至", "截至", "截止", "为")
    )


def _year_near(candidates: Sequence[tuple[int, int, date]], position: int, published: date | None) -> int | None:
    before = [day.year for start, _, day in candidates if start < position]
    return before[-1] if before else published.year if published else None


def _damaged_deadline(line: str, folded: str, published: date | None, doubts: list[Doubt]) -> _Found | None:
    found = _DAMAGED_DATE.search(folded)
    if not found:
        return None
    printed, digits, year = line[found.start() : found.end()], found[2], int(found[1])
    readings = {
        day
        for cut in range(1, len(digits))
        if not digits[cut:].startswith("0") or len(digits[cut:]) == 2
        if (day := _date(year, int(digits[:cut]), int(digits[cut:]))) and _plausible(day, published)
    }
    if len(readings) != 1:
        doubts.append(Doubt("deadline", What.DATE_UNREAD, printed))
        return printed, None
    day = readings.pop()
    doubts.append(Doubt("deadline", What.DATE_RESTORED, day.isoformat()))
    return printed, day


def _plausible(day: date, published: date | None) -> bool:
    return published is None or published <= day <= published + _LONGEST_WINDOW


def find_phone(lines: Iterable[str], doubts: list[Doubt]) -> Contact | None:
    """The first telephone number after its label; a lost bracket of the area code is put back."""
    for line in lines:
        if not (found := _PHONE.search(fold(line))):
            continue
        printed = line[found.start(1) : found.end(1)]
        restored = _close_area_code(squeeze(printed))
        if restored != squeeze(printed):
            doubts.append(Doubt("phone", What.CONTACT_RESTORED, restored))
        return Contact(printed, restored)
    return None


def _close_area_code(number: str) -> str:
    for opening, closing in ("()", "（）"):
        if closing in number and opening not in number:
            return opening + number
        if opening in number and closing not in number and (code := re.match(r".(0[12]\d|0\d{3})", number)):
            return number[: code.end()] + closing + number[code.end() :]
    return number


def find_email(lines: Iterable[str]) -> Contact | None:
    """The first e-mail address, with full-width characters made half-width."""
    for line in lines:
        if found := _EMAIL.search(fold(line)):
            return Contact(line[found.start() : found.end()], found.group())
    return None


def find_subject(lines: Iterable[str], doubts: list[Doubt]) -> Contact | None:
    """The subject that the notice asks senders to write, without quotation marks."""
    for line in lines:
        folded = fold(line)
        if not (found := _SUBJECT.search(folded)):
            continue
        printed = line[found.end() : _subject_end(folded, found.end())].strip()
        restored = restore_title_marks(printed.strip("“”\"「」‘’'"), "email_subject", doubts)
        return Contact(printed, restored) if restored else None
    return None


def _subject_end(folded: str, start: int) -> int:
    depth = 0
    quoted = folded[start : start + 1] in '“"「'
    for position in range(start + quoted, len(folded)):
        character = folded[position]
        depth += {"（": 1, "《": 1, "）": -1}.get(character, 0) if character != "《" else 0
        if depth < 0 or (quoted and character in '”"」') or (not quoted and character in "。；，"):
            return position + (1 if quoted else 0)
    return len(folded)


_AFTER_TITLE = re.compile(r"(?:的?(?:解读材料|政策解读|解读|起草说明|编制说明|说明)|意见建议|的?意见|建议)$")


def restore_title_marks(text: str, where: str, doubts: list[Doubt]) -> str:
    """Puts back the one of 《 》 that was lost around a title."""
    restored = text
    if "》" in text and "《" not in text:
        restored = "《" + text
    elif text.count("《") == text.count("》") + 1:
        after = _AFTER_TITLE.search(text)
        cut = after.start() if after else len(text)
        restored = text[:cut] + "》" + text[cut:]
    if restored != text:
        doubts.append(Doubt(where, What.TITLE_MARK_RESTORED, restored))
    return restored
