"""Refused pages: who asked for what they may not have, once for each kind in a while."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.ledger import record
from app.audit.models import AuditEntry, Result
from app.permissions import Actor

REFUSED = "page.refused"
AGAIN_AFTER = timedelta(hours=1)
"""Whoever reloads a refused page makes no further entry before that."""
LONGEST = 80
MOST_IN_AN_HOUR = 100
"""So many different refusals of one person are noted, and no more until some of them are old."""


def note(session: Session, actor: Actor, at: datetime, route: str, code: str, permission: str = "") -> None:
    """Keeps that somebody was refused; `route` is a route's template, so that no id or word of an address is kept.

    Nothing is kept where the same person was refused the same not longer ago than AGAIN_AFTER, nor above
    MOST_IN_AN_HOUR.
    """
    recent = session.execute(
        select(AuditEntry.record_id, AuditEntry.detail)
        .where(AuditEntry.actor_id == actor.id, AuditEntry.at > at - AGAIN_AFTER, AuditEntry.action == REFUSED)
        .limit(MOST_IN_AN_HOUR)
    ).all()
    route = route[:LONGEST]
    said = {name: value for name, value in (("code", code), ("permission", permission)) if value}
    if len(recent) == MOST_IN_AN_HOUR or (route, said) in [(one, dict(detail)) for one, detail in recent]:
        return
    record(
        session, actor, at, REFUSED, ("page", route), result=Result.REFUSED, code=code, permission=permission or None
    )
