"""Asking the person who wrote, and settling what came of it."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import audit
from app.clarifications import asking, queries
from app.clarifications.asking import Asker
from app.clarifications.lifecycle import LIFECYCLE, ClarificationEvent
from app.clarifications.models import Clarification
from app.kit.errors import Conflict
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.submissions import queries as submissions


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
    Conflict("nobody_to_ask") of one that came by a bundle, Conflict("question_open") while another one waits,
    Unprocessable("question_required"), Unprocessable("words_too_long"), Unprocessable("time_out_of_bounds").
    """
    require(actor, Permission.ASK_SENDERS)
    made = asking.put(session, at, submission_id, asker, actor.id, question, answer_within)
    audit.record(
        session,
        actor,
        at,
        "clarification.asked",
        ("submission", made.submission_id),
        within=made.consultation_id,
        clarification=str(made.id),
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
