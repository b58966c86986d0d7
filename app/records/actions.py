"""Ending a consultation: two reports on its results, and a conclusion that nothing is left behind."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.consultations import queries as consultations
from app.consultations.changing import mark_concluded
from app.consultations.effects import NoteKind
from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation, ConsultationNote
from app.jobs import ledger as jobs
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import Actor, Permission, require
from app.records import gate, numbers, tallies
from app.records.models import Conclusion, ResultReport
from app.records.stages import ConclusionKind, ResultStage

NOTE_LIMIT = 2000
NOTES = {ConclusionKind.TERMINATED: NoteKind.TERMINATION, ConclusionKind.SHELVED: NoteKind.SHELVING}
TELL_RESULTS, TELL_AFFECTED = "tell_results", "tell_affected"


def publish_intake(session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, note: str) -> ResultReport:
    """Makes public what came in (征集情况), in the numbers of this moment; `note` may say something beside them.

    Raises NotFound, Conflict("window_open") before the end of the window, Conflict("reported_already"), Unprocessable.
    """
    require(actor, Permission.PUBLISH)
    consultation = _held(session, actor, Permission.PUBLISH, consultation_id)
    _refuse_open(consultation, at)
    words = _optional(note)
    if session.get(ResultReport, (consultation_id, ResultStage.INTAKE)) is not None:
        raise Conflict("reported_already")
    report = ResultReport(
        consultation_id=consultation_id,
        stage=ResultStage.INTAKE,
        numbers=numbers.of_intake(session, consultation_id),
        note=words,
        published_by=actor.id,
        published_at=at,
    )
    session.add(report)
    audit.record(
        session,
        actor,
        at,
        "results.intake_published",
        ("consultation", consultation_id),
        received=report.numbers["received"],
    )
    return report


def conclude(session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, note: str) -> Conclusion:
    """Ends the work on a consultation of which everything is answered, and makes public what became of it (采纳情况).

    Raises NotFound; Conflict("not_all_answered") with what is missing (`gate.gaps`), Conflict("concluded_already").
    """
    require(actor, Permission.CONCLUDE)
    consultation = _held(session, actor, Permission.CONCLUDE, consultation_id)
    words = _optional(note)
    _refuse_concluded(session, consultation_id)
    missing = gate.gaps(session, consultation, at)
    if missing:
        raise Conflict("not_all_answered", missing=", ".join(gap.kind.value for gap in missing))
    conclusion = Conclusion(
        consultation_id=consultation_id,
        kind=ConclusionKind.COMPLETED,
        note=words,
        concluded_by=actor.id,
        concluded_at=at,
    )
    session.add(conclusion)
    mark_concluded(consultation, at)
    session.add(
        ResultReport(
            consultation_id=consultation_id,
            stage=ResultStage.ADOPTION,
            numbers=numbers.of_adoption(session, consultation_id),
            note=words,
            published_by=actor.id,
            published_at=at,
        )
    )
    tallies.note(session, at, consultation_id, ConclusionKind.COMPLETED)
    audit.record(session, actor, at, "consultation.concluded", ("consultation", consultation_id))
    jobs.enqueue(session, TELL_RESULTS, at, consultation_id=str(consultation_id))
    return conclusion


def end_without_outcome(
    session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, kind: ConclusionKind, note: str
) -> Conclusion:
    """Ends a consultation whose draft isn't pursued (终止) or isn't issued for now (暂不出台), for a public reason.

    Everybody who commented is told. What was answered and released until then stays told. Raises NotFound,
    Conflict("window_open"): while comments are taken a draft is withdrawn; Conflict("concluded_already"), Unprocessable
    without a reason or with COMPLETED.
    """
    require(actor, Permission.CONCLUDE)
    consultation = _held(session, actor, Permission.CONCLUDE, consultation_id)
    _refuse_open(consultation, at)
    words = _optional(note)
    if kind not in NOTES:
        raise Unprocessable("no_such_end")
    if not words:
        raise Unprocessable("reason_required")
    _refuse_concluded(session, consultation_id)
    conclusion = Conclusion(
        consultation_id=consultation_id, kind=kind, note=words, concluded_by=actor.id, concluded_at=at
    )
    told = ConsultationNote(
        consultation_id=consultation_id,
        kind=NOTES[kind],
        at=at,
        text=words,
        actor_kind=actor.kind,
        actor_id=actor.id,
        closes_before=consultation.closes_at,
        closes_after=consultation.closes_at,
    )
    session.add_all([conclusion, told])
    mark_concluded(consultation, at)
    tallies.note(session, at, consultation_id, kind)
    audit.record(
        session, actor, at, "consultation.ended", ("consultation", consultation_id), kind=kind.value, reason=words
    )
    jobs.enqueue(session, TELL_AFFECTED, at, note_id=str(told.id))
    return conclusion


def _held(session: Session, actor: Actor, permission: Permission, consultation_id: uuid.UUID) -> Consultation:
    """Held until the transaction ends, so that of two people who end it one is refused."""
    found = session.scalar(
        select(Consultation)
        .where(Consultation.id == consultation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("no_such_consultation")
    require(actor, permission, within=consultation_id)
    return found


def _refuse_open(consultation: Consultation, at: datetime) -> None:
    if consultations.phase(consultation, at) not in (Phase.CLOSED, Phase.WITHDRAWN):
        raise Conflict("window_open")


def _refuse_concluded(session: Session, consultation_id: uuid.UUID) -> None:
    if session.get(Conclusion, consultation_id) is not None:
        raise Conflict("concluded_already")


def _optional(note: str) -> str:
    words = note.strip()
    if len(words) > NOTE_LIMIT:
        raise Unprocessable("reason_too_long", limit=NOTE_LIMIT)
    return words
