"""What people do with their own account."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.accounts import sessions
from app.permissions import Actor, Permission, require


def prove_again(session: Session, actor: Actor, at: datetime, token: str, fits: bool) -> str | None:
    """The session's new token, None when what was shown doesn't fit. Either is audited.

    What was shown is checked before, outside the transaction: it takes long, and must hold no lock.
    """
    require(actor, Permission.USE_OWN_SESSION)
    renewed = sessions.renew(session, token, at) if fits else None
    audit.record(session, actor, at, "staff.proven" if fits else "staff.proof_failed", ("staff", actor.id))
    return renewed
