"""Forgetting senders whose time is over, a portion for each consultation at a time."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.jobs.ledger import enqueue
from app.permissions import Actor, ActorKind, Permission
from app.rights import retention
from app.rights.retention import Standing

JOB = "retention"
ME = Actor(ActorKind.WORKER, "retention", frozenset({Permission.ANSWER_RIGHTS_REQUESTS}))


def keep(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Comes again at once while there are more."""
    due = [one for one in retention.kept(session, now) if one.standing is Standing.DUE]
    if sum(retention.forget_portion(session, ME, now, one.consultation_id) for one in due[:5]):
        enqueue(session, JOB, now)
