"""The two ends of the relay that no permission opens: the sender's answer, and time and decisions that end a question.

The callers answer for it: an edge has verified that the submission is the sender's own, an action records what it does.
"""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.clarifications import queries
from app.clarifications.lifecycle import LIFECYCLE, ClarificationEvent
from app.clarifications.models import Clarification
from app.kit.errors import Conflict, Unprocessable
from app.masking.anonymise import anonymise
from app.permissions import Actor
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission

ANSWER_LIMIT = 2_000
"""Code points."""
ANSWERABLE = (SubmissionState.RECEIVED, SubmissionState.ACCEPTED)
LAPSED_AT_ONCE = 500


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
