"""What a department's program gets to see: the edited suggestion and its place, never who wrote or the original words.

Instants are RFC 3339 in UTC with a Z.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Select, select
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
from app.kit.paging import Key
from app.offices import originals
from app.screening.models import Passage, SuggestionPassage
from app.submissions.file_queries import public_among
from app.submissions.models import SubmissionFile

SOURCES = 20
MOST_FILES = 100
EXAMPLE: dict[str, Any] = {
    "id": "019371f0-6f1e-7c3a-9b57-2f6f1c1d9a10",
    "state": "acknowledged",
    "role": "lead",
    "assigned_at": "2026-05-11T01:30:00Z",
    "acknowledged_at": "2026-05-11T02:05:00Z",
    "in_progress_at": None,
    "answered_at": None,
    "confirmed_at": None,
    "closed_at": None,
    "due_at": "2026-06-01T16:00:00Z",
    "clock_stopped": False,
    "updated_at": "2026-05-11T02:05:00Z",
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
    "transfer": None,
    "returned": None,
    "recall_reason": None,
    "revision": 2,
    "progress_notes": None,
    "sources": None,
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
    citizen_words: str = Field(description="What the person is told; empty where it is the reason.")
    approver: str
    dated_on: date | None
    document_number: str
    scan: uuid.UUID | None = Field(description="The signed scan (签批件) among the assignment's files.")
    number: int = Field(description="Grows with each answer, drafts too; earlier ones are kept.")


class Transfer(BaseModel):
    """To which department yours passed it on, and why."""

    to_department: NamedDepartment
    reason: str


class Returned(BaseModel):
    """Why the drafting department wants another answer."""

    at: datetime
    remark: str


class Note(BaseModel):
    """How far your department said it was."""

    text: str
    written_at: datetime


class ReleasedFile(BaseModel):
    """A file that came with a comment and has been made public; others are never handed out."""

    id: uuid.UUID
    name: str
    size: int
    path: str = Field(description="Where the column's public pages serve it.")


class Sources(BaseModel):
    """What the senders wrote, with personal data covered and without their names, in the order of arrival."""

    total: int = Field(description="How many passages there are.")
    passages: list[str]
    files: list[ReleasedFile] = Field(
        description="The first 100 of all the comments, on the first page alone; `attachments` lists them all."
    )
    next_cursor: str | None = Field(description="For more passages; null where there are none.")


class SendBack(BaseModel):
    """Why your department sent it back."""

    reason: str
    suggested_department: NamedDepartment | None


class Assignment(BaseModel):
    """One suggestion in the hands of your department."""

    id: uuid.UUID
    state: AssignmentState = Field(
        description="delivered 已交办 · acknowledged 已签收 · in_progress 办理中 · answered 已答复 · "
        "confirmed 已确认 · sent_back 已退回 · transferred 已转办 · recalled 已收回"
    )
    role: AssignmentRole = Field(description="lead 牵头: its answer decides · cooperating 配合: its answer is attached")
    assigned_at: datetime
    acknowledged_at: datetime | None
    in_progress_at: datetime | None
    answered_at: datetime | None = Field(description="When your department answered for good.")
    confirmed_at: datetime | None = Field(description="When the drafting department agreed with the answer.")
    closed_at: datetime | None = Field(description="When your department was done with it.")
    due_at: datetime | None = Field(description="The end of the last day, 24:00 in China; late from that instant on.")
    clock_stopped: bool = Field(description="Whether its time stands still, because a question waits for its sender.")
    updated_at: datetime = Field(description="When it changed last; what `updated_since` compares with.")
    why: Annotated[str, Field(description="Why your department was proposed, a code such as `named_as_lead`.")]
    suggestion: Suggestion
    clause: Clause | None = Field(description="Null for a general opinion on the whole draft.")
    consultation: Consultation
    answer: Answer | None
    send_back: SendBack | None
    transfer: Transfer | None
    returned: Returned | None = Field(description="The last return, also after a newer answer.")
    recall_reason: str | None
    revision: int = Field(description="Grows with every change of the assignment; the `ETag` holds it.")
    progress_notes: list[Note] | None = Field(description="Null unless asked for by `expand`.")
    sources: Sources | None = Field(description="The first ones; null unless asked for by `expand`.")


class AssignmentPage(BaseModel):
    """Some assignments, in the order in which they were handed over."""

    items: list[Assignment]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")


class DepartmentList(BaseModel):
    """The whole directory, in its own order."""

    items: list[Department]


def one_assignment(
    session: Session, department_id: str, assignment_id: uuid.UUID, expand: Collection[str] = ()
) -> Assignment:
    """Raises NotFound for another department's, as if it didn't exist."""
    held = assignments.one(session, department_id, assignment_id)
    return represented(session, [held], expand)[0]


def represented(session: Session, held: Sequence[Held], expand: Collection[str] = ()) -> list[Assignment]:
    """The same assignments as a department's program sees them; two queries, however many there are.

    What is put in besides costs some queries more for each.
    """
    answers = dispositions.answers(session, [row.assignment.id for row in held])
    names = departments.names(session)
    made = [_assignment(row, answers.get(row.assignment.id), names) for row in held]
    for row, one in zip(held, made, strict=True):
        if "progress_notes" in expand:
            notes = assignments.progress_notes(session, row.assignment.id)
            one.progress_notes = [Note(text=note.text, written_at=note.written_at) for note in notes]
        if "sources" in expand:
            one.sources = sources_of(session, row, None, SOURCES)
    return made


def sources_of(session: Session, held: Held, after: Key | None, limit: int) -> Sources:
    """Passages are masked; files are those alone that everybody may have."""
    suggestion = held.suggestion
    found = originals.of_suggestion(session, suggestion.id, after, limit)
    files: list[ReleasedFile] = []
    if after is None:
        public = public_among(session, suggestion.consultation_id, senders_of(suggestion.id), None, MOST_FILES)
        files = [_file(held.consultation.slug, file) for file in public.items]
    return Sources(total=found.total, passages=list(found.passages), files=files, next_cursor=found.next_cursor)


def senders_of(suggestion_id: uuid.UUID) -> Select[uuid.UUID]:
    """The submissions that a suggestion was gathered from."""
    passages = select(Passage.submission_id).join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
    return passages.where(SuggestionPassage.suggestion_id == suggestion_id)


def _file(slug: str, file: SubmissionFile) -> ReleasedFile:
    size = file.released_size if file.released_size is not None else file.size
    return ReleasedFile(id=file.id, name=file.name, size=size, path=f"/consultations/{slug}/files/{file.id}")


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
        in_progress_at=row.in_progress_at,
        answered_at=row.answered_at,
        confirmed_at=row.confirmed_at,
        closed_at=row.closed_at,
        due_at=row.due_at,
        clock_stopped=row.clock_stopped_at is not None,
        updated_at=row.changed_at or row.assigned_at,
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
        transfer=_transfer(row, names),
        returned=Returned(at=row.returned_at, remark=row.return_remark or "") if row.returned_at else None,
        recall_reason=row.recall_reason,
        progress_notes=None,
        sources=None,
        revision=row.revision,
    )


def _clause(clause: ClauseRow | None) -> Clause | None:
    if clause is None:
        return None
    return Clause(label=clause.label, number=clause.number, heading=clause.heading, text=clause.text)


def _answer(answer: AnswerRow | None) -> Answer | None:
    if answer is None:
        return None
    return Answer(
        disposition=answer.kind,
        reason=answer.reason,
        draft=answer.draft,
        answered_at=answer.answered_at,
        citizen_words=answer.citizen_words,
        approver=answer.approver,
        dated_on=answer.dated_on,
        document_number=answer.document_number,
        scan=answer.scan_id,
        number=answer.number,
    )


def _transfer(row: AssignmentRow, names: Mapping[str, str]) -> Transfer | None:
    if row.transferred_to is None:
        return None
    to = NamedDepartment(id=row.transferred_to, name=names[row.transferred_to])
    return Transfer(to_department=to, reason=row.transfer_reason or "")


def _send_back(row: AssignmentRow, names: Mapping[str, str]) -> SendBack | None:
    if row.send_back_reason is None:
        return None
    suggested = row.suggested_department_id
    return SendBack(
        reason=row.send_back_reason,
        suggested_department=NamedDepartment(id=suggested, name=names[suggested]) if suggested else None,
    )
