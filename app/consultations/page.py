"""Dividing a saved consultation page into rules, notice, draft and explanation.

The page is read by its cues (友情提示, 发布时间, 附件, 征求意见稿, 解读材料, the form's labels), not by its markup, so
that a copy that lost its markup reads as well. Damage is restored where only one reading is possible, and always told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.consultations.page_facts import (
    Contact,
    find_deadline,
    find_email,
    find_phone,
    find_published,
    find_subject,
    restore_title_marks,
)
from app.documents.doubts import Doubt, What
from app.documents.lines import Paragraph, read_paragraphs
from app.documents.markers import parse_marker
from app.documents.parts import Part, PartKind, divide
from app.documents.titles import is_annex_label, is_annex_list

__all__ = ["ColumnRule", "ConsultationPage", "Contact", "read_explanation", "read_notice", "read_page"]


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """One rule of the column, as it stands before every notice."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class ConsultationPage:
    """A consultation page taken apart. Strings are as printed with tidy blanks; None where the page says nothing.

    `deadline` is the last day on which opinions are accepted; `deadline_as_printed` keeps the damage. `draft_text` is
    what `app.documents.extraction.extract` reads. Paragraphs keep the page's order.
    """

    column_rules: tuple[ColumnRule, ...]
    notice_title: str | None
    notice_paragraphs: tuple[str, ...]
    issuing_body: str | None
    published_on: date | None
    deadline_as_printed: str | None
    deadline: date | None
    phone: Contact | None
    email: Contact | None
    email_subject: Contact | None
    attachments: tuple[str, ...]
    draft_title: str | None
    draft_text: str
    explanation_title: str | None
    explanation_paragraphs: tuple[str, ...]
    doubts: tuple[Doubt, ...]


_FURNITURE = re.compile(
    r"^（\s*字体|^责任编辑|^打印|^分享|^扫一扫|^上一篇|^下一篇|^版权所有|^主办单位|^网站标识|^征求意见$|^带\s*[\"“”]?\*|^返回|^关闭"
)
_META = re.compile(
    r"^(?:信息来源|发布时间|发布日期|来源|发布机构|时间|浏览次数|字体|（\s*字体|打印|分享|当前位置|您的位置)"
)
_SOURCE = re.compile(r"(?:信息来源|发布机构|发布单位|来源)\s*：\s*(\S{2,40})")
_RULES_START = re.compile(r"^(?:友情提示|温馨提示|栏目介绍|征集须知|参与须知|提示)$")
_ATTACHMENT = re.compile(r"^(?:附\s*(?:件|表)\s*：?\s*)?(?:\d{1,2}\s*[.、．]?\s*)?")


def read_page(text: str) -> ConsultationPage:
    """The parts of a saved page. Never raises: what is missing is None or empty, what is unclear is in `doubts`."""
    doubts: list[Doubt] = []
    parts = divide(read_paragraphs(text))
    front = [item for part in parts if part.kind is PartKind.FRONT for item in part.paragraphs]
    draft_parts, explanation = _bodies(parts)
    notice = _notice(parts, draft_parts)
    lines, attachments = _notice_lines(notice, doubts)
    meta = [item.text for item in (*front, *(notice.paragraphs if notice else [])) if _META.match(item.folded)]
    published = find_published(meta)
    printed, deadline = find_deadline(lines, published, doubts)
    return ConsultationPage(
        column_rules=_rules(front, doubts),
        notice_title=notice.title if notice else None,
        notice_paragraphs=tuple(lines),
        issuing_body=_issuing_body(meta),
        published_on=published,
        deadline_as_printed=printed,
        deadline=deadline,
        phone=find_phone(lines, doubts),
        email=find_email(lines),
        email_subject=find_subject(lines, doubts),
        attachments=attachments,
        draft_title=draft_parts[0].title if draft_parts else None,
        draft_text=_draft_text(draft_parts),
        explanation_title=explanation.title if explanation else None,
        explanation_paragraphs=tuple(_printed(explanation)) if explanation else (),
        doubts=tuple(dict.fromkeys(doubts)),
    )


