"""A screener's decisions, each in one call."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.permissions import Actor
from app.referrals.lifecycle import ReferralClass
from app.screening.deciding import decide
from app.screening.decisions import Decision
from app.screening.lifecycle import UnsuitableClass
from app.submissions.lifecycle import ScreeningEvent


def accept(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, revision: int) -> None:
    decide(session, actor, at, submission_id, revision, Decision(ScreeningEvent.ACCEPT))


def close_as_out_of_scope(
    session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, revision: int, reason: str
) -> None:
    decision = Decision(ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, reason)
    decide(session, actor, at, submission_id, revision, decision)


def close_as_duplicate(
    session: Session,
    actor: Actor,
    at: datetime,
    submission_id: uuid.UUID,
    revision: int,
    duplicate_of: str,
    reason: str,
) -> None:
    decision = Decision(ScreeningEvent.CLOSE_AS_DUPLICATE, reason, duplicate_of=duplicate_of)
    decide(session, actor, at, submission_id, revision, decision)


def close_as_unsuitable(
    session: Session,
    actor: Actor,
    at: datetime,
    submission_id: uuid.UUID,
    revision: int,
    unsuitable_class: UnsuitableClass,
    reason: str,
) -> None:
    decision = Decision(ScreeningEvent.CLOSE_AS_UNSUITABLE, reason, unsuitable_class)
    decide(session, actor, at, submission_id, revision, decision)


def refer(
    session: Session,
    actor: Actor,
    at: datetime,
    submission_id: uuid.UUID,
    revision: int,
    referral_class: ReferralClass,
    note: str,
) -> None:
    decision = Decision(ScreeningEvent.REFER, note, referral_class=referral_class)
    decide(session, actor, at, submission_id, revision, decision)
