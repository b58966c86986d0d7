"""Dividing a file into its parts: front matter, covering notice, drafts, annexes, explanation and what follows them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from app.documents.lines import Paragraph
from app.documents.markers import parse_marker
from app.documents.titles import (
    explains,
    find_titles,
    forwards,
    gives_notice,
    is_annex_label,
    is_annex_list,
    is_date_line,
)


class PartKind(StrEnum):
    """FRONT is what stands before the first title. NOTICE covers a draft, or is the document where there is none."""

    FRONT = "front"
    NOTICE = "notice"
    DRAFT = "draft"
    ANNEX = "annex"
    EXPLANATION = "explanation"


@dataclass(slots=True)
class Part:
    """A title and what stands below it.

    `title` has no white space and is None in front matter; `tail` is the signature, the attachments and the page's end.
    """

    kind: PartKind
    title: str | None
    title_paragraphs: list[Paragraph] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    tail: list[Paragraph] = field(default_factory=list)

    @property
    def numbered(self) -> bool:
        """Whether a clause marker stands in it; the numbers of a list of attachments are none."""
        return any(_begins_clause(item) for item in self.paragraphs)


def _begins_clause(item: Paragraph) -> bool:
    marker = parse_marker(item.folded)
    return marker is not None and not marker.weak and not item.folded.startswith("《", marker.end)


_TAIL = re.compile(
    r"^（?(?:此件|此页)|^责任编辑|^（\s*字体|^抄送|^印送|^版权所有|^扫一扫|^打印|^分享到?|^主办单位|^承办单位|^相关(?:链接|解读|文件|阅读|附件)|^上一篇|^下一篇"
    r"|^网站标识|^ICP|^编辑：|^来源：|^主题词|^附：|^返回|^关闭|^征求意见$|^带\s*[\"“”]?\*|^联系人：|^公开方式"
)
_SIGNATURE = re.compile(r"^[一-龥（）\s·]{2,40}(?:政府|办公厅|办公室|委员会|[厅局部委院会署行])(?:办公厅|办公室)?$")


def divide(paragraphs: Sequence[Paragraph]) -> list[Part]:
    """The parts in printed order. Every paragraph is in exactly one of them."""
    parts = [Part(PartKind.FRONT, None)]
    position = 0
    for start, end, title in find_titles(paragraphs):
        parts[-1].paragraphs += paragraphs[position:start]
        parts.append(Part(_kind(title), title, list(paragraphs[start:end])))
        position = end
    parts[-1].paragraphs += paragraphs[position:]
    _mark_annexes(parts)
    for part in parts:
        _cut_tail(part)
    return [part for part in parts if part.title or part.paragraphs or part.tail]


def _kind(title: str) -> PartKind:
    if explains(title):
        return PartKind.EXPLANATION
    return PartKind.NOTICE if gives_notice(title) else PartKind.DRAFT


def _mark_annexes(parts: list[Part]) -> None:
    """What follows 附件 after a draft is its annex, unless the draft itself came as an attachment of a notice."""
    draft_is_attached: bool | None = None
    own = next((part for part in parts if part.kind is PartKind.NOTICE), None)
    if own is not None and own.numbered and not forwards(own.title or ""):
        own.kind, draft_is_attached = PartKind.DRAFT, False
    for before, part in pairwise(parts):
        labelled = bool(before.paragraphs) and is_annex_label(before.paragraphs[-1].folded)
        if part.kind is not PartKind.DRAFT or part is own:
            continue
        if draft_is_attached is None:
            draft_is_attached = labelled and part.numbered
        elif labelled and not (draft_is_attached and part.numbered):
            part.kind = PartKind.ANNEX


def _cut_tail(part: Part) -> None:
    """Moves signature, date, attachment list and page furniture after the last clause into the tail."""
    seen_marker = False
    for index, item in enumerate(part.paragraphs):
        marker = parse_marker(item.folded)
        seen_marker = seen_marker or (marker is not None and not marker.weak)
        if seen_marker and _ends_here(part.paragraphs, index):
            part.tail = part.paragraphs[index:]
            part.paragraphs = part.paragraphs[:index]
            return


def _ends_here(paragraphs: list[Paragraph], index: int) -> bool:
    folded = paragraphs[index].folded
    following = paragraphs[index + 1].folded if index + 1 < len(paragraphs) else ""
    signed = _SIGNATURE.match(folded) is not None and (is_date_line(following) or not following)
    cue = _TAIL.search(folded) or is_annex_label(folded) or is_annex_list(folded) or is_date_line(folded) or signed
    rest = paragraphs[index + 1 :]
    return bool(cue) and not _goes_on(_after_list(rest) if is_annex_list(folded) else rest)


def _after_list(rest: list[Paragraph]) -> list[Paragraph]:
    """What follows the further lines of a list of attachments: 2.…, 3.…"""
    for index, item in enumerate(rest):
        marker = parse_marker(item.folded)
        if marker is None or marker.number != index + 2 or "。" in item.folded:
            return rest[index:]
    return []


def _goes_on(rest: list[Paragraph]) -> bool:
    """Whether the numbering continues after what looked like the end."""
    for item in rest:
        marker = parse_marker(item.folded)
        if marker is not None and not marker.weak:
            return marker.number > 1 and not item.folded[marker.end :].startswith("《")
    return False
