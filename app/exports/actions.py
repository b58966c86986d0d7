"""Stopping exports and keys while an incident is looked into, and letting them go on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.exports.models import Freeze, Frozen
from app.kit.errors import Conflict
from app.kit.reasons import due
from app.permissions import Actor, Permission, require


def freeze(session: Session, actor: Actor, at: datetime, what: Frozen, reason: str) -> None:
    """From now on exports are refused, or departments' keys open nothing.

    Raises Conflict("frozen_already"), Unprocessable without a reason.
    """
    require(actor, Permission.FREEZE_EXPORTS)
    words = due(reason)
    if _holding(session, what) is not None:
        raise Conflict("frozen_already")
    session.add(Freeze(what=what, at=at, by=actor.id, reason=words))
    audit.record(session, actor, at, "incident.frozen", ("freeze", what.value), reason=words)


def lift(session: Session, actor: Actor, at: datetime, what: Frozen, reason: str) -> None:
    """Everything goes on as before. Raises Conflict("not_frozen"), Unprocessable without a reason."""
    require(actor, Permission.FREEZE_EXPORTS)
    words, holding = due(reason), _holding(session, what)
    if holding is None:
        raise Conflict("not_frozen")
    holding.lifted_at, holding.lifted_by, holding.lifted_reason = at, actor.id, words
    audit.record(session, actor, at, "incident.lifted", ("freeze", what.value), reason=words)


def _holding(session: Session, what: Frozen) -> Freeze | None:
    return session.scalar(select(Freeze).where(Freeze.what == what, Freeze.lifted_at.is_(None)).with_for_update())
