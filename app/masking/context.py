"""What stands beside a place in the searched text, and the marks that may stand inside a number."""

import re

from app.masking.spans import COVER

SEPARATOR_CLASS = r"[ \t\xa0\u2000-\u200a\u3000\-.·_/]"
INSIDE = SEPARATOR_CLASS + "{0,3}"
"""Between two digits of one number. Disjoint from digits, so that a pattern built of it has one way to match."""

_SEPARATORS = re.compile(SEPARATOR_CLASS + "+")
_STOP = re.compile(rf"[\n{re.escape(COVER)}]")
_RECORD_NUMBER = re.compile(
    r"(?:编号|单号|工单|订单|案号|流水号?|受理号|回执号?|运单|快递|条形?码|序列号|批号|信用代码|税号|纳税人识别号"
    r"|户号|用户号|发票|准考证|学号|工号|病历号?|住院号|门诊号|社保号|合同|预算|批复|车架号|设备号|保单|执业证|资格证|证书)"
    r"[号码为是：#\s]{0,4}$|(?<![A-Za-z])(?!TEL)[A-Z]{1,4}\d{0,4}-$"
)
_QUANTITY = re.compile(r"\s?(?:元|万|亿|吨|%|平方|立方|公里|千瓦|辆|台次|人次|人(?![工员])|户(?!主)|亩|床|件)")


def preceding(text: str, place: int, width: int) -> str:
    """Up to `width` code points before `place`, not reaching over a line break or what is covered."""
    return _STOP.split(text[max(0, place - width) : place])[-1]


def following(text: str, place: int, width: int) -> str:
    """Up to `width` code points from `place` on, not reaching over a line break or what is covered."""
    return _STOP.split(text[place : place + width])[0]


def without_separators(number: str) -> str:
    """Only the digits and letters of a number as it was written."""
    return "".join(character for character in number if character.isalnum())


def group_lengths(number: str) -> tuple[int, ...]:
    """How many digits stand together in a written number, group by group."""
    return tuple(len(group) for group in _SEPARATORS.split(number) if group)


def is_record_number(text: str, start: int) -> bool:
    """Whether the words before say that it is the number of a case, an order or an organisation."""
    return _RECORD_NUMBER.search(preceding(text, start, 14)) is not None


def is_quantity(text: str, end: int) -> bool:
    """Whether a unit follows, so that the digits before it count something."""
    return _QUANTITY.match(following(text, end, 4)) is not None
