import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.consultations.effects import NoteKind, Window, closes_after, least_closing
from app.consultations.lifecycle import ConsultationState, Phase, phase_at
from app.consultations.models import (
    ColumnRule,
    Consultation,
    ConsultationNote,
    ConsultationTerms,
    Preparation,
    WatchedWord,
)
from app.consultations.preparation import PreparationState
from app.consultations.terms import SECOND_LOOK_PERCENT, DisplayTerms, FormTerms, ReplyTerms
from app.kit.errors import NotFound

Terms = TypeVar("Terms", FormTerms, DisplayTerms, ReplyTerms)

STOPPED = {
    ConsultationState.SUSPENDED: NoteKind.SUSPENSION,
    ConsultationState.WITHDRAWN: NoteKind.WITHDRAWAL,
}
"""States in which no comments are taken, and the change that led there."""


@dataclass(frozen=True)
class Standing:
    """What decides whether a consultation takes a comment; all else that it holds needn't be read for that."""

    id: uuid.UUID
    state: ConsultationState
    opens_at: datetime
    closes_at: datetime
    concluded_at: datetime | None
    revision: int


_STANDING = select(*(getattr(Consultation, one.name) for one in fields(Standing))).where(
    Consultation.id == bindparam("id")
)
_HELD_STANDING = _STANDING.with_for_update(read=True)


def standing(session: Session, consultation_id: uuid.UUID, *, hold: bool = False) -> Standing:
    """As the store has it now; `hold` keeps it so until the transaction ends. Raises NoResultFound."""
    return Standing(*session.execute(_HELD_STANDING if hold else _STANDING, {"id": consultation_id}).one())


def all_consultations(session: Session) -> Sequence[Consultation]:
    """Every consultation, drafts too, the one that closes last first."""
    return session.scalars(select(Consultation).order_by(Consultation.closes_at.desc(), Consultation.id)).all()


def public_consultations(session: Session) -> Sequence[Consultation]:
    """What has been made public, the one that closes last first."""
    return session.scalars(
        select(Consultation)
        .where(Consultation.state != ConsultationState.DRAFT)
        .order_by(Consultation.closes_at.desc(), Consultation.id)
    ).all()


def public_consultation(session: Session, slug: str) -> Consultation:
    """Raises NotFound for an unknown slug and for a draft."""
    consultation = find(session, slug)
    if consultation is None or consultation.state is ConsultationState.DRAFT:
        raise NotFound("no_such_consultation", slug=slug)
    return consultation


def find(session: Session, slug: str) -> Consultation | None:
    return session.scalar(select(Consultation).where(Consultation.slug == slug))


def phase(consultation: Consultation, now: datetime) -> Phase:
    return phase_at(consultation.state, consultation.opens_at, consultation.closes_at, now)


def phase_for_receipt(session: Session, consultation: Consultation | Standing, received_at: datetime) -> Phase:
    """Whether a comment that arrived at that instant is taken, now that it is to be stored: only where it is OPEN.

    What arrived before the instant of a suspension or a withdrawal is taken, however long it waited for its turn. What
    arrived at that instant or later isn't, once the store knows of the change.
    """
    state = consultation.state
    if state in STOPPED and received_at < _stopped_at(session, consultation):
        state = ConsultationState.OPENED
    if state is ConsultationState.CLOSED:  # its closing instant is the one at which it was closed
        state = ConsultationState.OPENED
    return phase_at(state, consultation.opens_at, consultation.closes_at, received_at)


def form_terms(session: Session, consultation_id: uuid.UUID) -> FormTerms:
    """What its form asks and takes; the column's defaults where it decided nothing."""
    return _terms(session.get(ConsultationTerms, consultation_id), FormTerms)


def display_terms(session: Session, consultation_id: uuid.UUID) -> DisplayTerms:
    """What the public sees of its comments; the column's defaults where it decided nothing."""
    return _terms(session.get(ConsultationTerms, consultation_id), DisplayTerms)


def reply_terms(session: Session, consultation_id: uuid.UUID) -> ReplyTerms:
    """How its senders hear of outcomes; the column's defaults where it decided nothing."""
    return _terms(session.get(ConsultationTerms, consultation_id), ReplyTerms)


def display_terms_of(session: Session, consultation_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, DisplayTerms]:
    """The same for many at once, in one query."""
    wanted = set(consultation_ids)
    rows = session.scalars(select(ConsultationTerms).where(ConsultationTerms.consultation_id.in_(wanted)))
    decided = {row.consultation_id: row for row in rows}
    return {each: _terms(decided.get(each), DisplayTerms) for each in wanted}


