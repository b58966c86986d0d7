"""Full names of private persons, where the words or numbers around say that it is one."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from app.masking.context import following, preceding
from app.masking.spans import Span
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

NEAR = 15
"""Code points between a name and the contact behind it that says it is one; twice as many to one before it."""
FAR = 40
"""Code points between a contact and a name that shows by its 汉字 that it is one."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_STRONG_CUE = re.compile(
    r"(?:(?:[我俺他她]|(?<=[，、]))叫|名叫|名字[是叫]|姓名|联系人|收件人|收信人|收货人|留言人|建议人|反映人"
    r"|来信人|提议人|提出人|申请人|投诉人|举报人"
    r"|署名|落款|签名|签字|户主|房主|户名|[\u4e00-\u9fff]人：|开户人|供稿人|撰稿人|申诉人|填表人|发起人|倡议人"
    r"|作者|经办人|负责人|法人|当事人|敬上|敬礼！?|——|--)"
    r"(?:[：为是叫\s“（]|就是|名字|姓名){0,4}"
)
_WEAK_CUE = re.compile(
    r"(?:我是|本人是?|俺是?|俺叫|这是|市民：?|本人姓名|爱人|老伴|妻子|丈夫|媳妇|儿子|女儿|父亲|母亲|我爸|我妈"
    r"|爷爷|奶奶|邻居|同事|朋友|孩子|同学"
    r"|业主|村民|居民|农民|职工|工人|教师|律师|家长|司机|志愿者|患者|老人|学生|房东|租户|会计|楼长"
    r"|(党员|干部|经理|主任|书记)|网格员|物业|致电|拨打|打给|回电|找|联系|咨询|叫"
    r"|我(?=\w{3}(?:实名|，(?:男|女|今年|身份证|电话|手机|住))))"
    r"[：\s“]{0,2}"
)
_OWN_NAME = re.compile(r"[我俺他她]叫|名叫|名字|姓名")
_LATIN = re.compile(
    r"(?:我叫|[Mm]y name is|[Nn]ame：|联系人：?|Contact：?|Regards，?|Sincerely，?|[Tt]his is|I am|I'm)"
    r"\s?([A-Z][a-z]+(?: [A-Z]\.| [A-Z][a-z]+)? [A-Z][a-z]+)"
)
_MARKS = frozenset("：，（、/\n")
_LATIN_APART = re.compile(r"(?:^|[，：（\n])\s?([A-Z][a-z]+(?: [A-Z]\.)? [A-Z][a-z]+)(?=\s?(?:$|[，。：）\n]))")
_LATIN_WORD = re.compile(
    r"Regards|Dear|Best|Thanks|Yours|Please|Room|Street|Road|District|City|China|Shenyang|Dalian|University|Clause"
    r"|Article|Phone|Email|Mobile|Contact"
)
_JOINED = re.compile(rf"[{_HAN}]{{2,7}}·[{_HAN}]{{2,7}}(?:·[{_HAN}]{{2,7}})?")
_JOINED_BEFORE = re.compile(rf"{_JOINED.pattern}$")
_CALLED = frozenset("车卖租保警救护停人次员外")
_LONG_NAME = re.compile(rf"[{_HAN}]{{3,6}}(?=[，。；、（）\s]|$)")
_ONLY_HAN = re.compile(rf"[{_HAN}]+")

