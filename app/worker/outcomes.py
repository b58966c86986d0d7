"""Promising each sender one message when everything of theirs is answered and released, or when it was closed.

Telling a sender costs a handful of queries, so that a job does few of them and promises the rest to the next one.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.deliveries import ledger
from app.deliveries.lifecycle import DeliveryChannel
from app.dispositions import outcomes
from app.dispositions import queries as dispositions
from app.jobs.ledger import enqueue
from app.kit.crypto import content_hash
from app.publication import queries as publication
from app.publication.queries import PersonsOutcome
from app.screening import queries as screening
from app.screening.telling import may_tell
from app.submissions import queries as submissions
from app.submissions.models import Submission

SENDERS_AT_ONCE = 50
SUGGESTIONS_AT_ONCE = 500
TEMPLATE, PUBLISHED = "outcome", "results_published"


def tell_release(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """A release was approved: everything in it is to be told, some hundred suggestions at a time."""
    released = dispositions.suggestions_of_release(
        session, uuid.UUID(payload["release_id"]), _after(payload), SUGGESTIONS_AT_ONCE
    )
    outcomes.tell_departments(session, now, released)
    for suggestion_id in released:
        enqueue(session, "tell_decision", now, suggestion_id=str(suggestion_id))
    if len(released) == SUGGESTIONS_AT_ONCE:
        enqueue(session, "tell_release", now, release_id=payload["release_id"], after=str(released[-1]))


def tell_results(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """A consultation was concluded: owes everybody what they haven't been told, some of those accepted at a time.

    Where replies are given together, that is one message to each with the reply's address.
    """
    consultation_id = uuid.UUID(payload["consultation_id"])
    accepted = submissions.accepted(session, consultation_id, _after(payload), SENDERS_AT_ONCE)
    together = consultations.reply_terms(session, consultation_id).replies_together
    for submission in accepted:
        if together:
            _tell_published(session, now, submission)
        else:
            _tell(session, now, submission)
    if len(accepted) == SENDERS_AT_ONCE:
        enqueue(session, "tell_results", now, consultation_id=str(consultation_id), after=str(accepted[-1].id))


def tell_decision(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """An outcome was released: owes a message to every sender of it for whom this was the last open one."""
    senders = screening.senders_of(session, uuid.UUID(payload["suggestion_id"]), _after(payload), SENDERS_AT_ONCE)
    _tell_all(session, now, senders, "tell_decision", suggestion_id=payload["suggestion_id"])


def tell_closing(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """A screener ended one: owes a message to its sender, and to those who had repeated it, unless it was undone."""
    if "decision_id" not in payload or may_tell(session, now, uuid.UUID(payload["decision_id"])):
        _tell_all(session, now, [uuid.UUID(payload["submission_id"])])


def tell_closed(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """What `tell_closing` found due on the inner side of two networks: owes the messages."""
    _tell_all(session, now, [uuid.UUID(payload["submission_id"])])


def pass_closing_on(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """As `tell_closing`, for an installation from which no mail goes to senders: the outer one is to owe them."""
    if "decision_id" not in payload or may_tell(session, now, uuid.UUID(payload["decision_id"])):
        enqueue(session, "tell_closed", now, submission_id=payload["submission_id"])


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


def _tell_published(session: Session, now: datetime, submission: Submission) -> None:
    """Once to each person, at the address of the first of theirs."""
    if not _has_address(session, submission):
        return
    first, *_rest = submissions.of_same_sender(session, submission, 1) or [submission]
    if first.id == submission.id or not _has_address(session, first):
        _owe(session, now, submission, PUBLISHED, content_hash(PUBLISHED, str(submission.id)))


def _tell(session: Session, now: datetime, submission: Submission) -> None:
    """Owes the message if there is an end to tell of, an address, and nothing of this end was told before.

    Of what was closed its sender is told by itself. Outcomes wait until everything that the same person sent is
    answered; then each of those submissions is owed a message, and sending makes one of those to one address.
    """
    told = publication.outcome_of(session, submission)
    if told.is_closed:
        _owe_end(session, now, submission, [told])
    if told.is_closed or told.is_answered:
        _tell_answered(session, now, submission)


def _tell_answered(session: Session, now: datetime, submission: Submission) -> None:
    theirs = publication.of_person(session, submission)
    if not all(told.is_answered or told.is_closed for _, told in theirs):
        return
    answered = [(each, told) for each, told in theirs if told.is_answered]
    outcomes = [told for _, told in answered]
    if _is_told_singly(session, submission, outcomes):
        for each, _told in answered:
            _owe_end(session, now, each, outcomes)


def _is_told_singly(session: Session, submission: Submission, told: Sequence[PersonsOutcome]) -> bool:
    """Where the replies are given together, only what is told anew goes to each sender."""
    if not consultations.reply_terms(session, submission.consultation_id).replies_together:
        return True
    return any(outcome.number > 1 for one in told for outcome in one.outcomes)


def _owe_end(session: Session, now: datetime, submission: Submission, told: Sequence[PersonsOutcome]) -> None:
    channel = _channel(session, submission)
    if channel is None:
        return
    told_otherwise = screening.times_told_otherwise(session, submission.id)
    end, first = _mark(submission.id, told, told_otherwise), content_hash(TEMPLATE, str(submission.id))
    before = ledger.promised_under(session, first)
    if before is not None and before.detail["end"] == end:
        return
    once = first if before is None else end
    _owe(session, now, submission, TEMPLATE, once, channel, end=end, again=int(before is not None))


def _owe(
    session: Session,
    now: datetime,
    submission: Submission,
    template: str,
    once: str,
    channel: DeliveryChannel = DeliveryChannel.EMAIL,
    **detail: str | int,
) -> None:
    ledger.promise(
        session,
        now,
        channel=channel,
        recipient=("submission", submission.id),
        template=template,
        about=("consultation", submission.consultation_id),
        once=once,
        **detail,
    )


def _has_address(session: Session, submission: Submission) -> bool:
    return _channel(session, submission) is DeliveryChannel.EMAIL


def _channel(session: Session, submission: Submission) -> DeliveryChannel | None:
    """By which way its sender can be told: by e-mail, else by telephone where the consultation has chosen that."""
    sealed = submissions.sealed_identity(session, submission.id)
    if sealed is None:
        return None
    if sealed.email is not None:
        return DeliveryChannel.EMAIL
    texts = consultations.reply_terms(session, submission.consultation_id).texts_outcomes
    return DeliveryChannel.SMS if texts and sealed.phone else None


def _mark(submission_id: uuid.UUID, told: Sequence[PersonsOutcome], told_otherwise: int) -> str:
    """Differs whenever the person would read something else about the end, or reads the same after a retraction."""
    said = []
    for one in told:
        answers = [
            f"{outcome.text}|{outcome.disposition}|{outcome.reason}|{outcome.decided_at}" for outcome in one.outcomes
        ]
        said.append(content_hash(one.state.value, one.closing_reason or "", one.pointer or "", *sorted(answers)))
    return content_hash(str(submission_id), str(told_otherwise), *said)
