import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.archives.models import Archive, LegalHold
from app.exports.models import ExportOrder
from app.kit.errors import Conflict, NotFound


def is_archived(session: Session, consultation_id: uuid.UUID) -> bool:
    """Whether it was confirmed that a package of it, read back whole, arrived in the archive."""
    query = select(Archive.order_id).where(
        Archive.consultation_id == consultation_id, Archive.confirmed_at.is_not(None)
    )
    return session.scalar(query.limit(1)) is not None


def is_held(session: Session, consultation_id: uuid.UUID) -> bool:
    """Whether a legal hold stands."""
    query = select(LegalHold.id).where(LegalHold.consultation_id == consultation_id, LegalHold.lifted_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def refuse_unkept(session: Session, consultation_id: uuid.UUID) -> None:
    """What everybody calls first who erases what a consultation holds because its time is over.

    Raises Conflict("legal_hold", "not_archived").
    """
    if is_held(session, consultation_id):
        raise Conflict("legal_hold")
    if not is_archived(session, consultation_id):
        raise Conflict("not_archived")


def last_checked_at(session: Session) -> datetime | None:
    """When a package of whatever consultation was last read back whole; None where none ever was."""
    return session.scalar(select(func.max(Archive.checked_at)))


def archives(session: Session, consultation_id: uuid.UUID, most: int = 20) -> Sequence[Archive]:
    """Of a consultation, the newest first: ids are in the order of time."""
    query = select(Archive).where(Archive.consultation_id == consultation_id)
    return session.scalars(query.order_by(Archive.order_id.desc()).limit(most)).all()


def holds(session: Session, consultation_id: uuid.UUID, most: int = 20) -> Sequence[LegalHold]:
    """Those that stand and those that were lifted, the newest first."""
    query = select(LegalHold).where(LegalHold.consultation_id == consultation_id)
    return session.scalars(query.order_by(LegalHold.at.desc(), LegalHold.id.desc()).limit(most)).all()


def asked_by(session: Session, order_id: uuid.UUID) -> str | None:
    """Who ordered the package."""
    return session.scalar(select(ExportOrder.asked_by).where(ExportOrder.id == order_id))


def of_order(session: Session, order_id: uuid.UUID) -> Archive:
    """Raises NotFound."""
    found = session.scalar(select(Archive).where(Archive.order_id == order_id))
    if found is None:
        raise NotFound("no_such_archive")
    return found
