"""What a person's name looks like: how many 汉字 it has, with which it begins and which it never has."""

import re

from app.masking.context import preceding
from app.masking.surnames import (
    COMPOUND,
    FIELD_WORDS,
    GRAMMATICAL,
    NEVER_GIVEN,
    NEVER_WHOLE,
    RARE,
    SINGLE,
    USUAL_GIVEN,
    WHOLE_GIVEN,
    WORD_BEGINNINGS,
    WORDS_AND_NAMES,
)

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
JOINED = re.compile(rf"[{HAN}]{{2,7}}[·•・‧∙][{HAN}]{{2,7}}(?:[·•・‧∙][{HAN}]{{2,7}})?")
_JOINED_BEFORE = re.compile(rf"{JOINED.pattern}$")
_ONLY_HAN = re.compile(rf"[{HAN}]+")
_LONG_NAME = re.compile(rf"[{HAN}]{{3,6}}(?=[，。；、（）\s]|$)")
_THREE_HAN_AND_MARK = re.compile(rf"([{HAN}])([{HAN}]{{2}})(?=\s*(?:$|[，。：；、！（）\n|])|先生|女士|同志|老师)")
_FIELD_NAME = re.compile(rf"([{HAN}]{{2,4}})")
_SPACED_NAME = re.compile(rf"([{HAN}]{{1,2}})[ \t\u3000]{{1,4}}([{HAN}])(?:[ \t\u3000]{{1,4}}([{HAN}]))?(?![{HAN}])")
_SOUNDS = (
    "丁丹丽乌买云亚仁仓伊伦依先克其凤力加努勒卓南占卡古合吉君吾呼和哈嘉嘎噶图坦培堆塔增夏多央如娃娅娜孜孟宗宝尔尼山"
    "巴布希帕平强德恩才扎托扬拉措提敏敖敦文斯日旺普智曲曼朗朝木朵杰松林根格桑梅森次毕江沙泰泽洛浩满热特玉玛珍珠班琼"
    "甫白米索纳维胡腾色艾花苏荣萨西诺贡赫边达都鄂里金钦阿雅音顿额高鲁麦"
)
"""汉字 that Mongolian, Tibetan and Uygur names are written with."""
_TRANSLITERATED = re.compile(rf"[{_SOUNDS}]{{3,6}}(?=[，。；、（）\s*|]|$)")
SOUNDED_APART = re.compile(
    rf"(?:^|[，：（\n的是叫])(?!阿里巴巴)([包白吴何韩王李康鲍戴]?[{_SOUNDS}]{{4,6}})(?=[，。；、（）\s*|]|$)"
)
"""A name of Mongolian, Tibetan or Uygur sound alone between marks, as group 1."""
_CALLED = frozenset("车卖租保警救护停人次员外")


def surname_length(text: str, start: int) -> int:
    """How many 汉字 the surname at `start` has; 0 if none is there."""
    if text[start : start + 2] in COMPOUND:
        return 2
    return 1 if text[start : start + 1] in SINGLE else 0


def is_usual(name: str) -> bool:
    """Whether all of what follows the surname is often seen in names."""
    given = name[surname_length(name, 0) or 1 :]
    return "·" in name or given in WHOLE_GIVEN or USUAL_GIVEN.issuperset(given)


def is_wordlike(name: str) -> bool:
    """Whether what follows the surname is a word of its own: 王建设."""
    return name[1:] in NEVER_WHOLE


def is_plain_name(name: str) -> bool:
    """Whether it is made of what names are usually made of and begins no other word."""
    return name[:2] not in WORD_BEGINNINGS and is_usual(name) and not is_wordlike(name)


def is_name(name: str, surname: int, length: int) -> bool:
    """Whether it has that many 汉字, begins no other word and has none that names do without."""
    given = name[surname:]
    if len(name) != length or not given or not _ONLY_HAN.fullmatch(given):
        return False
    if given in WHOLE_GIVEN:
        return True
    return name[:2] not in WORD_BEGINNINGS and given not in NEVER_WHOLE and NEVER_GIVEN.isdisjoint(given)


