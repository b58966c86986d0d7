"""Telephone numbers in free text."""

import re

from app.masking.context import (
    INSIDE,
    following,
    group_lengths,
    is_quantity,
    is_record_number,
    preceding,
    without_separators,
)
from app.masking.spans import Span

_EXTENSION = (
    r"(?:（(?:转|分机)(?:分机)?号?[：. ]{0,2}\d{1,6}）|[ （]?(?:转|分机|ext)(?:分机)?号?[：. ]{0,2}\d{1,6}(?!\d)"
    r"|[\-#]\d{1,5}(?![\d\-]))?"
)
_CHINA = rf"（?(?:\+|00)?86）?{INSIDE}"
_MOBILE = re.compile(rf"(?<![\d.])(?=(（?\+?{_CHINA}|0|)(1{INSIDE}[3-9](?:{INSIDE}\d){{9}})(?!\d))")
_AREA = r"(?:10|2\d|[3-9]\d{2})"
_LANDLINE = re.compile(
    rf"(?<![\d.])(?=((?:{_CHINA}（?0?|（?0){_AREA}(）?{INSIDE})\d(?:{INSIDE}\d){{6,7}}{_EXTENSION})(?!\d))"
)
_LOCAL_AFTER_CUE = re.compile(
    r"(?:电话|座机|手机|固话|宅电|拨打|致电|联系方式|号码|[回来打]电|[回拨]打|办公室|单位|宅电|传真"
    r"|(?<![a-z])(?:tel|phone))[^\d\n*，。；]{0,6}(?<![零〇一二三四五六七八九幺])"
    rf"([2-8]\d{{2,3}}[ \-]?\d{{4}}{_EXTENSION})(?!{INSIDE}\d)",
    re.IGNORECASE,
)
_BRACKETED = re.compile(rf"(?:（?\+?{_CHINA})?（1[3-9]\d）{INSIDE}\d{{4}}{INSIDE}\d{{4}}(?!\d)")
_ABROAD = re.compile(
    r"(?<![\d+])(?:\+(?:1|7|3[349]|4[1-9]|6[0-6]|8[12]|852|853|886)|00(?:852|853|886))"
    rf"(?:{INSIDE}\d){{7,11}}(?!\d)"
)
_COMMAS = re.compile(r"(?<![\d，])1[3-9]\d[，、]\d{4}[，、]\d{4}(?![，、]?\d)")
_CUE = re.compile(r"电话|手机|联系|号码|致电|拨打|微信|(?:tel|phone|mobile)", re.IGNORECASE)
_MESSENGER = re.compile(r"QQ|微信|扣扣", re.IGNORECASE)
_DAY = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_HOTLINE = re.compile(r"(?:热线|客服)(?:电话)?(?:号码)?[：是为\s]{0,3}$")
_IN_ACCOUNT = re.compile(r"(?:微信|v信|vx|wx|薇|wechat)[^A-Za-z\d]{0,6}[A-Za-z_\-]{1,8}$", re.IGNORECASE)
_YEARS = re.compile(r"(?:19|20)\d{2}[ \-]?(?:19|20)\d{2}")
_MOBILE_GROUPS = frozenset(
    {
        (11,),
        (3, 4, 4),
        (3, 3, 5),
        (3, 8),
        (7, 4),
        (3, 2, 3, 3),
        (3, 2, 2, 4),
        (3, 4, 2, 2),
        (3, 3, 3, 2),
        (5, 3, 3),
        (5, 6),
    }
)


def find_phones(text: str) -> list[Span]:
    """Mobile numbers, landline numbers with their area code and extension, and numbers abroad, however grouped.

    A local number without area code counts only after a word such as 电话. Hotlines and 400 numbers have no form
    that is looked for. What counts something or is called the number of a case or an order is left alone.
    """
    found = [_whole(match) for match in _MOBILE.finditer(text) if _is_mobile(text, match)]
    found += [match.span() for match in _COMMAS.finditer(text)]
    found += [match.span(1) for match in _LANDLINE.finditer(text) if _is_landline(text, match)]
    found += [match.span() for match in _BRACKETED.finditer(text)]
    found += [match.span() for match in _ABROAD.finditer(text) if not is_quantity(text, match.end())]
    found += [match.span(1) for match in _LOCAL_AFTER_CUE.finditer(text) if _is_local(text, match)]
    return [Span(_first_of(text[start:end], start), end, "phone") for start, end in found]


def _first_of(written: str, start: int) -> int:
    """The start, behind a bracket that doesn't close within the number."""
    return start + (written.startswith("（") and written.count("（") > written.count("）"))


def _whole(match: re.Match[str]) -> tuple[int, int]:
    extension = re.compile(_EXTENSION).match(match.string, match.end(2))
    return match.start(1), extension.end() if extension else match.end(2)


def _is_mobile(text: str, match: re.Match[str]) -> bool:
    groups = group_lengths(match[2])
    is_even = max(groups) <= 2 and len(set(groups[1:-1])) == 1
    is_usual = groups in _MOBILE_GROUPS or is_even or (groups == (4, 3, 4) and match[2][1] != "9")
    if _IN_ACCOUNT.search(preceding(text, match.start(1), 16)):
        return False
    if not is_usual and not _CUE.search(preceding(text, match.start(1), 10)):
        return False
    return not is_quantity(text, match.end(2)) and not is_record_number(text, match.start(1))


def _is_landline(text: str, match: re.Match[str]) -> bool:
    """Digits that run on from the area code must begin as local numbers do; separated ones may be made up."""
    digits = without_separators(match[1]).removeprefix("86").lstrip("0")
    local = digits[2:3] if digits[0] in "12" else digits[3:4]
    if not match[2] and local in "01 9":
        return False
    before = preceding(text, match.start(1), 10)
    if _HOTLINE.search(before) or (_DAY.search(digits[2:]) and not _CUE.search(before)):
        return False
    return not is_quantity(text, match.end(1)) and not is_record_number(text, match.start(1))


def _is_local(text: str, match: re.Match[str]) -> bool:
    is_day = _DAY.match(match[1]) is not None and not following(text, match.end(1), 1).startswith("转")
    is_account = _MESSENGER.search(preceding(text, match.start(), 6) + match[0]) is not None
    is_something_else = is_quantity(text, match.end(1)) or is_record_number(text, match.start(1))
    is_range = _YEARS.fullmatch(match[1]) is not None
    return not (is_day or is_account or is_range or is_something_else)
