"""The printed numbers that begin a clause: 编章节条, 一、 （一） 1. （1） ① and their damaged forms."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache


class Style(IntEnum):
    """Kinds of markers, outermost first."""

    PART = 0
    SUBPART = 1
    CHAPTER = 2
    SECTION = 3
    ARTICLE = 4
    CHINESE = 5
    CHINESE_BRACKETED = 6
    ARABIC = 7
    DECIMAL = 8
    DECIMAL_DEEP = 9
    ARABIC_BRACKETED = 10
    ARABIC_HALF = 11
    CIRCLED = 12


@dataclass(frozen=True, slots=True)
class Marker:
    """`label` as it stands in a clause's path (full-width brackets, no trailing stop); the marker ends at `end`.

    `weak`: the form is damaged or ambiguous and counts only where exactly this number is expected.
    `bare`: all punctuation of a Chinese numeral was lost, so it may be either of 一、 and （一）.
    """

    style: Style
    number: int
    label: str
    end: int
    weak: bool = False
    bare: bool = False


_REMEMBERED = 16_384
"""Lines: every reader of a document asks for the same line's marker several times."""

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_CHINESE_NUMBER = r"[一二三四五六七八九十百零〇两]"
_N = rf"({_CHINESE_NUMBER}{{1,5}})"
_LONG_N = r"([一二三四五六七八九十百千零〇两]{1,8})"
_UNITS = {"十": 10, "百": 100, "千": 1000}


def chinese_number(text: str) -> int:
    """The value of a Chinese numeral up to 9999; positional digits (二〇) count as well. 0 when it isn't one."""
    if not any(unit in text for unit in _UNITS):
        return int("".join(str(_DIGITS.get(digit, 0)) for digit in text) or "0")
    total, digit = 0, 0
    for character in text:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS.get(character, 0)
    return total + digit


_NUMERALS = "一二三四五六七八九"


def chinese_numeral(number: int) -> str:
    """The numeral as documents print it, for 1 to 9999: 十二, 一百零五, 一千二百六十."""
    printed, empty = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            printed += ("零" if empty and printed else "") + _NUMERALS[digit - 1] + unit
        empty = not digit
    return printed.removeprefix("一") if 10 <= number < 20 else printed


_HEADED = {
    "编": Style.PART,
    "篇": Style.PART,
    "部分": Style.PART,
    "分编": Style.SUBPART,
    "章": Style.CHAPTER,
    "节": Style.SECTION,
}
_NAMED = re.compile(rf"第\s*(?:{_N}|(\d{{1,3}}))\s*(部分|分编|编|篇|章|节)(?=[\s：一-龥“《]|$)[\s：]*")
_ARTICLE = re.compile(rf"第\s*(?:{_LONG_N}|(\d{{1,4}}))\s*条(之{_CHINESE_NUMBER})?(?![款项例件])\s*[：、]?\s*")
_DECIMAL = re.compile(r"(\d{1,2})\.(\d{1,2})(\.\d{1,2})?(?=\s|[一-龥])(?![%％万亿元个倍米公平亩千])\s*")
_CIRCLED = re.compile(r"([①-⑳㉑-㉟㊱-㊿⑴-⒇⒈-⒛㈠-㈩])\s*[、.]?\s*")
_SIMPLE_FORMS = (
    (re.compile(rf"（\s*{_N}\s*）(?![项款目点])\s*[、.]?\s*"), Style.CHINESE_BRACKETED, "（{}）"),
    (re.compile(rf"{_N}\s*[、.．]\s*"), Style.CHINESE, "{}"),
    (re.compile(r"(\d{1,3})\s*(?:[.．、](?!\d)|．)\s*"), Style.ARABIC, "{}"),
    (re.compile(r"（\s*(\d{1,3})\s*）(?![项款目点])\s*[、.]?\s*"), Style.ARABIC_BRACKETED, "（{}）"),
    (re.compile(r"(\d{1,3})\s*）\s*"), Style.ARABIC_HALF, "{}）"),
)
_MEASURE = (
    "所个年月日项家大方万亿名人次种类岁%号条章节米倍元吨台座处件天小时分点位多余亩平千百成套批期周级楼层届轮起"
    "公里以至到—-"
)