def end_of_name(text: str, start: int, after: re.Pattern[str], *, is_sure: bool = False) -> int | None:
    """Where the name that begins at `start` ends; if `is_sure`, a name is there whatever follows it."""
    joined = JOINED.match(text, start)
    if joined:
        return joined.end()
    surname = surname_length(text, start)
    if not surname:
        return end_of_long_name(text, start) if is_sure else None
    ends = [end for end in (start + surname + 2, start + surname + 1) if is_name(text[start:end], surname, end - start)]
    for end in ends:
        if after.match(text, end):
            return end
    return (end_of_long_name(text, start) or next(iter(ends), None)) if is_sure else None


def end_of_long_name(text: str, start: int) -> int | None:
    """Where three to six 汉字 without a grammatical one end, if a mark follows: names of Mongolian or Manchu origin."""
    transliterated = _TRANSLITERATED.match(text, start)
    if transliterated:
        return transliterated.end()
    run = _LONG_NAME.match(text, start)
    return run.end() if run and NEVER_GIVEN.isdisjoint(run[0]) and _CALLED.isdisjoint(run[0]) else None


def end_of_marked_name(text: str, start: int) -> int | None:
    """Where a name of three 汉字 ends that a mark follows, even one with a 汉字 that names seldom have."""
    name = _THREE_HAN_AND_MARK.match(text, start)
    if not name or name[1] not in SINGLE or name[1] + name[2][0] in WORD_BEGINNINGS:
        return None
    return name.end(2) if name[2] not in NEVER_WHOLE and GRAMMATICAL.isdisjoint(name[2]) else None


def end_of_field_name(text: str, start: int, after: re.Pattern[str]) -> int | None:
    """Where a name ends that fills a field of a form: the rare surnames and names that are words count here too."""
    run = _FIELD_NAME.match(text, start)
    transliterated = _TRANSLITERATED.match(text, start)
    if transliterated:
        return transliterated.end()
    for length in range(len(run[1]) if run else 0, 1, -1):
        name = text[start : start + length]
        if after.match(text, start + length) and _may_fill_a_field(name):
            return start + length
    return None


def _may_fill_a_field(name: str) -> bool:
    if name in WORDS_AND_NAMES:
        return True
    surname = surname_length(name, 0) or int(name[0] in RARE)
    given = name[surname:]
    if not surname or len(given) not in (1, 2) or given in NEVER_WHOLE:
        return False
    is_fitting = len(name) == 2 and name not in FIELD_WORDS and NEVER_GIVEN.isdisjoint(given)
    return is_fitting or given in WHOLE_GIVEN or USUAL_GIVEN.issuperset(given)


def end_of_spaced_name(text: str, start: int) -> int | None:
    """Where a name ends whose 汉字 stand apart: 王　芳."""
    name = _SPACED_NAME.match(text, start)
    if not name or surname_length(name[1], 0) != len(name[1]):
        return None
    return name.end() if USUAL_GIVEN.issuperset((name[2], name[3] or name[2])) else None


def start_of_name(text: str, end: int, before: re.Pattern[str]) -> int | None:
    """Where the name that ends at `end` begins, if it stands apart from what is before it."""
    line = preceding(text, end, 24)
    joined = _JOINED_BEFORE.search(line)
    if joined:
        return end - len(joined[0])
    for length in (4, 3, 2):
        start = end - length
        surname = surname_length(text, max(start, 0))
        is_fitting = surname and length - surname in (1, 2) and length <= len(line)
        if not is_fitting or not is_name(text[start:end], surname, length):
            continue
        is_apart = length > 2 and is_usual(text[start:end]) and not is_wordlike(text[start:end])
        if is_apart or before.search(line[:-length]):
            return start
    return None