def second_look_percent(session: Session, consultation_id: uuid.UUID) -> int:
    """Of 100 rejections so many are looked at again by a second reviewer; SECOND_LOOK_PERCENT where nothing is set."""
    found = session.scalar(
        select(ConsultationTerms.second_look_percent).where(ConsultationTerms.consultation_id == consultation_id)
    )
    return SECOND_LOOK_PERCENT if found is None else found


def _terms(row: ConsultationTerms | None, kind: type[Terms]) -> Terms:
    if row is None:
        return kind()
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})


def notes(session: Session, consultation_id: uuid.UUID) -> Sequence[ConsultationNote]:
    """What happened to it since its opening, newest first."""
    return session.scalars(
        select(ConsultationNote)
        .where(ConsultationNote.consultation_id == consultation_id)
        .order_by(ConsultationNote.at.desc(), ConsultationNote.id.desc())
    ).all()


def latest_kinds(session: Session, consultation_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, NoteKind]:
    """Consultation id → what happened to it last; consultations that nothing happened to are missing."""
    rows = session.execute(
        select(ConsultationNote.consultation_id, ConsultationNote.kind)
        .where(ConsultationNote.consultation_id.in_(set(consultation_ids)))
        .order_by(ConsultationNote.at, ConsultationNote.id)
    )
    return {row[0]: row[1] for row in rows}


def window(session: Session, consultation: Consultation) -> Window:
    suspended = consultation.state is ConsultationState.SUSPENDED
    return Window(
        opens_at=consultation.opens_at,
        closes_at=consultation.closes_at,
        suspended_at=_stopped_at(session, consultation) if suspended else None,
    )


def closes_after_change(
    session: Session, consultation: Consultation, kind: NoteKind, at: datetime, chosen: datetime | None = None
) -> datetime:
    """When it will close if that is done to it at that instant; `chosen` as in `effects.closes_after`."""
    opening = max(at, consultation.opens_at)
    least = least_closing(consultation.legal_nature, opening, calendars.calendar(session))
    return closes_after(kind, window(session, consultation), at, chosen=chosen, least=least)


def versions_put_out(session: Session, consultation: Consultation) -> list[uuid.UUID]:
    """Every text that was under comment, in order; the last is under comment now."""
    before = [note.version_before for note in reversed(notes(session, consultation.id)) if note.version_before]
    return [*before, consultation.version_id]


def _stopped_at(session: Session, consultation: Consultation | Standing) -> datetime:
    """The instant from which no comments have been taken, of a consultation that is suspended or withdrawn."""
    kind = STOPPED[consultation.state]
    at = select(ConsultationNote.at).where(
        ConsultationNote.consultation_id == consultation.id, ConsultationNote.kind == kind
    )
    return session.scalars(at.order_by(ConsultationNote.at.desc()).limit(1)).one()


def rules(session: Session, consultation_id: uuid.UUID | None = None) -> Sequence[ColumnRule]:
    """The rules of that consultation or, where it has none of its own, of the column."""
    rows = session.scalars(
        select(ColumnRule)
        .where((ColumnRule.consultation_id == consultation_id) | ColumnRule.consultation_id.is_(None))
        .order_by(ColumnRule.ordinal)
    ).all()
    own = [row for row in rows if row.consultation_id is not None]
    return own or rows


def preparers(session: Session, consultation: Consultation) -> frozenset[str]:
    """The ids of those who made it: who stored it and, where it came from files, who sent them and handed it over."""
    known = session.execute(
        select(Preparation.prepared_by, Preparation.handed_over_by).where(
            Preparation.consultation_id == consultation.id
        )
    )
    return frozenset(filter(None, (consultation.prepared_by, *(name for row in known for name in row))))


def is_returned(session: Session, consultation: Consultation) -> bool:
    """Whether its preparation went back to be corrected, so that what is stored is not what is meant."""
    state = session.scalar(select(Preparation.state).where(Preparation.consultation_id == consultation.id))
    return state not in (None, PreparationState.HANDED_OVER)


def watched_words(session: Session) -> dict[str, str]:
    """The words that staff want to be told of, each with its remark, in the order of their code points."""
    rows = session.execute(select(WatchedWord.word, WatchedWord.remark)).all()
    return {row.word: row.remark for row in sorted(rows, key=lambda row: row.word)}


def drafted_by(session: Session, department_ids: Collection[str]) -> dict[str, frozenset[uuid.UUID]]:
    """Drafting department → its consultations, for each of the departments."""
    found: dict[str, set[uuid.UUID]] = {department_id: set() for department_id in department_ids}
    drafted = select(Consultation.drafting_department_id, Consultation.id)
    for department_id, consultation_id in session.execute(
        drafted.where(Consultation.drafting_department_id.in_(department_ids))
    ):
        found[department_id].add(consultation_id)
    return {department_id: frozenset(ids) for department_id, ids in found.items()}
