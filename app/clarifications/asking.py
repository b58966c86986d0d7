"""What no permission of this area opens: putting a question, the sender's answer, and what time and decisions end.

The callers answer for it: an action has asked for the permission that its asker needs and records what it does, an edge
has verified that the submission is the sender's own.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import audit
from app.clarifications import queries
from app.clarifications.lifecycle import LIFECYCLE, AskerKind, ClarificationEvent, ClarificationState
from app.clarifications.models import Clarification
from app.deliveries import ledger as deliveries
from app.deliveries.lifecycle import DeliveryChannel
from app.kit.crypto import content_hash
from app.kit.errors import Conflict, Unprocessable
from app.kit.identifiers import new_id
from app.masking.anonymise import anonymise
from app.permissions import Actor
from app.submissions import queries as submissions
from app.submissions.carried import is_carried
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission

QUESTION_LIMIT, ANSWER_LIMIT = 500, 2_000
"""Code points."""
SHORTEST, LONGEST = timedelta(days=1), timedelta(days=60)
ANSWERABLE = (SubmissionState.RECEIVED, SubmissionState.ACCEPTED)
LAPSED_AT_ONCE = 500


@dataclass(frozen=True)
class Asker:
    """Who gets the answer: a member of staff (`id` of the account) or a department (its id)."""

    kind: AskerKind
    id: str


def put(
    session: Session,
    at: datetime,
    submission_id: uuid.UUID,
    asker: Asker,
    by: str,
    question: str,
    answer_within: timedelta,
) -> Clarification:
    """The question as it is kept, and a message to the sender that there is one. Raises as `actions.ask` says."""
    submissions.hold(session, [submission_id])
    submission = submissions.get(session, submission_id)
    if submission.state not in ANSWERABLE:
        raise Conflict("not_open_for_questions")
    if is_carried(submission):  # its sender reads the receipt on a network that no question gets to
        raise Conflict("nobody_to_ask")
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
        asked_by=by,
        asked_at=at,
        question=masked(question, QUESTION_LIMIT, "question_required"),
        due_at=at + answer_within,
        state=ClarificationState.ASKED,
    )
    session.add(made)
    _tell_sender(session, at, made)
    return made


def answer(
    session: Session, citizen: Actor, at: datetime, submission: Submission, clarification_id: uuid.UUID, words: str
) -> Clarification:
    """The answer joins the submission, which stays as it was; kept with personal data covered, so that whoever asked
    can't learn how to reach the sender.

    Raises NotFound for a question about another submission, Conflict("question_over") once it is answered, dropped or
    late, Unprocessable("answer_required"), Unprocessable("words_too_long").
    """
    submissions.hold(session, [submission.id])
    question = queries.get(session, clarification_id)
    if question.submission_id != submission.id:
        raise Conflict("question_over")
    closed = at >= question.due_at or submission.state not in ANSWERABLE
    if closed or not LIFECYCLE.allows(question.state, ClarificationEvent.ANSWER):
        raise Conflict("question_over")
    question.answer = masked(words, ANSWER_LIMIT, "answer_required")
    question.state, question.answered_at = LIFECYCLE.after(question.state, ClarificationEvent.ANSWER), at
    audit.record(
        session,
        citizen,
        at,
        "clarification.answered",
        ("submission", submission.id),
        within=submission.consultation_id,
        clarification=str(question.id),
    )
    return question


def masked(words: str, limit: int, missing: str) -> str:
    """The words as they are kept, personal data covered. Raises Unprocessable: `missing`, "words_too_long"."""
    given = words.strip()
    if not given:
        raise Unprocessable(missing)
    if len(given) > limit:
        raise Unprocessable("words_too_long", limit=limit)
    return anonymise(given).text


def _tell_sender(session: Session, at: datetime, made: Clarification) -> None:
    """The message says that there is a question; the question itself stands behind the receipt."""
    sealed = submissions.sealed_identity(session, made.submission_id)
    if sealed is None or sealed.email is None:
        return
    deliveries.promise(
        session,
        at,
        channel=DeliveryChannel.EMAIL,
        recipient=("submission", made.submission_id),
        template="clarification_asked",
        about=("consultation", made.consultation_id),
        once=content_hash("clarification_asked", str(made.id)),
        clarification_id=str(made.id),
    )


def drop_open(session: Session, at: datetime, submission_id: uuid.UUID, by: str) -> None:
    """No answer is waited for any more: the submission was closed."""
    question = queries.asked(session, submission_id)
    if question is not None:
        question.state = LIFECYCLE.after(question.state, ClarificationEvent.DROP)
        question.ended_at, question.ended_by = at, by


def lapse_overdue(session: Session, now: datetime) -> int:
    """Whoever asked gets those back to whom nobody answered in time; how many, at most LAPSED_AT_ONCE."""
    late = queries.overdue(session, now, LAPSED_AT_ONCE)
    for question in late:
        question.state = LIFECYCLE.after(question.state, ClarificationEvent.LAPSE)
    return len(late)
