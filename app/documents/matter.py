"""Facts about the document as a whole: issuer, number, and what kind of document it seems to be."""

import re
from collections.abc import Sequence
from itertools import pairwise

from app.documents.lines import Paragraph
from app.documents.parts import Part
from app.documents.titles import is_date_line, is_document_number
from app.kit.text import fold, squeeze

_ISSUER_IN_TITLE = re.compile(
    r"^(.{2,30}?(?:政府办公厅|政府办公室|人民政府|国务院办公厅|国务院|委员会|[厅局部委办署院]))(?:等.{0,6}部门)?(?:关于|印发)"
)
_SOURCE = re.compile(r"(?:信息来源|发布机构|发文机关|发布单位)：\s*([^\s：]{4,30})")
_NUMBER_FIELD = re.compile(r"(?:发文字号|文号|字号)\s*：\s*(\S{2,16}\d+\s*号)")
_BODY = re.compile(r"^[一-龥（）·]{2,40}(?:政府|办公厅|办公室|委员会|[厅局部委院会署行])$")


def find_document_number(paragraphs: Sequence[Paragraph]) -> str | None:
    """国办发〔2024〕1号 or the like, alone in one of the first lines or after 发文字号; white space removed."""
    for item in paragraphs[:40]:
        if is_document_number(item.folded):
            return squeeze(item.text)
        if found := _NUMBER_FIELD.search(item.folded):
            return squeeze(item.text[found.start(1) : found.end(1)])
    return None


def find_issuer(parts: Sequence[Part], title: str | None) -> str | None:
    """From the page's 信息来源, the signature above the date, the head 某某文件, or the title's own words."""
    everything = [item for part in parts for item in (*part.paragraphs, *part.tail)]
    for item in everything:
        if found := _SOURCE.search(item.folded):
            return found.group(1)
    for before, after in pairwise(everything):
        if is_date_line(after.folded) and _BODY.match(squeeze(before.folded)):
            return squeeze(before.text)
    for item in everything[:5]:
        if item.folded.endswith("文件") and _BODY.match(squeeze(item.folded)[:-2]):
            return squeeze(item.text)[:-2]
    for part_title in (title, *(part.title for part in parts)):
        if part_title and (found := _ISSUER_IN_TITLE.match(fold(part_title))):
            return found.group(1)
    return None


def guess_kind(title: str | None, titles: Sequence[str], first_line: str) -> str | None:
    """The display kind that a title suggests; None where there is no title.

    条例 is made by people's congresses, 规定 and 办法 with 令 are government rules; everything else is a document.
    """
    if not title:
        return None
    bare = re.sub(r"（[^）]*）", "", fold(title))
    everything = fold("".join(titles)) + first_line
    if re.search(r"条例》?(?:等[^。]{0,12})?(?:的决定|修正案)?$|法典$", bare):
        return "local_regulation"
    if re.search(r"重大(?:行政)?决策", everything):
        return "major_decision"
    if re.search(r"(?:规定|办法)$", bare) and re.search(r"规章|政府令|立法|司法[厅局部]", everything):
        return "government_rule"
    return "government_document"
