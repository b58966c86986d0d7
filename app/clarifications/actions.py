"""Asking the person who wrote, and settling what came of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import audit
from app.clarifications import queries
from app.clarifications.asking import ANSWERABLE, masked
from app.clarifications.lifecycle import LIFECYCLE, AskerKind, ClarificationEvent, ClarificationState
from app.clarifications.models import Clarification
from app.deliveries import ledger as deliveries
from app.deliveries.lifecycle import DeliveryChannel
from app.kit.crypto import content_hash
from app.kit.errors import Conflict, Unprocessable
from app.kit.identifiers import new_id
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.submissions import queries as submissions

QUESTION_LIMIT = 500
"""Code points."""
SHORTEST, LONGEST = timedelta(days=1), timedelta(days=60)


@dataclass(frozen=True)
class Asker:
    """Who gets the answer: a member of staff (`id` of the account) or a department (its id)."""

    kind: AskerKind
    id: str


def ask(
    session: Session,
    actor: Actor,
    at: datetime,
    submission_id: uuid.UUID,
    asker: Asker,
    question: str,
    answer_within: timedelta,
) -> Clarification:
    """Puts a question to the sender: a message says that there is one, the question itself stands behind the receipt.

    It can be answered for so long whether or not comments are still taken. The question is kept with personal data
    covered. Raises NotFound, Conflict("not_open_for_questions") unless the submission is being worked on,
    Conflict("question_open") while another one waits, Unprocessable("question_required"),
    Unprocessable("words_too_long"), Unprocessable("time_out_of_bounds").
    """
    require(actor, Permission.ASK_SENDERS)
    submissions.hold(session, [submission_id])
    submission = submissions.get(session, submission_id)
    if submission.state not in ANSWERABLE:
        raise Conflict("not_open_for_questions")
    if queries.asked(session, submission_id) is not None:
        raise Conflict("question_open")
    if not SHORTEST <= answer_within <= LONGEST:
        raise Unprocessable("time_out_of_bounds")
    made = Clarification(
        id=new_id(),
        submission_id=submission.id,
        consultation_id=submission.consultation_id,
        asker_kind=asker.kind,
        asker=asker.id,
        asked_by=actor.id,
        asked_at=at,
        question=masked(question, QUESTION_LIMIT, "question_required"),
        due_at=at + answer_within,
        state=ClarificationState.ASKED,
    )
    session.add(made)
    audit.record(
        session,
        actor,
        at,
        "clarification.asked",
        ("submission", submission.id),
        within=submission.consultation_id,
        clarification=str(made.id),
    )
    sealed = submissions.sealed_identity(session, submission.id)
    if sealed is not None and sealed.email is not None:
        deliveries.promise(
            session,
            at,
            channel=DeliveryChannel.EMAIL,
            recipient=("submission", submission.id),
            template="clarification_asked",
            about=("consultation", submission.consultation_id),
            once=content_hash("clarification_asked", str(made.id)),
            clarification_id=str(made.id),
        )
    return made


def settle(session: Session, actor: Actor, at: datetime, clarification_id: uuid.UUID, revision: int) -> None:
    """The answer, or that there is none, has been read; it leaves the list of who asked.

    Raises NotFound, InvalidTransition, Conflict("changed_meanwhile").
    """
    require(actor, Permission.ASK_SENDERS)
    question = _at_revision(session, clarification_id, revision)
    question.state = LIFECYCLE.after(question.state, ClarificationEvent.SETTLE)
    question.ended_at, question.ended_by = at, actor.id
    audit.record(
        session,
        actor,
        at,
        "clarification.settled",
        ("submission", question.submission_id),
        clarification=str(question.id),
    )


def drop(session: Session, actor: Actor, at: datetime, clarification_id: uuid.UUID, revision: int, reason: str) -> None:
    """No answer is wanted any more; the sender reads that on the receipt's page.

    Raises NotFound, InvalidTransition once it is answered, Conflict("changed_meanwhile"), Unprocessable without a
    reason.
    """
    require(actor, Permission.ASK_SENDERS)
    question = _at_revision(session, clarification_id, revision)
    state = LIFECYCLE.after(question.state, ClarificationEvent.DROP)
    words = due(reason)
    question.state, question.remark = state, words
    question.ended_at, question.ended_by = at, actor.id
    audit.record(
        session,
        actor,
        at,
        "clarification.dropped",
        ("submission", question.submission_id),
        clarification=str(question.id),
        reason=words,
    )


def _at_revision(session: Session, clarification_id: uuid.UUID, revision: int) -> Clarification:
    question = queries.get(session, clarification_id)
    submissions.hold(session, [question.submission_id])
    session.refresh(question)
    if question.revision != revision:
        raise Conflict("changed_meanwhile")
    return question
