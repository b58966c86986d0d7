"""What a department's program gets to see: the edited suggestion and its place, never who wrote or the original words.

Instants are RFC 3339 in UTC with a Z.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.assignments import queries as assignments
from app.assignments.lifecycle import AssignmentRole, AssignmentState
from app.assignments.models import Assignment as AssignmentRow
from app.assignments.queries import Held
from app.departments import queries as departments
from app.dispositions import queries as dispositions
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Answer as AnswerRow
from app.documents.models import Clause as ClauseRow

EXAMPLE: dict[str, Any] = {
    "id": "019371f0-6f1e-7c3a-9b57-2f6f1c1d9a10",
    "state": "acknowledged",
    "role": "lead",
    "assigned_at": "2026-05-11T01:30:00Z",
    "acknowledged_at": "2026-05-11T02:05:00Z",
    "closed_at": None,
    "why": "named_first",
    "suggestion": {
        "id": "019371ee-11aa-7b20-8a3e-0d5f2b7c4e91",
        "text": "建议社区助餐点在周末和节假日照常开放，并公布每周菜单。",
        "theme": "助餐服务",
        "distinct_persons": 3,
    },
    "clause": {"label": "一/（二）", "number": "（二）", "heading": "发展社区助餐", "text": "支持社区设立助餐点……"},
    "consultation": {
        "slug": "elderly-care-2026",
        "title": "关于推进社区养老服务的若干措施（征求意见稿）",
        "drafting_department": {"id": "civil-affairs", "name": "辽宁省民政厅"},
    },
    "answer": None,
    "send_back": None,
    "revision": 2,
}


class NamedDepartment(BaseModel):
    """A department by its id and canonical name."""

    id: str
    name: str


class Department(NamedDepartment):
    """A department of the directory."""

    assignable: bool = Field(description="False for scopes such as 各市政府, which are named but never assigned to.")


class Suggestion(BaseModel):
    """One point that one or many people made, in edited words."""

    id: uuid.UUID
    text: str
    theme: str
    distinct_persons: int = Field(
        description="How many senders made this point, by the numbers they entered, which are not verified."
    )


class Clause(BaseModel):
    """The clause of the draft that the suggestion is about, as it was put out for comment."""

    label: str
    number: str
    heading: str
    text: str


class Consultation(BaseModel):
    """The call for comments."""

    slug: str
    title: str
    drafting_department: NamedDepartment


class Answer(BaseModel):
    """What your department answered, or is about to."""

    disposition: DispositionKind
    reason: str
    draft: bool
    answered_at: datetime


class SendBack(BaseModel):
    """Why your department sent it back."""

    reason: str
    suggested_department: NamedDepartment | None


class Assignment(BaseModel):
    """One suggestion in the hands of your department."""

    id: uuid.UUID
    state: AssignmentState = Field(
        description="delivered 已交办 · acknowledged 已签收 · answered 已答复 · sent_back 已退回"
    )
    role: AssignmentRole = Field(description="lead 牵头: its answer decides · cooperating 配合: its answer is attached")
    assigned_at: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None = Field(description="When it was answered for good or sent back.")
    why: Annotated[str, Field(description="Why your department was proposed, a code such as `named_as_lead`.")]
    suggestion: Suggestion
    clause: Clause | None = Field(description="Null for a general opinion on the whole draft.")
    consultation: Consultation
    answer: Answer | None
    send_back: SendBack | None
    revision: int = Field(description="Grows with every change of the assignment.")


class AssignmentPage(BaseModel):
    """Some assignments, in the order in which they were handed over."""

    items: list[Assignment]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")


class DepartmentList(BaseModel):
    """The whole directory, in its own order."""

    items: list[Department]


def one_assignment(session: Session, department_id: str, assignment_id: uuid.UUID) -> Assignment:
    """Raises NotFound for another department's, as if it didn't exist."""
    held = assignments.one(session, department_id, assignment_id)
    return represented(session, [held])[0]


def represented(session: Session, held: Sequence[Held]) -> list[Assignment]:
    """The same assignments as a department's program sees them; two queries, however many there are."""
    answers = dispositions.answers(session, [row.assignment.id for row in held])
    names = departments.names(session)
    return [_assignment(row, answers.get(row.assignment.id), names) for row in held]


def directory(session: Session) -> DepartmentList:
    rows = departments.in_order(session)
    return DepartmentList(items=[Department(id=row.id, name=row.name, assignable=row.assignable) for row in rows])


def _assignment(held: Held, answer: AnswerRow | None, names: Mapping[str, str]) -> Assignment:
    row, suggestion, consultation = held.assignment, held.suggestion, held.consultation
    drafting = consultation.drafting_department_id
    return Assignment(
        id=row.id,
        state=row.state,
        role=row.role,
        assigned_at=row.assigned_at,
        acknowledged_at=row.acknowledged_at,
        closed_at=row.closed_at,
        why=row.why,
        suggestion=Suggestion(
            id=suggestion.id,
            text=suggestion.text,
            theme=suggestion.theme,
            distinct_persons=suggestion.distinct_persons,
        ),
        clause=_clause(held.clause),
        consultation=Consultation(
            slug=consultation.slug,
            title=consultation.title,
            drafting_department=NamedDepartment(id=drafting, name=names[drafting]),
        ),
        answer=_answer(answer),
        send_back=_send_back(row, names),
        revision=row.revision,
    )


def _clause(clause: ClauseRow | None) -> Clause | None:
    if clause is None:
        return None
    return Clause(label=clause.label, number=clause.number, heading=clause.heading, text=clause.text)


def _answer(answer: AnswerRow | None) -> Answer | None:
    if answer is None:
        return None
    return Answer(disposition=answer.kind, reason=answer.reason, draft=answer.draft, answered_at=answer.answered_at)


def _send_back(row: AssignmentRow, names: Mapping[str, str]) -> SendBack | None:
    if row.send_back_reason is None:
        return None
    suggested = row.suggested_department_id
    return SendBack(
        reason=row.send_back_reason,
        suggested_department=NamedDepartment(id=suggested, name=names[suggested]) if suggested else None,
    )