def read_notice(text: str) -> ConsultationPage:
    """A file that holds nothing but a notice, its numbered paragraphs among them. Never raises."""
    whole = _as_one(text, PartKind.NOTICE)
    doubts: list[Doubt] = []
    lines, attachments = _notice_lines(whole, doubts)
    meta = [item.text for item in whole.paragraphs if _META.match(item.folded)]
    published = find_published(meta)
    printed, deadline = find_deadline(lines, published, doubts)
    return ConsultationPage(
        column_rules=(),
        notice_title=whole.title,
        notice_paragraphs=tuple(lines),
        issuing_body=_issuing_body(meta),
        published_on=published,
        deadline_as_printed=printed,
        deadline=deadline,
        phone=find_phone(lines, doubts),
        email=find_email(lines),
        email_subject=find_subject(lines, doubts),
        attachments=attachments,
        draft_title=None,
        draft_text="",
        explanation_title=None,
        explanation_paragraphs=(),
        doubts=tuple(dict.fromkeys(doubts)),
    )


def read_explanation(text: str) -> tuple[str | None, tuple[str, ...]]:
    """The title and the paragraphs of a file that holds nothing but an explanation. Never raises."""
    whole = _as_one(text, PartKind.EXPLANATION)
    return whole.title, tuple(_printed(whole))


def _as_one(text: str, kind: PartKind) -> Part:
    """All of a text as one part under its first title; further titles are lines of it."""
    one = Part(kind, None)
    for part in divide(read_paragraphs(text)):
        if one.title is None and part.title is not None:
            one.title = part.title
        else:
            one.paragraphs += part.title_paragraphs
        one.paragraphs += [*part.paragraphs, *part.tail]
    return one


def _bodies(parts: Sequence[Part]) -> tuple[list[Part], Part | None]:
    drafts = [part for part in parts if part.kind in (PartKind.DRAFT, PartKind.ANNEX)]
    if not any(part.numbered for part in drafts):
        drafts = [part for part in parts if part.kind is not PartKind.EXPLANATION and part.numbered] or drafts
    explanation = next((part for part in parts if part.kind is PartKind.EXPLANATION), None)
    return drafts, explanation


def _notice(parts: Sequence[Part], drafts: Sequence[Part]) -> Part | None:
    return next((part for part in parts if part.kind is PartKind.NOTICE and part not in drafts), None)


_INDENT = "\u3000\u3000"


def _without_furniture(items: Sequence[Paragraph]) -> list[Paragraph]:
    for index, item in enumerate(items):
        if _FURNITURE.match(item.folded):
            return list(items[:index])
    return list(items)


def _printed(part: Part) -> list[str]:
    return [item.text for item in _without_furniture([*part.paragraphs, *part.tail])]


def _draft_text(drafts: Sequence[Part]) -> str:
    lines: list[str] = []
    for part in drafts:
        kept = _without_furniture([*part.paragraphs, *part.tail])
        lines += [item.text for item in part.title_paragraphs]
        lines += [_INDENT + item.text for item in kept]
    return "\n".join(lines)


def _rules(front: Sequence[Paragraph], doubts: list[Doubt]) -> tuple[ColumnRule, ...]:
    start = next((index for index, item in enumerate(front) if _RULES_START.match(item.folded)), None)
    rules: list[tuple[str, list[str]]] = []
    for item in front[start + 1 :] if start is not None else ():
        if len(item.folded) <= 10 and not re.search("[。，；：]", item.folded):
            rules.append((item.text, []))
        elif rules and not _META.match(item.folded):
            rules[-1][1].append(item.text)
        elif not _META.match(item.folded):
            doubts.append(Doubt("column_rules", What.TEXT_UNPLACED, item.text[:40]))
    return tuple(ColumnRule(heading, "\n".join(text)) for heading, text in rules if text)


def _notice_lines(notice: Part | None, doubts: list[Doubt]) -> tuple[list[str], tuple[str, ...]]:
    """The notice's paragraphs without the page's own lines, and what it says is attached."""
    lines: list[str] = []
    attachments: list[str] = []
    listing = False
    for item in _notice_items(notice):
        marker = parse_marker(item.folded)
        starts = is_annex_list(item.folded) and not is_annex_label(item.folded)
        listing = starts or (listing and marker is not None)
        if listing:
            name = item.text[_ATTACHMENT.match(item.folded).end() :]  # type: ignore[union-attr]
            attachments.append(restore_title_marks(name.strip(), "attachments", doubts))
        elif not is_annex_label(item.folded):
            lines.append(item.text)
    return lines, tuple(attachments)


def _notice_items(notice: Part | None) -> list[Paragraph]:
    if notice is None:
        return []
    items = [item for item in notice.paragraphs if not _META.match(item.folded)]
    return [*items, *_without_furniture(notice.tail)]


def _issuing_body(meta: Sequence[str]) -> str | None:
    found = [match.group(1) for line in meta if (match := _SOURCE.search(line.replace(":", "：")))]
    return found[0] if found else None
