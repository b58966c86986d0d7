"""What staff tell each other about a case: leases taken over, notes, questions and answers, coding rules."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.consultations.models import Consultation
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.teamwork import leases, queries
from app.teamwork.models import CodingRules, Flag, Lease, StaffNote
from app.teamwork.records import RecordKind

NOTE_LIMIT = 2000
RULES_LIMIT = 20_000


def take_over(
    session: Session,
    actor: Actor,
    at: datetime,
    kind: RecordKind,
    record_id: uuid.UUID,
    *,
    within: uuid.UUID | None = None,
) -> None:
    """Makes the actor the holder, whoever was; that colleague sees it on the record's page.

    `within` is the consultation of the record, for the audit log.
    """
    require(actor, Permission.DISCUSS_CASES)
    held = leases.find(session, kind, record_id, at)
    if held is None or held.holder == actor.id:
        leases.mark(session, actor.id, kind, record_id, at)
        return
    row = session.get_one(Lease, (kind, record_id))
    row.holder, row.since, row.until = actor.id, at, at + leases.LASTING
    audit.record(session, actor, at, "lease.taken_over", (kind.value, record_id), within=within, previous=held.holder)


def write_note(
    session: Session,
    actor: Actor,
    at: datetime,
    kind: RecordKind,
    record_id: uuid.UUID,
    text: str,
    corrects_id: uuid.UUID | None = None,
    *,
    within: uuid.UUID | None = None,
) -> StaffNote:
    """An internal note (内部备注) on a record that exists; notes are never altered, a further one corrects them.

    Raises NotFound("no_such_note") where `corrects_id` is no note on this record; Unprocessable without words or with
    more than NOTE_LIMIT code points.
    """
    require(actor, Permission.DISCUSS_CASES)
    words = _words(text, NOTE_LIMIT, "note_too_long")
    if corrects_id is not None:
        _refuse_other_record(session, corrects_id, kind, record_id)
    note = StaffNote(
        record_kind=kind, record_id=record_id, text=words, written_by=actor.id, written_at=at, corrects_id=corrects_id
    )
    session.add(note)
    session.flush()
    audit.record(session, actor, at, "note.written", (kind.value, record_id), within=within, note=str(note.id))
    return note


def raise_flag(
    session: Session,
    actor: Actor,
    at: datetime,
    kind: RecordKind,
    record_id: uuid.UUID,
    consultation_id: uuid.UUID,
    question: str,
) -> Flag:
    """Puts a difficult case (疑难) to colleagues. Raises Conflict("flagged_already") while a question is open."""
    require(actor, Permission.DISCUSS_CASES)
    asked = due(question, "question_required")
    if queries.open_flag(session, kind, record_id) is not None:
        raise Conflict("flagged_already")
    flag = Flag(
        record_kind=kind,
        record_id=record_id,
        consultation_id=consultation_id,
        question=asked,
        raised_by=actor.id,
        raised_at=at,
    )
    session.add(flag)
    session.flush()
    audit.record(session, actor, at, "flag.raised", (kind.value, record_id), within=consultation_id, flag=str(flag.id))
    return flag


def resolve_flag(session: Session, actor: Actor, at: datetime, flag_id: uuid.UUID, revision: int, answer: str) -> Flag:
    """Ends the discussion with an answer. Raises NotFound, Conflict when somebody answered first."""
    require(actor, Permission.DISCUSS_CASES)
    flag = session.get(Flag, flag_id)
    if flag is None:
        raise NotFound("no_such_flag")
    if flag.revision != revision or flag.resolved_at is not None:
        raise Conflict("changed_meanwhile")
    flag.answer, flag.resolved_by, flag.resolved_at = due(answer, "answer_required"), actor.id, at
    audit.record(
        session,
        actor,
        at,
        "flag.resolved",
        (flag.record_kind.value, flag.record_id),
        within=flag.consultation_id,
        flag=str(flag.id),
    )
    return flag


def write_coding_rules(
    session: Session,
    actor: Actor,
    at: datetime,
    consultation_id: uuid.UUID | None,
    seen: int,
    text: str,
    change: str,
) -> CodingRules:
    """The next version of the coding rules (归类口径), in force from now on; earlier ones stay readable.

    `seen` is the version that the writer had before them, 0 for none: two who write at once don't undo each other.
    `consultation_id` is None for the whole column. Raises NotFound, Conflict("changed_meanwhile"),
    Conflict("rules_unchanged"), Unprocessable.
    """
    require(actor, Permission.WRITE_CODING_RULES)
    if consultation_id is not None and session.get(Consultation, consultation_id) is None:
        raise NotFound("no_such_consultation")
    words = _words(text, RULES_LIMIT, "text_too_long")
    latest = queries.own_rules(session, consultation_id)
    if (latest.version if latest else 0) != seen:
        raise Conflict("changed_meanwhile")
    if latest is not None and latest.text == words:
        raise Conflict("rules_unchanged")
    rules = CodingRules(
        consultation_id=consultation_id,
        version=seen + 1,
        text=words,
        change=due(change, "change_required"),
        written_by=actor.id,
        written_at=at,
    )
    session.add(rules)
    session.flush()
    on = ("consultation", consultation_id) if consultation_id else ("column", "coding_rules")
    audit.record(session, actor, at, "coding_rules.written", on, version=rules.version, change=rules.change)
    return rules


def _words(text: str, limit: int, too_long: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Unprocessable("text_required")
    if len(words) > limit:
        raise Unprocessable(too_long, limit=limit)
    return words


def _refuse_other_record(session: Session, note_id: uuid.UUID, kind: RecordKind, record_id: uuid.UUID) -> None:
    found = select(StaffNote.id).where(
        StaffNote.id == note_id, StaffNote.record_kind == kind, StaffNote.record_id == record_id
    )
    if session.scalar(found) is None:
        raise NotFound("no_such_note")
