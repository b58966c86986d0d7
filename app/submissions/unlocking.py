"""Seeing who sent one submission: a permission of its own, a reason, some minutes, and an entry in the audit log."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Conflict, NotFound
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.submissions.models import IdentityUnlock, Submission, SubmitterIdentity
from app.submissions.vault import ERASED

UNLOCKED_FOR = timedelta(minutes=10)


def unlock(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, reason: str) -> IdentityUnlock:
    """For UNLOCKED_FOR the actor, and nobody else, may see who sent it (identity unlocked, 查看身份).

    Raises NotFound, Unprocessable without a reason, Conflict("identity_erased") where there is nothing to see.
    """
    require(actor, Permission.UNLOCK_IDENTITY)
    submission = session.get(Submission, submission_id)
    sealed = session.get(SubmitterIdentity, submission_id)
    if submission is None or sealed is None:
        raise NotFound("no_such_submission")
    require(actor, Permission.UNLOCK_IDENTITY, within=submission.consultation_id)
    words = due(reason)
    if sealed.name == ERASED:
        raise Conflict("identity_erased")
    granted = IdentityUnlock(
        submission_id=submission.id, staff_id=actor.id, reason=words, at=at, until=at + UNLOCKED_FOR
    )
    session.add(granted)
    audit.record(
        session,
        actor,
        at,
        "submission.identity_unlocked",
        ("submission", submission.id),
        within=submission.consultation_id,
        reason=words,
    )
    return granted


def held(session: Session, staff_id: str, submission_id: uuid.UUID, now: datetime) -> IdentityUnlock | None:
    """The unlocking that lets this person see it now; None where there is none, or its minutes are over."""
    return session.scalar(
        select(IdentityUnlock)
        .where(
            IdentityUnlock.submission_id == submission_id,
            IdentityUnlock.staff_id == staff_id,
            IdentityUnlock.until > now,
        )
        .order_by(IdentityUnlock.until.desc())
        .limit(1)
    )
