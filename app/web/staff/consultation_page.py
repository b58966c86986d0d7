"""What the pages of one consultation show to staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.lifecycle import LIFECYCLE, ConsultationEvent, ConsultationState, Phase
from app.consultations.models import Consultation, ConsultationNote
from app.documents import versions
from app.documents.models import VersionRole
from app.documents.versions import Version
from app.kit.errors import DomainError
from app.web.errors import BY_STATUS, MESSAGES
from app.web.i18n import gettext as _
from app.web.public import notes, views
from app.web.public.notes import NoteView
from app.web.staff import history
from app.web.staff.change_words import WORDS

E = ConsultationEvent
WHILE_IT_RUNS = frozenset({E.EXTEND, E.SUSPEND, E.CORRECT, E.REPLACE})
"""Possible only until the window has ended."""


@dataclass(frozen=True)
class Standing:
    """Where a consultation stands at an instant."""

    phase: Phase
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Foreseen:
    """What a change does, and the note by which the public is told; None where it is told nothing."""

    before: Standing
    after: Standing
    note: NoteView | None


def possible(row: Consultation, now: datetime) -> list[ConsultationEvent]:
    """The changes that can be made now, in the order in which the page offers them."""
    phase = consultations.phase(row, now)
    ended = row.state is ConsultationState.OPENED and phase is Phase.CLOSED
    return [
        event
        for event in WORDS
        if LIFECYCLE.allows(row.state, event)
        and not (ended and event in WHILE_IT_RUNS)
        and (event is not E.RESCHEDULE or phase is Phase.COMING)
    ]


def overview(session: Session, row: Consultation, now: datetime) -> dict[str, Any]:
    return {
        "c": views.whole(session, row, now),
        "row": row,
        "version": versions.version(session, row.version_id).number,
        "changes": [(event, WORDS[event]) for event in possible(row, now)],
        "notes": notes.of_consultation(session, row),
        "history": history.of_record(session, "consultation", row.id),
    }


def later_texts(session: Session, row: Consultation) -> list[Version]:
    """Drafts that were stored after the present one and can take its place, the newest first."""
    present = versions.version(session, row.version_id)
    known = versions.versions_of(session, present.document_id)
    return [text for text in reversed(known) if text.role is VersionRole.DRAFT and text.number > present.number]


def standing(row: Consultation, now: datetime) -> Standing:
    return Standing(consultations.phase(row, now), row.opens_at, row.closes_at)


def foreseen(
    session: Session, row: Consultation, before: Standing, note: ConsultationNote | None, now: datetime
) -> Foreseen:
    """After the change was made in this session, whether it will be kept or not."""
    told = notes.of_consultation(session, row)[0] if note else None
    return Foreseen(before, standing(row, now), told)


def problem_words(problem: DomainError | None) -> str:
    if problem is None:
        return ""
    return _(MESSAGES.get(problem.code) or BY_STATUS[problem.status])
