"""From the texts of uploaded files to what was found in them and what it suggests to choose. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.consultations.actions import Rule
from app.consultations.lifecycle import Kind
from app.consultations.page import ConsultationPage, read_explanation, read_notice, read_page
from app.consultations.preparation import TextPart
from app.consultations.settling import LONGEST, NATURE_OF_KIND, typed_instant
from app.departments.directory import Directory
from app.documents.extracted import Extraction
from app.documents.extraction import extract
from app.documents.source_places import Place, places
from app.kit.clock import end_of_beijing_day


@dataclass(frozen=True)
class SourceText:
    """The text of a file, under the name that it was sent with."""

    name: str
    text: str


@dataclass(frozen=True)
class ReadFiles:
    """What the files say.

    `found` holds the doubts of all files; `places` are the lines of each clause in the draft's text; `values` are
    suggestions for `settling.settle`; `attachments` is what the notice lists; `draft_text` is the draft without what
    stands around it; `holds` are the parts that were found.
    """

    texts: Mapping[TextPart, SourceText]
    found: Extraction
    places: tuple[Place | None, ...]
    values: Mapping[str, str]
    rules: tuple[Rule, ...]
    attachments: tuple[str, ...]
    draft_text: str
    holds: frozenset[TextPart]


def read_files(texts: Mapping[TextPart, SourceText], directory: Directory) -> ReadFiles:
    """Reads the draft's file, as a whole saved page where it is one; a file for a part of its own goes before."""
    # PostgreSQL keeps no NUL, and nobody can see one.
    kept = {part: replace(source, text=source.text.replace("\0", "")) for part, source in texts.items()}
    draft = kept[TextPart.DRAFT].text
    page, found = read_page(draft), extract(draft, directory)
    notice = read_notice(kept[TextPart.NOTICE].text) if TextPart.NOTICE in kept else page
    explanation = (page.explanation_title, page.explanation_paragraphs)
    if TextPart.EXPLANATION in kept:
        explanation = read_explanation(kept[TextPart.EXPLANATION].text)
    doubts = tuple(dict.fromkeys((*notice.doubts, *page.doubts, *found.doubts)))
    found = replace(found, doubts=doubts)
    values = _suggested(found, notice, directory) | {
        "explanation_title": explanation[0] or "",
        "explanation": "\n".join(explanation[1]),
    }
    held = {
        TextPart.DRAFT: bool(found.clauses),
        TextPart.NOTICE: bool(notice.notice_paragraphs),
        TextPart.EXPLANATION: bool(explanation[1]),
    }
    return ReadFiles(
        texts=kept,
        found=found,
        places=tuple(places(draft, found.clauses)),
        values={name: value[: LONGEST.get(name)] for name, value in values.items()},
        rules=tuple(Rule(rule.heading.strip(), rule.text.strip()) for rule in page.column_rules),
        attachments=notice.attachments,
        draft_text=page.draft_text or draft,
        holds=frozenset(part for part, is_there in held.items() if is_there),
    )


def _suggested(found: Extraction, notice: ConsultationPage, directory: Directory) -> dict[str, str]:
    kind = Kind(found.kind_guess) if found.kind_guess else Kind.GOVERNMENT_DOCUMENT
    body = notice.issuing_body or found.issuer or ""
    department = directory.lookup(body).department if body else None
    drafting = department if department is not None and department.assignable else None
    return {
        "title": found.title or "",
        "kind": kind.value,
        "legal_nature": NATURE_OF_KIND[kind].value,
        "drafting_department": drafting.id if drafting else "",
        "issuing_body": body,
        "published_on": notice.published_on.isoformat() if notice.published_on else "",
        "opens_at": "",
        "closes_at": typed_instant(end_of_beijing_day(notice.deadline)) if notice.deadline else "",
        "contact_phone": notice.phone.restored if notice.phone else "",
        "contact_email": notice.email.restored if notice.email else "",
        "slug": "",
        "notice_title": notice.notice_title or "",
        "notice": "\n".join(notice.notice_paragraphs),
        "deadline_as_printed": notice.deadline_as_printed or "",
    }
