"""Forgetting what nobody needs any more."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import asked, delays, sessions
from app.captcha import buckets
from app.captcha import ledger as captcha
from app.clarifications import asking
from app.idempotency import ledger as idempotency
from app.jobs.ledger import enqueue
from app.teamwork import leases
from app.throttles import sharing


def forget(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Drops used challenges that have expired, the captcha's buckets that are empty again, sessions and leases
    that have ended, answers older than a repeat may be, what programs asked a month ago, and counts of tries that
    count no more.
    """
    captcha.forget_expired(session, now)
    buckets.forget_old(session, now)
    sessions.forget_ended(session, now)
    delays.forget_old(session, now)
    leases.forget_ended(session, now)
    idempotency.forget_old(session, now)
    asked.forget_old(session, now)
    sharing.forget_ended(session, now)


def lapse_questions(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Gives back to whoever asked what no sender answered in time; comes again at once while there are more."""
    if asking.lapse_overdue(session, now) == asking.LAPSED_AT_ONCE:
        enqueue(session, "lapse_questions", now)
