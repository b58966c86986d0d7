"""The Chinese words of papers, whatever language the pages are read in: a paper is an official document. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from app.dispositions.kinds import DispositionKind
from app.kit.clock import BEIJING
from app.offices.columns import DISPOSITIONS
from app.soundings.lifecycle import Adoption
from app.submissions.lifecycle import Channel

UNCONFIRMED = "尚未确认"
OUTCOMES: tuple[DispositionKind | None, ...] = (*DISPOSITIONS, None)
"""In the order in which papers name them, what is not confirmed last."""
ADOPTIONS = {Adoption.ADOPTED: "采纳", Adoption.PARTLY_ADOPTED: "部分采纳", Adoption.NOT_ADOPTED: "未采纳"}
UNHANDLED = "尚未处理"
WHOLE_DRAFT = "总体意见"
CHANNELS = {
    Channel.WEB: "网上填报",
    Channel.EMAIL: "电子邮件",
    Channel.LETTER: "信函",
    Channel.PHONE: "电话",
    Channel.VISIT: "来访",
    Channel.MEETING: "座谈会",
    Channel.HEARING: "听证会",
    Channel.EXPERT: "专家论证",
    Channel.DEPUTY: "人大代表、政协委员",
    Channel.HOTLINE: "热线",
    Channel.MINI_PROGRAM: "小程序",
}
_BARE = re.compile(r"[一二三四五六七八九十百零〇]+|\d+")
"""A number that stands before its heading as 一、 does."""
_DIGITS = "零一二三四五六七八九"


def outcome_words(kind: DispositionKind | None) -> str:
    return UNCONFIRMED if kind is None else DISPOSITIONS[kind]


def by_channel(numbers: Mapping[str, int]) -> str:
    """Channel → 份, as one phrase; channels without any are left out."""
    return "、".join(f"{words}{numbers[channel.value]}份" for channel, words in CHANNELS.items() if channel in numbers)


def in_han(number: int) -> str:
    """一 to 九十九; above that the figures themselves."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return ("" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones else "")


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def instant_words(at: datetime) -> str:
    """In Beijing's time, to the minute."""
    here = at.astimezone(BEIJING)
    return f"{day_words(here.date())}{here.hour}时{here.minute:02d}分"


def clause_words(number: str, heading: str, label: str) -> str:
    """A clause as the papers call it; empty names are those of the whole draft."""
    number, heading = number.strip(), heading.strip()
    if not (number and heading):
        return number or heading or label.strip() or WHOLE_DRAFT
    between = "、" if _BARE.fullmatch(number) else "" if number.endswith("）") else "　"
    return f"{number}{between}{heading}"