_WEAK_FORMS = (
    (re.compile(rf"{_N}\s*）\s*"), Style.CHINESE_BRACKETED),
    (re.compile(rf"（\s*{_N}\s*[、\s]\s*"), Style.CHINESE_BRACKETED),
    (re.compile(rf"（\s*{_N}(?=[一-龥]{{2}})"), Style.CHINESE_BRACKETED),
    (re.compile(rf"{_N}\s+(?=[一-龥])"), Style.CHINESE),
    (re.compile(rf"(\d{{1,3}})\s*(?=[一-龥“])(?![{_MEASURE}])"), Style.ARABIC),
)


@lru_cache(maxsize=_REMEMBERED)
def parse_marker(folded: str) -> Marker | None:
    """The marker at the beginning of a folded line, or None. Whether it fits the numbering is for the caller to see."""
    return _worded(folded) or _plain(folded) or _weak(folded)


def _value(chinese: str | None, arabic: str | None) -> int:
    return chinese_number(chinese) if chinese else int(arabic or 0)


def _worded(folded: str) -> Marker | None:
    if not folded.startswith("第"):
        return None
    found = _NAMED.match(folded)
    if found:
        label = f"第{found[1] or found[2]}{found[3]}"
        return Marker(_HEADED[found[3]], _value(found[1], found[2]), label, found.end())
    found = _ARTICLE.match(folded)
    if found:
        label = f"第{found[1] or found[2]}条{found[3] or ''}"
        return Marker(Style.ARTICLE, _value(found[1], found[2]), label, found.end(), weak=bool(found[3]))
    return None


def _plain(folded: str) -> Marker | None:
    if found := _DECIMAL.match(folded):
        style = Style.DECIMAL_DEEP if found[3] else Style.DECIMAL
        label = f"{found[1]}.{found[2]}{found[3] or ''}"
        return Marker(style, int((found[3] or found[2]).lstrip(".")), label, found.end(), weak=True)
    for pattern, style, form in _SIMPLE_FORMS:
        if found := pattern.match(folded):
            number = int(found[1]) if found[1].isdecimal() else chinese_number(found[1])
            return Marker(style, number, form.format(found[1]), found.end())
    found = _CIRCLED.match(folded)
    return _circled(found[1], found.end()) if found else None


def _circled(sign: str, end: int) -> Marker:
    for first, last, offset in (("①", "⑳", 1), ("㉑", "㉟", 21), ("㊱", "㊿", 36)):
        if first <= sign <= last:
            return Marker(Style.CIRCLED, ord(sign) - ord(first) + offset, sign, end)
    if "⑴" <= sign <= "⒇":
        return Marker(Style.ARABIC_BRACKETED, ord(sign) - ord("⑴") + 1, sign, end)
    if "㈠" <= sign <= "㈩":
        number = ord(sign) - ord("㈠") + 1
        return Marker(Style.CHINESE_BRACKETED, number, f"（{chinese_numeral(number)}）", end)
    number = ord(sign) - ord("⒈") + 1
    return Marker(Style.ARABIC, number, str(number), end)


_BARE = re.compile(
    rf"{_N}(?=[一-龥“])(?![是个批方些般种类次体致切定直起样项名年月日天条步带路老小线级共同旦律向贯心键半边手员对千万亿倍成分位者来])"
)


def _weak(folded: str) -> Marker | None:
    for pattern, style in _WEAK_FORMS:
        found = pattern.match(folded)
        if found and (number := _value(found[1], None) if style is not Style.ARABIC else int(found[1])):
            label = f"（{found[1]}）" if style is Style.CHINESE_BRACKETED else found[1]
            return Marker(style, number, label, found.end(), weak=True)
    if (found := _BARE.match(folded)) and (number := chinese_number(found[1])):
        return Marker(Style.CHINESE, number, found[1], found.end(), weak=True, bare=True)
    return None
