"""Asking others about an assignment: a sender through the relay, or one more department for its opinion."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.api.authentication import Reader, department_of
from app.api.receiving import DepartmentRoute
from app.api.repeating import Writing
from app.api.v1 import requests
from app.api.v1.assignments import AS_IT_IS_NOW, AssignmentId, resolved, written
from app.api.v1.representations import Assignment
from app.api.v1.responses import ASK, ASK_COOPERATION, READ_FILES
from app.assignments import asking, joining
from app.assignments import queries as assignments
from app.clarifications.lifecycle import ClarificationState
from app.clarifications.models import Clarification
from app.kit.http import ReadSession

router = APIRouter(route_class=DepartmentRoute, tags=["assignments"])


class Question(BaseModel):
    """What your department asked a sender, and the answer; personal data in both is covered."""

    id: uuid.UUID
    question: str
    state: ClarificationState = Field(
        description="asked 待答复 · answered 已答复 · lapsed 逾期未答 · settled 已处理 · dropped 已取消"
    )
    asked_at: datetime
    due_at: datetime = Field(description="Until then an answer is waited for.")
    answer: str | None
    answered_at: datetime | None


class Questions(BaseModel):
    """All of them, the first one first; one waits at a time."""

    items: list[Question]


@router.post(
    "/assignments/{assignment_id}/ask",
    responses=ASK,
    response_model=Assignment,
    response_description=AS_IT_IS_NOW,
    operation_id="ask_sender",
)
def ask(writing: Writing, assignment_id: AssignmentId, body: requests.AskRequest) -> Response:
    """Puts a question to one sender of the suggestion; your clock stands still until the answer or the end of its time.

    The column hands it on: you don't learn who it is. One question waits at a time. The answer comes as the event
    `clarification.answered` and is read under `questions`.
    """

    def act(session: Session) -> None:
        within = timedelta(days=body.answer_within_days)
        asking.ask_sender(session, writing.actor, writing.at, assignment_id, body.question, within)

    return written(writing, assignment_id, "ask", body, act)


@router.get(
    "/assignments/{assignment_id}/questions",
    responses=READ_FILES,
    response_description="All",
    operation_id="list_questions",
)
def list_questions(reader: Reader, session: ReadSession, assignment_id: AssignmentId) -> Questions:
    """What your department asked about it, with the answers."""
    assignments.one(session, department_of(reader), assignment_id)
    return Questions(items=_questions(assignments.questions(session, assignment_id)))


@router.post(
    "/assignments/{assignment_id}/cooperating",
    responses=ASK_COOPERATION,
    response_model=Assignment,
    response_description=AS_IT_IS_NOW,
    operation_id="ask_cooperation",
)
def ask_cooperation(writing: Writing, assignment_id: AssignmentId, body: requests.CooperationRequest) -> Response:
    """Asks one more department for its opinion (配合), which gets an assignment of its own.

    For the lead, until it has answered. Refused where that department has it, or had it and gave it up.
    """

    def act(session: Session) -> None:
        to = resolved(session, body.to_department) or body.to_department
        joining.ask_cooperation(session, writing.actor, writing.at, assignment_id, to, body.reason)

    return written(writing, assignment_id, "cooperating", body, act)


def _questions(rows: Sequence[Clarification]) -> list[Question]:
    return [
        Question(
            id=row.id,
            question=row.question,
            state=row.state,
            asked_at=row.asked_at,
            due_at=row.due_at,
            answer=row.answer,
            answered_at=row.answered_at,
        )
        for row in rows
    ]
