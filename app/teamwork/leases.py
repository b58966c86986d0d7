"""Who has a record open: a mark for colleagues that ends by itself. The record's revision decides, never the lease."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from app.kit.database import rows_changed
from app.teamwork.models import Lease
from app.teamwork.records import RecordKind

LASTING = timedelta(minutes=5)
RENEW_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Held:
    """Who holds a record, since when, and until when if nothing more is heard of them."""

    holder: str
    since: datetime
    until: datetime


def find(session: Session, kind: RecordKind, record_id: uuid.UUID, now: datetime) -> Held | None:
    """The lease that is in force; None where nobody holds the record or the lease has ended."""
    row = session.execute(
        select(Lease.holder, Lease.since, Lease.until).where(_on(kind, record_id), Lease.until > now)
    ).one_or_none()
    return Held(*row) if row else None


def is_due(held: Held | None, holder: str, now: datetime) -> bool:
    """Whether a mark would change something: nobody holds it, or this person's own lease is RENEW_EVERY old."""
    if held is None:
        return True
    return held.holder == holder and held.until - now <= LASTING - RENEW_EVERY


def mark(session: Session, holder: str, kind: RecordKind, record_id: uuid.UUID, now: datetime) -> None:
    """Takes the lease where nobody holds it, and renews the holder's own; somebody else's is left as it is.

    Of two who take it at once one gets it; the other's transaction raises Conflict.
    """
    until = now + LASTING
    of_mine = and_(_on(kind, record_id), Lease.holder == holder, Lease.until > now)
    if rows_changed(session, update(Lease).where(of_mine).values(until=until)):
        return
    ended = and_(_on(kind, record_id), Lease.until <= now)
    if rows_changed(session, update(Lease).where(ended).values(holder=holder, since=now, until=until)):
        return
    if session.scalar(select(Lease.holder).where(_on(kind, record_id))) is None:
        session.add(Lease(record_kind=kind, record_id=record_id, holder=holder, since=now, until=until))
        session.flush()


def end(session: Session, holder: str, kind: RecordKind, record_id: uuid.UUID) -> None:
    """Gives back the holder's own lease."""
    session.execute(delete(Lease).where(_on(kind, record_id), Lease.holder == holder))


def forget_ended(session: Session, now: datetime) -> None:
    session.execute(delete(Lease).where(Lease.until <= now))


def _on(kind: RecordKind, record_id: uuid.UUID) -> ColumnElement[bool]:
    return and_(Lease.record_kind == kind, Lease.record_id == record_id)