_AFTER_NAME = re.compile(
    r"$|\W|先生|女士|老师|同志|师傅|工程师|医生|大夫|律师|经理|主任|队长|身份证|证件|电话|手机|联系|微信|邮箱"
    r"|家住|现住|住|来自|今年|现年|男|女|是"
    r"|的(?:电话|手机|身份证|微信|卡|账|号)|收|家|夫妇|想|对|说|实名|也|和|等|两位|认为|建议|\d|[A-Za-z]"
)
_CLOSE_AFTER_NAME = re.compile(r"$|[，。；：、！（）\s\d“”A-Za-z*]")
_END_OF_SENTENCE = re.compile(r"\s*(?:$|[。；）\n])")
_END_OF_CLAUSE = re.compile(r"\s*(?:$|[，。：；、！（）\n])")
_PARTICULARS = re.compile(
    r"(?=[，、\s（]{1,2}(?:男|女|[满回]族|蒙古族|朝鲜族|锡伯族|身份证号?|\d{2}岁|今年\d\d"
    r"|现年\d\d)(?:[，、。；）\s]|$))"
)
_THREE_HAN_AND_MARK = re.compile(rf"([{_HAN}])([{_HAN}]{{2}})\s*(?:$|[，。：；、！（）\n])")
_SAYS_WHO = re.compile(
    r"[，、\s（]{0,2}(?:男|女|身份证|证件|现住|家住|住址|住|系|汉族|满族|回族|蒙古族|今年|现年|\d{2}岁|电话|手机"
    r"|联系|微信|实名)"
)
_CONTACT_WORD = (
    r"(?:联系|移动|办公)?(?:电话|手机|座机|微信|QQ|身份证|证件|邮箱|住址|地址|家住|现住|住|银行|tel|手机微信)"
)
_BETWEEN = re.compile(
    rf"(?:先生|女士|老师|同志)?(?:收|家里?)?[，：、（）\s/|\-]{{0,3}}(?:的|他的|她的|本人"
    rf"|我的)?(?:{_CONTACT_WORD})?(?:号码?|卡号?|账号)?"
    r"[：为是，（\s/]{0,3}$",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(
    r"(?:^|\W|[职员民]工"
    r"|[找联系叫是我和给人为问主民业电者友伴妈爸亲子女儿生理任记长师员机的和婿姐哥弟妹嫂叔姨舅姑由跟与到])$"
)
_BEHIND_CONTACT = re.compile(r"[ \t，：]{0,2}(?:（|找|联系人|机主|姓名|我叫|我是|户名|[ \t/])[：是\s]{0,2}|(?=\w)")
_BEHIND_COMMA = re.compile(r"\s?[，、]\s?")
_SIGNATURE = re.compile(
    r"(?:(?:敬礼|此致|谢谢|感谢|敬上)[！。]?\s*\n|\n|^)[ \t\u3000]*([^\W\d]{2,4})[ \t\u3000]*"
    r"(?=$|\n\s*(?:\d{4}年|电话|手机|联系|\*))"
)


def find_names(text: str, contacts: list[Span]) -> list[Span]:
    """Names after 我叫, 联系人 and the like, beside a telephone or document number, or alone on a line as signature.

    `contacts` are the spans found before, which `text` has covered already. A name is two or three 汉字 that begin
    with a surname (three or four with a compound one), names joined by U+00B7, or capitalised Latin words after a
    cue. A surname with a title (王女士) and an already shortened name (张某) are not full names and stay.
    """
    starts = sorted(contact.start for contact in contacts if contact.kind != "name")
    found = [
        *_after_strong_cues(text),
        *_after_weak_cues(text, starts),
        *_beside(text, contacts),
        *_near(text, contacts),
        *_before_particulars(text),
        *_signatures(text),
        *(match.span(1) for match in _LATIN.finditer(text)),
    ]
    return [Span(start, end, "name") for start, end in found]


def _after_strong_cues(text: str) -> Iterator[tuple[int, int]]:
    for cue in _STRONG_CUE.finditer(text):
        is_own = _OWN_NAME.match(cue[0]) is not None
        end = (
            _end_of_name(text, cue.end(), _AFTER_NAME, is_sure=is_own)
            or _end_of_usual_name(text, cue.end())
            or _end_of_marked_name(text, cue.end())
        )
        if end:
            yield cue.end(), end


def _after_weak_cues(text: str, contact_starts: list[int]) -> Iterator[tuple[int, int]]:
    for cue in _WEAK_CUE.finditer(text):
        end = _end_of_name(text, cue.end(), _AFTER_NAME) or _end_of_usual_name(text, cue.end())
        is_person = end and (
            _SAYS_WHO.match(text, end)
            or _is_near(cue.start(), end, contact_starts)
            or (not cue[1] and _is_usual(text[cue.end() : end]) and _END_OF_CLAUSE.match(text, end))
        )
        if end and is_person:
            yield cue.end(), end


def _beside(text: str, contacts: list[Span]) -> Iterator[tuple[int, int]]:
    for contact in contacts:
        before = preceding(text, contact.start, 24)
        end = contact.start - sum(map(len, _BETWEEN.findall(before)[:1]))
        start = _start_of_name(text, end)
        if start is not None:
            yield start, end
        for link, after in ((_BEHIND_CONTACT, _CLOSE_AFTER_NAME), (_BEHIND_COMMA, _END_OF_SENTENCE)):
            joint = link.match(following(text, contact.end, 12))
            behind = _end_of_name(text, contact.end + joint.end(), after) if joint else None
            if joint and behind:
                yield contact.end + joint.end(), behind


def _near(text: str, contacts: list[Span]) -> Iterator[tuple[int, int]]:
    """Whole names of usual 汉字, and Latin ones between marks, at most `FAR` before or behind a contact."""
    searched = 0
    for contact in sorted(contacts):
        begin, searched = max(searched, contact.start - FAR), min(len(text), contact.end + FAR)
        for start in range(begin, searched):
            end = _end_of_usual_name(text, start)
            if end and _stands_apart(text, start):
                yield start, end
    places = sorted(contact.start for contact in contacts)
    for name in _LATIN_APART.finditer(text):
        index = bisect_left(places, name.start(1) - FAR)
        is_near = index < len(places) and places[index] - name.end(1) <= FAR
        if is_near and not _LATIN_WORD.search(name[1]):
            yield name.span(1)


def _stands_apart(text: str, start: int) -> bool:
    """Whether nothing before it makes another word of a surname that is one more often."""
    return text[start] not in AMBIGUOUS or _BEFORE_NAME.search(text[max(0, start - 2) : start]) is not None


def _end_of_usual_name(text: str, start: int) -> int | None:
    """Where a surname and two usual 汉字 end, or a surname and one between two marks."""
    surname = _surname_length(text, start)
    for end in (start + surname + 2, start + surname + 1):
        name = text[start:end]
        is_long = len(name) == surname + 2 or (text[start - 1 : start] in _MARKS and _CLOSE_AFTER_NAME.match(text, end))
        if surname and is_long and _is_name(name, surname, end - start) and _is_usual(name):
            return end
    return None


def _end_of_marked_name(text: str, start: int) -> int | None:
    """Where a name of three 汉字 ends that a mark follows, even one with a 汉字 that names seldom have."""
    name = _THREE_HAN_AND_MARK.match(text, start)
    if not name or name[1] not in SINGLE or name[1] + name[2][0] in WORD_BEGINNINGS:
        return None
    return name.end(2) if name[2] not in NEVER_WHOLE and GRAMMATICAL.isdisjoint(name[2]) else None


def _before_particulars(text: str) -> Iterator[tuple[int, int]]:
    for particulars in _PARTICULARS.finditer(text):
        start = _start_of_name(text, particulars.start())
        if start is not None:
            yield start, particulars.start()


def _signatures(text: str) -> Iterator[tuple[int, int]]:
    for line in _SIGNATURE.finditer(text):
        if _end_of_name(text, line.start(1), _CLOSE_AFTER_NAME) == line.end(1):
            yield line.span(1)


def _is_near(start: int, end: int, contact_starts: list[int]) -> bool:
    index = bisect_left(contact_starts, start - 2 * NEAR)
    return index < len(contact_starts) and contact_starts[index] - end <= NEAR


def _end_of_name(text: str, start: int, after: re.Pattern[str], *, is_sure: bool = False) -> int | None:
    """Where the name that begins at `start` ends; if `is_sure`, a name is there whatever follows it."""
    joined = _JOINED.match(text, start)
    if joined:
        return joined.end()
    surname = _surname_length(text, start)
    if not surname:
        return _end_of_long_name(text, start) if is_sure else None
    ends = [
        end for end in (start + surname + 2, start + surname + 1) if _is_name(text[start:end], surname, end - start)
    ]
    for end in ends:
        if after.match(text, end):
            return end
    return (_end_of_long_name(text, start) or next(iter(ends), None)) if is_sure else None


def _end_of_long_name(text: str, start: int) -> int | None:
    """Where three to six 汉字 without a grammatical one end, if a mark follows: names of Mongolian or Manchu origin."""
    run = _LONG_NAME.match(text, start)
    return run.end() if run and NEVER_GIVEN.isdisjoint(run[0]) and _CALLED.isdisjoint(run[0]) else None


def _start_of_name(text: str, end: int) -> int | None:
    """Where the name that ends at `end` begins, if it stands apart from what is before it."""
    line = preceding(text, end, 24)
    joined = _JOINED_BEFORE.search(line)
    if joined:
        return end - len(joined[0])
    for length in (4, 3, 2):
        start = end - length
        surname = _surname_length(text, max(start, 0))
        is_fitting = surname and length - surname in (1, 2) and length <= len(line)
        if not is_fitting or not _is_name(text[start:end], surname, length):
            continue
        if (length > 2 and _is_usual(text[start:end])) or _BEFORE_NAME.search(line[:-length]):
            return start
    return None


def _surname_length(text: str, start: int) -> int:
    if text[start : start + 2] in COMPOUND:
        return 2
    return 1 if text[start : start + 1] in SINGLE else 0


def _is_usual(name: str) -> bool:
    return "·" in name or USUAL_GIVEN.issuperset(name[_surname_length(name, 0) or 1 :])


def _is_name(name: str, surname: int, length: int) -> bool:
    given = name[surname:]
    if len(name) != length or not given or not _ONLY_HAN.fullmatch(given):
        return False
    is_word = name[:2] in WORD_BEGINNINGS or given in NEVER_WHOLE or not NEVER_GIVEN.isdisjoint(given)
    return not is_word
