"""What the pages of one organ and of one opinion show."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations.models import Consultation
from app.documents.queries import clauses_by_id, clauses_of
from app.kit.clock import beijing_day
from app.permissions import Actor, Permission
from app.soundings import queries
from app.soundings.handling import DISPUTABLE
from app.soundings.lifecycle import (
    DISPUTE_LIFECYCLE,
    LIFECYCLE,
    Adoption,
    Disagreement,
    DisputeEvent,
    EarlierKind,
    OrganState,
    SoundingEvent,
    standing,
)
from app.soundings.models import OrganOpinion, SoundedOrgan, Sounding, SoundingFile
from app.web.file_words import scan_words, size_words
from app.web.staff import history
from app.web.staff.soundings import earlier_view
from app.web.staff.soundings.earlier_view import clause_words

OPINIONS_SHOWN = 50


@dataclass(frozen=True)
class OpinionRow:
    id: uuid.UUID
    place: int
    clause: str
    words: str
    proposed: str | None
    withdrawn: bool
    adoption: Adoption | None
    reason: str | None
    disagreement: Disagreement


@dataclass(frozen=True)
class ScanView:
    id: uuid.UUID
    name: str
    size: str
    scan: str
    may_be_opened: bool


def one(session: Session, actor: Actor, organ: SoundedOrgan, now: datetime, after: int) -> dict[str, Any]:
    """An organ's own page."""
    letter = queries.get(session, organ.sounding_id)
    manages = actor.may_within(Permission.MANAGE_SOUNDINGS, letter.consultation_id)
    shown, following = queries.opinions(session, organ.id, after, OPINIONS_SHOWN)
    reminders = queries.reminders(session, [organ.id])
    takes = manages and LIFECYCLE.allows(letter.state, SoundingEvent.REPLY)
    reminds = manages and LIFECYCLE.allows(letter.state, SoundingEvent.REMIND)
    names = accounts.names_of(session, sorted({organ.entered_by or "", *(one.recorded_by for one in reminders)} - {""}))
    return {
        "organ": organ,
        "letter": letter,
        "consultation": session.get_one(Consultation, letter.consultation_id),
        "standing": standing(letter.state, organ.state, letter.due_on, letter.silence_counts, beijing_day(now)),
        "is_late": organ.replied_on is not None and organ.replied_on > letter.due_on,
        "today": beijing_day(now),
        "scan": _scan(queries.file(session, organ.file_id)) if organ.file_id else None,
        "opinions": opinion_rows(session, shown),
        "following": following,
        "reminders": reminders,
        "names": names,
        "may_reply": takes,
        "may_add": takes and organ.state is OrganState.WITH_OPINIONS,
        "may_remind": reminds and organ.state is OrganState.WAITING,
        "clauses": clause_choices(session, letter) if takes else [],
        "earlier": earlier_view.of_record(session, EarlierKind.REPLY, organ.id),
        "history": history.of_record(session, "sounded_organ", organ.id),
    }


def opinion(session: Session, actor: Actor, row: OrganOpinion) -> dict[str, Any]:
    """An opinion's own page."""
    letter, organ = queries.get(session, row.sounding_id), queries.organ(session, row.organ_id)
    manages = actor.may_within(Permission.MANAGE_SOUNDINGS, letter.consultation_id) and row.withdrawn_at is None
    corrects = manages and LIFECYCLE.allows(letter.state, SoundingEvent.REPLY)
    handles = manages and LIFECYCLE.allows(letter.state, SoundingEvent.HANDLE)
    events = [event for event in DisputeEvent if DISPUTE_LIFECYCLE.allows(row.disagreement, event)]
    if row.adoption not in DISPUTABLE:
        events = [event for event in events if event is not DisputeEvent.UPHOLD]
    people = sorted(filter(None, {row.entered_by, row.handled_by}))
    return {
        "opinion": row,
        "letter": letter,
        "organ": organ,
        "clause": next(iter(clauses_by_id(session, [row.clause_id])), None) if row.clause_id else None,
        "adoptions": list(Adoption),
        "events": events if handles else [],
        "may_handle": handles,
        "may_correct": corrects,
        "clauses": clause_choices(session, letter) if corrects else [],
        "names": accounts.names_of(session, people),
        "earlier": earlier_view.of_record(session, EarlierKind.OPINION, row.id),
        "history": history.of_record(session, "organ_opinion", row.id),
    }


def opinion_rows(session: Session, rows: Sequence[OrganOpinion]) -> list[OpinionRow]:
    """One query for the clauses, whatever their number."""
    clauses = clause_words(session, (row.clause_id for row in rows))
    return [
        OpinionRow(
            id=row.id,
            place=row.place,
            clause=clauses.get(str(row.clause_id), ""),
            words=row.words,
            proposed=row.proposed,
            withdrawn=row.withdrawn_at is not None,
            adoption=row.adoption,
            reason=row.reason,
            disagreement=row.disagreement,
        )
        for row in rows
    ]


def clause_choices(session: Session, letter: Sounding) -> list[tuple[str, str]]:
    """Id and name of each clause of the text that the letter is about."""
    return [
        (str(clause.id), f"{clause.number} {clause.heading}".strip() or clause.label)
        for clause in clauses_of(session, letter.version_id)
    ]


def _scan(file: SoundingFile) -> ScanView:
    return ScanView(file.id, file.name, size_words(file.size), scan_words(file.scan), file.scan.may_be_opened)
