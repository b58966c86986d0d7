"""Settling an alert: somebody has looked at it."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.alerts.models import Alert
from app.kit.errors import Conflict, NotFound
from app.kit.reasons import due
from app.permissions import Actor, Permission, require


def settle(session: Session, actor: Actor, at: datetime, alert_id: uuid.UUID, remark: str) -> None:
    """Somebody has looked at it. Raises NotFound, Conflict("settled_already"), Unprocessable without a remark."""
    require(actor, Permission.SWITCH_DISPLAY)
    alert = session.get(Alert, alert_id, with_for_update=True)
    if alert is None:
        raise NotFound("no_such_alert")
    require(actor, Permission.SWITCH_DISPLAY, within=alert.consultation_id)
    words = due(remark)
    if alert.settled_at is not None:
        raise Conflict("settled_already")
    alert.settled_at, alert.settled_by, alert.remark = at, actor.id, words
    audit.record(session, actor, at, "alert.settled", ("alert", alert.id), within=alert.consultation_id, reason=words)
