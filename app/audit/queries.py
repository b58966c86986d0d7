from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.kit.paging import Key, Page, page_of


def latest(session: Session, before: Key | None, limit: int) -> Page[AuditEntry]:
    """Entries, newest first; the next page holds what is older than this page's last."""
    query = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit + 1)
    if before:
        query = query.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(before.at, before.id))
    return page_of(session.scalars(query).all(), limit, lambda entry: Key(entry.at, entry.id))


def of_record(session: Session, kind: str, record_id: object) -> Sequence[AuditEntry]:
    """All that was done to one record, oldest first."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.record_kind == kind, AuditEntry.record_id == str(record_id))
        .order_by(AuditEntry.at, AuditEntry.id)
    ).all()
