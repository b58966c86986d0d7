"""What the page of one assignment shows of files laid with the answer, and of questions to senders."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments.models import AssignmentQuestion
from app.clarifications.lifecycle import ClarificationState
from app.clarifications.models import Clarification
from app.dispositions import files
from app.web.file_words import size_words


@dataclass(frozen=True)
class FileView:
    id: uuid.UUID
    name: str
    size: str
    at: datetime
    is_of_draft: bool


@dataclass(frozen=True)
class QuestionView:
    """A question to a sender; `answer` is empty while there is none."""

    question: str
    state: ClarificationState
    answer: str
    asked_at: datetime
    due_at: datetime


def of_answer(session: Session, id: uuid.UUID) -> list[FileView]:
    """What was laid with the answers to one assignment."""
    drafted = {row.id for row in files.of_draft(session, id)}
    return [
        FileView(row.id, row.name, size_words(row.size), row.added_at, row.id in drafted)
        for row in files.of_assignment(session, id)
    ]


def questions(session: Session, id: uuid.UUID) -> Sequence[QuestionView]:
    """What was asked about one assignment, oldest first."""
    rows = session.scalars(
        select(Clarification)
        .join(AssignmentQuestion, AssignmentQuestion.clarification_id == Clarification.id)
        .where(AssignmentQuestion.assignment_id == id)
        .order_by(Clarification.asked_at, Clarification.id)
    )
    return [QuestionView(row.question, row.state, row.answer or "", row.asked_at, row.due_at) for row in rows]
