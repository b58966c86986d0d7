"""What the sender of a comment was asked, as the receipt's page tells it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.clarifications import queries
from app.clarifications.asking import ANSWERABLE
from app.clarifications.lifecycle import ClarificationState
from app.clarifications.models import Clarification
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission


@dataclass(frozen=True)
class QuestionView:
    """A question as its sender reads it; who asks is told by no name. `open`: it can be answered now."""

    id: uuid.UUID
    state: ClarificationState
    question: str
    asked_at: datetime
    due_at: datetime
    answer: str | None
    answered_at: datetime | None
    open: bool


def questions(session: Session, submission: Submission, now: datetime) -> list[QuestionView]:
    """What the sender was asked, oldest first; nothing of one that was referred."""
    if submission.state is SubmissionState.REFERRED:
        return []
    return [_view(one, submission, now) for one in queries.of_submission(session, submission.id)]


def _view(one: Clarification, submission: Submission, now: datetime) -> QuestionView:
    answerable = one.state is ClarificationState.ASKED and now < one.due_at and submission.state in ANSWERABLE
    return QuestionView(
        one.id, one.state, one.question, one.asked_at, one.due_at, one.answer, one.answered_at, answerable
    )
