"""Recognising the titles inside a file: of the covering notice, of drafts and annexes, of an explanation."""

import re
from collections.abc import Sequence

from app.documents.lines import Paragraph
from app.documents.markers import Style, parse_marker
from app.kit.text import fold, squeeze

_GENRES = (
    "方案|意见|办法|规定|条例|细则|通知|规划|计划|决定|措施|政策|纲要|要点|公告|公报|批复|指南|清单|标准|规范|制度|规则|准则|预案|章程"
    "|(?:分工|分解|任务|责任)表|分工|通报|决议|的函|举措|规程|导则|指引|法典|法(?=（)|目录|报告|公约|任务|台账|一览表|明细表|汇总表|工程|[一二三四五六七八九十]+条"
)
_VERSION = (
    r"(?:（[^（）]{0,10}(?:征求意见|公开征求|送审|讨论|审议|修订|修正|草案|公示)[^（）]{0,12}）|（?(?:草案|试行|暂行|修订|修正|初稿)）"
    r"|（\d{4}年?(?:[—-]\d{4}年?|本|版)?）|（[^（）]{0,10}征求意见稿|征求意见稿）?)"
)
_EXPLAINS = (
    r"(?:政策)?解读(?:材料|稿)?|(?:(?:起草|编制|修订|制定|文件|有关)的?)?(?:情况的?)?说明"
    r"|(?:起草|编制)情况|政策问答|问答"
)
_TITLE = re.compile(rf"(?:{_GENRES})》?{_VERSION}*》?(?:的?(?:{_EXPLAINS}))?$")
_EXPLANATION = re.compile(rf"(?:{_EXPLAINS})$")
_EXPLANATION_ALONE = re.compile(r"(?:政策|文件)?解读(?:材料)?|(?:起草|编制|修订|制定)(?:情况)?(?:的)?说明")
_NOTICE = re.compile(
    r"征求[^。]{0,60}?意见(?:建议|的|之)*(?:公告|通知|函|启事|公示)?$|意见征集(?:的?(?:公告|通知))?$|(?:通知|公告|启事|公示|令)$"
)
_ANNEX_LABEL = re.compile(r"^附\s*(?:件|表|录)\s*[\d一二三四五六七八九十]{0,2}\s*[：.、]?$")
_ANNEX_LIST = re.compile(r"^附\s*(?:件|表|录)\s*[：\d一二三四五六七八九十《.]")
_DATE = re.compile(
    r"(?:\d{4}|二[〇○零O0o]..)\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日$"
)
_DOCUMENT_NUMBER = re.compile(r"^[一-龥（）]{1,20}?\s*（\s*\d{4}\s*）\s*第?\s*\d+\s*号$")
_FURNITURE = re.compile(
    r"^(?:信息来源|发布时间|发布日期|来源|附件|（|责任编辑|发文|索引号|主题|关键词|抄送|联系|字体|浏览|分类|标题|文号|有效|成文"
    r"|当前位置|首页|带)|[>»]|打印|文件$|^\d+$|：$"
)
_HEADLINE = re.compile(r"[^，。：《》现]{4,60}(?:印发|发布|出台|公布)《[^《》]{6,80}》$")
_SENTENCE_START = re.compile(r"(?:现将|为(?:了|贯彻|深入|进一步|积极|落实|加快|推动|规范)|根据|按照|经).*(?:，|《)")
_OPEN = re.compile(r"^（?此件|^（?此页")
_FULL_WIDTH = str.maketrans("()", "（）")
_LONGEST = 140
_SHORTEST = 8
_FRONT = 60


def is_date_line(folded: str) -> bool:
    """A line that ends in a date and is no sentence: 2025年6月19日, also after the issuer's name."""
    return len(folded) <= 60 and "。" not in folded and _DATE.search(folded) is not None


def is_annex_label(folded: str) -> bool:
    """附件, 附件1 and the like, alone on a line."""
    return _ANNEX_LABEL.match(folded) is not None


def is_annex_list(folded: str) -> bool:
    """附件：… before the names of what is attached."""
    return _ANNEX_LIST.match(folded) is not None


def is_document_number(folded: str) -> bool:
    """辽政办发〔2025〕11号 alone on a line."""
    return _DOCUMENT_NUMBER.match(folded) is not None


