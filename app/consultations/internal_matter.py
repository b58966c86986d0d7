"""What is written for colleagues and has no place in a text about to be public. Pure.

It finds wordings, not secrets: a text without a warning may still say what it shouldn't.
"""

import re
from collections.abc import Iterator

from app.consultations.places import NoticeWarning, Part, WarningCode
from app.consultations.subject import Subject
from app.kit.text import fold
from app.masking.surnames import (
    AMBIGUOUS,
    COMPOUND,
    GRAMMATICAL,
    NEVER_GIVEN,
    NEVER_WHOLE,
    SINGLE,
    USUAL_GIVEN,
    WORD_BEGINNINGS,
)

_TEXTS = (Part.NOTICE, Part.DRAFT, Part.EXPLANATION)
_MATTER = re.compile(
    r"(?:指示|领导)?批示(?!范|例)(?:精神|要求)?|圈阅|阅批|阅示|呈批|签批|呈送件"
    r"|党组(?:会议?|扩大会|审议|研究|讨论|同意|成员会)|党委(?:会议?|扩大会|审议|研究|讨论|同意)|常委会会?议?(?:议定|决定|审定)"
    r"|(?:省|市|县|区)委常委会|厅长办公会|局长办公会|主任办公会|专题会议?纪要|会议纪要|抄告单"
    r"|(?:绝密|机密|秘密)\s*[★☆]|密级|绝密|机密级|秘密级|保密期限|内部资料|内部文件|内部参阅|内部掌握|内部传阅"
    r"|不予公开|不宜公开|不对外公开|请勿外传|不得外传|送审稿"
)
_PUBLIC_FORMULA = re.compile(r"(?:总书记|党中央|中央领导)[^。；\n]{0,60}$")
"""What leaders of the state said in public is cited in public texts; an office's own instructions aren't."""

_TITLE = (
    r"(?:省委|市委|县委|党组|党委)?"
    r"(?:副?(?:省长|市长|州长|县长|区长|厅长|局长|司长|处长|部长|秘书长|书记)|(?<!责任)副?主任|巡视员)"
)
_TITLE_BEFORE = re.compile(rf"(?<!总){_TITLE}(?!江|沙|白山|安|城|宁|乐)")  # 湖南省长沙市 names no official
_TITLE_BEHIND = re.compile(rf"{_TITLE}|同志")
_AFTER_NAME = re.compile(
    r"$|[\s，。、；：（）“”《]|同志|在|于|批示|指示|签|主持|要求|强调|出席|讲话|同意|圈阅|带队|率|对|就|作|做|多次"
    r"|听取|调研|提出|指出|明确|担任|任|等|和|与|的"
)
_BEFORE_NAME = re.compile(r"(?:^|[\s，。、；：（）“”]|[向由经请报对与和及同给时任])$")
_GIVEN_ALONE = re.compile(
    r"(?:向|由|经|请|报|与|对|给)(?P<given>[^\W\d_]{2})(?=副?(?:省长|市长|县长|区长|书记|秘书长))"
)
_PUBLIC_PEOPLE = frozenset({"习近平", "毛泽东", "邓小平", "江泽民", "胡锦涛", "周恩来", "雷锋"})
"""Named in the formulas and titles of public texts."""
_FUNCTION_WORDS = frozenset("向时于和与任")
_NOT_GIVEN = frozenset("任")  # 时任省长
_NOT_NAMES = frozenset({"车间", "石化", "马列", "包村", "包片", "包联"})


def internal_matter(subject: Subject) -> Iterator[NoticeWarning]:
    """Instructions of leaders, meetings of party groups, marks of secrecy, and officials by name."""
    for part in _TEXTS:
        placed = subject.placed(part)
        text = fold(placed.text)
        for found in _MATTER.finditer(text):
            if "批示" not in found[0] or not _PUBLIC_FORMULA.search(text, max(0, found.start() - 80), found.start()):
                yield placed.warning(WarningCode.INTERNAL_MATTER, *found.span())
        for start, end in sorted({*_named_behind_title(text), *_named_before_title(text), *_by_given_name(text)}):
            yield placed.warning(WarningCode.OFFICIAL_NAMED, start, end)


def _named_behind_title(text: str) -> Iterator[tuple[int, int]]:
    """省长李某某 and the like."""
    for title in _TITLE_BEFORE.finditer(text):
        begin = title.end()
        for length in (3, 2, 4):
            name = text[begin : begin + length]
            if _is_name(name, length) and name[0] != "任" and _AFTER_NAME.match(text, begin + length):
                yield title.start(), begin + length
                break


def _named_before_title(text: str) -> Iterator[tuple[int, int]]:
    """李某某同志, 李某某副省长, 李省长."""
    for title in _TITLE_BEHIND.finditer(text):
        for length in (3, 2, 4, 1):
            begin = title.start() - length
            name = text[max(begin, 0) : title.start()]
            if _fits_before(name, length, title[0]) and _BEFORE_NAME.search(text, max(0, begin - 1), begin):
                yield begin, title.end()
                break


def _fits_before(name: str, length: int, title: str) -> bool:
    if length == 1:
        return name in SINGLE - AMBIGUOUS and title != "同志"
    # 金华市长 is the mayor of a place far more often than a person of that name.
    is_of_place = re.match("[市县区州]长", title) is not None
    return _is_name(name, length) and name[0] not in _FUNCTION_WORDS and not is_of_place


def _by_given_name(text: str) -> Iterator[tuple[int, int]]:
    """向某某副省长汇报, as colleagues write."""
    for found in _GIVEN_ALONE.finditer(text):
        if USUAL_GIVEN.issuperset(found["given"]) and found["given"] not in NEVER_WHOLE:
            title = _TITLE_BEHIND.match(text, found.end())
            yield found.start("given"), title.end() if title else found.end()


def _is_name(name: str, length: int) -> bool:
    if len(name) != length or name in _PUBLIC_PEOPLE | _NOT_NAMES or not name.isalpha():
        return False
    surname = 2 if name[:2] in COMPOUND else 1
    given = name[surname:]
    if (surname == 1 and name[0] not in SINGLE) or not 1 <= len(given) <= 2:
        return False
    is_word = (
        given in _NOT_GIVEN or name[:2] in WORD_BEGINNINGS or given in NEVER_WHOLE or not NEVER_GIVEN.isdisjoint(given)
    )
    return not is_word and GRAMMATICAL.isdisjoint(given)
