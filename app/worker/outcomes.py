"""Promising each sender one message when everything of the submission is answered, or when it was closed.

Telling a sender costs a handful of queries, so that a job does few of them and promises the rest to the next one.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.deliveries import ledger
from app.deliveries.lifecycle import DeliveryChannel
from app.jobs.ledger import enqueue
from app.kit.crypto import content_hash
from app.publication import queries as publication
from app.publication.queries import PersonsOutcome
from app.screening import queries as screening
from app.screening.telling import may_tell
from app.submissions import queries as submissions
from app.submissions.models import Submission

SENDERS_AT_ONCE = 50
TEMPLATE = "outcome"


def tell_decision(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """A suggestion was decided: owes a message to every sender of it for whom this was the last open one."""
    senders = screening.senders_of(session, uuid.UUID(payload["suggestion_id"]), _after(payload), SENDERS_AT_ONCE)
    _tell_all(session, now, senders, "tell_decision", suggestion_id=payload["suggestion_id"])


def tell_closing(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """A screener ended one: owes a message to its sender, and to those who had repeated it, unless it was undone."""
    if "decision_id" not in payload or may_tell(session, now, uuid.UUID(payload["decision_id"])):
        _tell_all(session, now, [uuid.UUID(payload["submission_id"])])


def tell_reopening(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """A closing that its sender was told of was taken back: owes a message that the earlier one no longer holds."""
    submission = submissions.get(session, uuid.UUID(payload["submission_id"]))
    first = content_hash(TEMPLATE, str(submission.id))
    if ledger.promised_under(session, first) is not None:
        _owe(session, now, submission, "reopened", content_hash("reopened", payload["decision_id"]))


def tell_repetitions(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Whoever repeated a submission is told of its end too, and whoever repeated that."""
    repeated = uuid.UUID(payload["submission_id"])
    senders = screening.repetitions_of(session, repeated, _after(payload), SENDERS_AT_ONCE)
    _tell_all(session, now, senders, "tell_repetitions", submission_id=payload["submission_id"])


def _after(payload: dict[str, Any]) -> uuid.UUID | None:
    return uuid.UUID(payload["after"]) if "after" in payload else None


def _tell_all(
    session: Session, now: datetime, senders: Sequence[uuid.UUID], following: str = "", **payload: str
) -> None:
    for submission_id in senders:
        _tell(session, now, submissions.get(session, submission_id))
        if screening.repetitions_of(session, submission_id, None, 1):
            enqueue(session, "tell_repetitions", now, submission_id=str(submission_id))
    if following and len(senders) == SENDERS_AT_ONCE:
        enqueue(session, following, now, **payload, after=str(senders[-1]))


def _tell(session: Session, now: datetime, submission: Submission) -> None:
    """Owes the message if there is an end to tell of, an address, and nothing of this end was told before."""
    told = publication.outcome_of(session, submission)
    if not (told.is_answered or told.is_closed) or not _has_address(session, submission.id):
        return
    told_otherwise = screening.times_told_otherwise(session, submission.id)
    end, first = _mark(submission.id, told, told_otherwise), content_hash(TEMPLATE, str(submission.id))
    before = ledger.promised_under(session, first)
    if before is not None and before.detail["end"] == end:
        return
    once = first if before is None else end
    _owe(session, now, submission, TEMPLATE, once, end=end, again=int(before is not None))


def _owe(
    session: Session, now: datetime, submission: Submission, template: str, once: str, **detail: str | int
) -> None:
    ledger.promise(
        session,
        now,
        channel=DeliveryChannel.EMAIL,
        recipient=("submission", submission.id),
        template=template,
        about=("consultation", submission.consultation_id),
        once=once,
        **detail,
    )


def _has_address(session: Session, submission_id: uuid.UUID) -> bool:
    sealed = submissions.sealed_identity(session, submission_id)
    return sealed is not None and sealed.email is not None


def _mark(submission_id: uuid.UUID, told: PersonsOutcome, told_otherwise: int) -> str:
    """Differs whenever the person would read something else about the end, or reads the same after a retraction."""
    answers = [
        f"{outcome.text}|{outcome.disposition}|{outcome.reason}|{outcome.decided_at}" for outcome in told.outcomes
    ]
    if told.pointer is not None:
        answers.append(told.pointer.value)
    if told_otherwise:
        answers.append(f"{told_otherwise} taken back")
    return content_hash(str(submission_id), told.state.value, told.closing_reason or "", *sorted(answers))
