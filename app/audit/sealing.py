"""The one sealer: gives waiting entries their places in the chain, and each a seal over itself and the one before.

The order is the sealer's own. An entry that is committed late, with an instant or an id before entries already sealed,
waits in `audit_unsealed` from its own commit on and is sealed with the next batch: nothing can be skipped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, text
from sqlalchemy.orm import Session

from app.audit.canonical import START, Sealable, instant
from app.audit.models import AuditEntry, AuditSeal, AuditSegment, UnsealedEntry

AT_ONCE = 1000
LOCK = 0x79616E6C75617564
"""The advisory lock of PostgreSQL that a sealer holds; a writer of SQLite is alone anyway."""
FIELDS = (
    *(AuditEntry.id, AuditEntry.at, AuditEntry.actor_kind, AuditEntry.actor_id, AuditEntry.request_id),
    *(AuditEntry.source, AuditEntry.action, AuditEntry.record_kind, AuditEntry.record_id),
    *(AuditEntry.consultation_id, AuditEntry.result, AuditEntry.detail),
)


@dataclass(frozen=True)
class Head:
    """The last seal: how many entries were ever sealed, the seal over all of them, and when it was made."""

    position: int
    seal: bytes
    at: datetime | None


@dataclass(frozen=True)
class Tail:
    """What waits for its seal, and since when the oldest of it."""

    number: int
    oldest: datetime | None


def seal(session: Session, now: datetime, most: int = AT_ONCE) -> int:
    """Seals at most so many waiting entries; answers how many. 0 where another sealer is at work."""
    if not _is_alone(session):
        return 0
    last, waiting = head(session), session.execute(_waiting().limit(most)).all()
    seals, before = [], last.seal
    for position, row in enumerate(waiting, last.position + 1):
        before = sealable(row).seal(before, position)
        seals.append({"position": position, "entry_id": row.id, "seal": before, "sealed_at": now})
    if seals:
        session.execute(insert(AuditSeal), seals)
        session.execute(delete(UnsealedEntry).where(UnsealedEntry.entry_id.in_([row.id for row in waiting])))
    return len(seals)


def head(session: Session) -> Head:
    """Position 0 and START's zeros where nothing was ever sealed."""
    query = select(AuditSeal.position, AuditSeal.seal, AuditSeal.sealed_at)
    row = session.execute(query.order_by(AuditSeal.position.desc()).limit(1)).one_or_none()
    if row is None:
        archived = select(AuditSegment.last, AuditSegment.seal, AuditSegment.archived_at)
        row = session.execute(archived.order_by(AuditSegment.first.desc()).limit(1)).one_or_none()
    return Head(0, START, None) if row is None else Head(*row)


def is_waiting(session: Session) -> bool:
    return session.scalar(select(UnsealedEntry.entry_id).limit(1)) is not None


def tail(session: Session) -> Tail:
    waits = select(func.count(), func.min(AuditEntry.at)).select_from(UnsealedEntry)
    return Tail(*session.execute(waits.join(AuditEntry, AuditEntry.id == UnsealedEntry.entry_id)).one())


def unsealed(session: Session) -> Iterator[Sealable]:
    """What waits, in the order in which it would be sealed now."""
    return map(sealable, session.execute(_waiting()))


def sealable(row: Any) -> Sealable:
    """An entry, or a row with FIELDS, as the chain knows it."""
    return Sealable(
        id=str(row.id),
        at=instant(row.at),
        actor_kind=str(row.actor_kind),
        actor_id=row.actor_id,
        request_id=row.request_id,
        source=row.source,
        action=row.action,
        record_kind=row.record_kind,
        record_id=row.record_id,
        consultation_id=str(row.consultation_id) if row.consultation_id else None,
        result=str(row.result),
        detail=row.detail,
    )


def segments(session: Session) -> Sequence[AuditSegment]:
    """What was archived, oldest first."""
    return session.scalars(select(AuditSegment).order_by(AuditSegment.first)).all()


def _waiting() -> Select[*tuple[object, ...]]:
    """By id, which begins with the time it was made: the list's own key, so that a long list is never sorted."""
    joined = select(*FIELDS).join(UnsealedEntry, UnsealedEntry.entry_id == AuditEntry.id)
    return joined.order_by(UnsealedEntry.entry_id)


def _is_alone(session: Session) -> bool:
    """Holds the sealer's lock until the end of the transaction, or says that another does."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": LOCK}))
