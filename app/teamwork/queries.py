import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of
from app.teamwork import leases
from app.teamwork.leases import Held
from app.teamwork.models import CodingRules, Flag, Lease, StaffNote
from app.teamwork.records import RecordKind

MOST_NOTES = 100
MOST_VERSIONS = 50


def lease_on(session: Session, kind: RecordKind, record_id: uuid.UUID, now: datetime) -> Held | None:
    """Who has the record open; None where nobody does or the lease has ended."""
    return leases.find(session, kind, record_id, now)


def holders(session: Session, kind: RecordKind, record_ids: Sequence[uuid.UUID], now: datetime) -> dict[uuid.UUID, str]:
    """Record → who has it open just now, of those that somebody has; one query."""
    query = select(Lease.record_id, Lease.holder).where(
        Lease.record_kind == kind, Lease.record_id.in_(record_ids), Lease.until > now
    )
    return {row.record_id: row.holder for row in session.execute(query)}


def notes_of(session: Session, kind: RecordKind, record_id: uuid.UUID) -> Sequence[StaffNote]:
    """The newest MOST_NOTES notes on a record, in the order in which they were written."""
    rows = session.scalars(
        select(StaffNote)
        .where(StaffNote.record_kind == kind, StaffNote.record_id == record_id)
        .order_by(StaffNote.written_at.desc(), StaffNote.id.desc())
        .limit(MOST_NOTES)
    ).all()
    return rows[::-1]


def flags_of(session: Session, kind: RecordKind, record_id: uuid.UUID) -> Sequence[Flag]:
    """The questions that were asked about a record, oldest first."""
    return session.scalars(
        select(Flag)
        .where(Flag.record_kind == kind, Flag.record_id == record_id)
        .order_by(Flag.raised_at, Flag.id)
        .limit(MOST_NOTES)
    ).all()


def open_flag(session: Session, kind: RecordKind, record_id: uuid.UUID) -> Flag | None:
    """The question about a record that nobody has answered yet."""
    return session.scalar(
        select(Flag)
        .where(Flag.record_kind == kind, Flag.record_id == record_id, Flag.resolved_at.is_(None))
        .order_by(Flag.raised_at)
        .limit(1)
    )


def open_flags(session: Session, consultation_id: uuid.UUID, after: Key | None, limit: int) -> Page[Flag]:
    """Questions of a consultation that nobody has answered yet, the one that waits longest first."""
    query = select(Flag).where(Flag.consultation_id == consultation_id, Flag.resolved_at.is_(None))
    if after:
        query = query.where(tuple_(Flag.raised_at, Flag.id) > tuple_(after.at, after.id))
    rows = session.scalars(query.order_by(Flag.raised_at, Flag.id).limit(limit + 1)).all()
    return page_of(rows, limit, lambda row: Key(row.raised_at, row.id))


def own_rules(session: Session, consultation_id: uuid.UUID | None) -> CodingRules | None:
    """The newest version of a consultation's own coding rules, or with None of the column's."""
    return session.scalar(_rules(consultation_id).limit(1))


def rules_in_force(session: Session, consultation_id: uuid.UUID) -> CodingRules | None:
    """The coding rules that hold for a consultation: its own, else the column's; None where nobody wrote any."""
    return own_rules(session, consultation_id) or own_rules(session, None)


def versions_of_rules(session: Session, consultation_id: uuid.UUID | None) -> Sequence[CodingRules]:
    """The newest MOST_VERSIONS versions, newest first."""
    return session.scalars(_rules(consultation_id).limit(MOST_VERSIONS)).all()


def rules_of_version(session: Session, consultation_id: uuid.UUID | None, version: int) -> CodingRules:
    """Raises NotFound."""
    found = session.scalar(_rules(consultation_id).where(CodingRules.version == version))
    if found is None:
        raise NotFound("no_such_rules")
    return found


def _rules(consultation_id: uuid.UUID | None) -> Select[CodingRules]:
    whose = (
        CodingRules.consultation_id.is_(None)
        if consultation_id is None
        else CodingRules.consultation_id == consultation_id
    )
    return select(CodingRules).where(whose).order_by(CodingRules.version.desc())