def explains(title: str) -> bool:
    """Whether a title announces an explanation of a draft."""
    return _EXPLANATION.search(fold(title)) is not None


def gives_notice(title: str) -> bool:
    """Whether a title is that of a notice, which may cover a draft or be the document itself."""
    return _NOTICE.search(fold(title)) is not None


def forwards(title: str) -> bool:
    """Whether a notice's title says that it carries another document: 印发, 转发, 征求意见."""
    return re.search(r"印发|转发|批转|征求|公布|发布|征集", title) is not None


def find_titles(paragraphs: Sequence[Paragraph]) -> list[tuple[int, int, str]]:
    """Every title as (first paragraph, end, text without white space), in order."""
    found: list[tuple[int, int, str]] = []
    index = 0
    while index < len(paragraphs):
        candidate = _candidate(paragraphs, index)
        if candidate and _stands_as_title(paragraphs, index, candidate, first=not found):
            found.append((index, *candidate))
            index = candidate[0]
        else:
            index += 1
    return found


def _candidate(paragraphs: Sequence[Paragraph], start: int) -> tuple[int, str] | None:
    alone = squeeze(paragraphs[start].folded)
    if _EXPLANATION_ALONE.fullmatch(alone):
        return start + 1, alone
    joined, end = "", start
    for item in paragraphs[start : start + 5]:
        if not _may_be_title_line(item.folded, first=end == start) or len(joined) + len(item.folded) > _LONGEST:
            break
        joined += squeeze(item.text)
        end += 1
        if (
            len(joined) >= _SHORTEST
            and not _is_sentence(joined)
            and (_TITLE.search(fold(joined)) or _NOTICE.search(fold(joined)))
        ):
            return _with_following(paragraphs, end, joined)
    return None


def _is_sentence(joined: str) -> bool:
    """The beginning of a sentence that happens to break after a document's name."""
    folded = fold(joined)
    inside = folded.endswith("》") and not folded.startswith("《") and not _HEADLINE.match(folded)
    return inside or folded.count("，") > 1 or _SENTENCE_START.match(folded) is not None


def _with_following(paragraphs: Sequence[Paragraph], end: int, joined: str) -> tuple[int, str]:
    """Takes in lines such as （征求意见稿） or 起草说明 that end the title."""
    for item in paragraphs[end : end + 2]:
        line = squeeze(item.text)
        short = len(line) <= 24 and not re.search("[。，：；]", fold(line))
        ends = re.search(rf"^(?:{_VERSION}|的?(?:{_EXPLAINS}))+$", fold(line))
        if not short or not ends:
            break
        joined += line
        end += 1
    return end, _restore_bracket(joined)


def _restore_bracket(title: str) -> str:
    title = title.translate(_FULL_WIDTH)
    folded = fold(title)
    if folded.endswith("征求意见稿）") and folded.count("（") < folded.count("）"):
        cut = folded.rindex("征求意见稿")
        return title[:cut] + "（" + title[cut:]
    return title


def _may_be_title_line(folded: str, *, first: bool) -> bool:
    if re.search(r"[，！？]$|[。；：]", folded) or is_date_line(folded) or is_document_number(folded):
        return False
    if _OPEN.match(folded) or is_annex_label(folded) or is_annex_list(folded):
        return False
    if first and _FURNITURE.search(folded):
        return False
    marker = parse_marker(folded)
    return marker is None or (marker.weak and (not first or marker.bare or marker.style is Style.CHINESE))


def _stands_as_title(paragraphs: Sequence[Paragraph], start: int, candidate: tuple[int, str], *, first: bool) -> bool:
    end, title = candidate
    before = paragraphs[start - 1].folded if start else ""
    if first and start <= _FRONT:
        return True
    if is_annex_label(before) or _OPEN.match(before) or is_date_line(before) or is_annex_list(before):
        return True
    if explains(title) or (gives_notice(title) and not before.endswith(("、", "，"))):
        return bool(re.search(r"[。）》]$|^$", before)) or len(title) > 2 * _SHORTEST
    return _next_number_is_one(paragraphs, end)


def _next_number_is_one(paragraphs: Sequence[Paragraph], start: int) -> bool:
    for item in paragraphs[start : start + 30]:
        marker = parse_marker(item.folded)
        if marker is not None and not marker.weak:
            return marker.number == 1 and marker.style <= Style.CHINESE
    return False
