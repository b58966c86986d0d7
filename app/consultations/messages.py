"""What staff can do about messages on a consultation that didn't reach people."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.consultations.models import Consultation
from app.deliveries import ledger
from app.kit.errors import NotFound
from app.permissions import Actor, Permission, require


def retry_message(session: Session, actor: Actor, at: datetime, slug: str, delivery_id: uuid.UUID) -> None:
    """Tries one message again that was refused, given up, or not possible. Raises NotFound, InvalidTransition."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _find(session, slug)
    ledger.retry(session, at, delivery_id, ("consultation", consultation.id))
    audit.record(
        session, actor, at, "delivery.retried", ("consultation", consultation.id), delivery_id=str(delivery_id)
    )


def retry_given_up(session: Session, actor: Actor, at: datetime, slug: str) -> None:
    """Tries every message again that was given up because no server took it. Raises NotFound."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _find(session, slug)
    number = ledger.retry_given_up(session, at, ("consultation", consultation.id))
    audit.record(session, actor, at, "deliveries.retried", ("consultation", consultation.id), number=number)


def _find(session: Session, slug: str) -> Consultation:
    consultation = session.scalar(select(Consultation).where(Consultation.slug == slug))
    if consultation is None:
        raise NotFound("no_such_consultation", slug=slug)
    return consultation
