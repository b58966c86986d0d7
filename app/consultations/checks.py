"""What is looked over before a consultation opens: its window, and what its texts say. Pure but for `subject_of`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.calendars.working_days import Calendar
from app.consultations import queries
from app.consultations.models import Consultation
from app.consultations.notice_checks import notice_warnings
from app.consultations.page import read_page
from app.consultations.places import NoticeWarning, Part, WarningCode
from app.consultations.subject import FIELD_LABELS, Subject
from app.consultations.terms import FormTerms
from app.consultations.windows import WindowFinding, check_window
from app.documents.models import DocumentVersion

__all__ = ["Checks", "NoticeWarning", "Part", "Subject", "WarningCode", "check", "subject_of"]


@dataclass(frozen=True, slots=True)
class Checks:
    """What the law says of the window, and warnings in the order of the parts and of their places."""

    window: WindowFinding
    warnings: tuple[NoticeWarning, ...]


def check(subject: Subject, calendar: Calendar, watched_words: Mapping[str, str]) -> Checks:
    """`watched_words` maps each word of the staff's list to its remark. Never raises, whatever the texts hold.

    The window is counted from the later of its planned opening and the instant of the check: a consultation that is
    opened late isn't open longer for having been planned earlier.
    """
    opens_at = max(subject.opens_at, subject.at)
    window = check_window(subject.nature, subject.published_on, opens_at, subject.closes_at, calendar)
    return Checks(window, notice_warnings(subject, watched_words))


def subject_of(session: Session, consultation: Consultation, at: datetime) -> Subject:
    """A stored consultation as it would be checked at that instant; its draft is read from the version's own text."""
    version = session.get_one(DocumentVersion, consultation.version_id)
    page = read_page(version.text)
    present = (consultation.title, consultation.explanation_title if consultation.explanation else "")
    return Subject(
        nature=consultation.legal_nature,
        published_on=consultation.published_on,
        opens_at=consultation.opens_at,
        closes_at=consultation.closes_at,
        at=at,
        notice=consultation.notice,
        draft=page.draft_text or version.text,
        explanation=consultation.explanation,
        deadline_as_printed=consultation.deadline_as_printed,
        contact_email=consultation.contact_email,
        contact_phone=consultation.contact_phone,
        attachments=tuple(filter(None, present)),
        attachments_named=page.attachments,
        form_fields=_asked(queries.form_terms(session, consultation.id)),
        rules="\n".join(rule.text for rule in queries.rules(session, consultation.id)),
    )


def _asked(terms: FormTerms) -> tuple[str, ...]:
    """Of the column's fields those that its form asks of a person."""
    left_out = {"id_number": not terms.asks_id_number, "email": not terms.asks_email}
    return tuple(name for name in FIELD_LABELS if not left_out.get(name, False))
