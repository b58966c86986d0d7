"""What stands on the page of one assignment."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.assignments import queries as assignments
from app.assignments import working_time
from app.assignments.lifecycle import LIFECYCLE, OPEN, AssignmentEvent, AssignmentRole, AssignmentState
from app.assignments.models import Assignment, ProgressNote
from app.assignments.queries import Held
from app.audit import queries as audit
from app.calendars import queries as calendars
from app.departments import queries as departments
from app.dispositions import queries as dispositions
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Answer
from app.documents import queries as documents
from app.kit.paging import read_cursor
from app.offices import originals
from app.offices.actions import own_department
from app.permissions import Actor, ActorKind, Permission
from app.web.department import case_questions, due_words
from app.web.department.due_words import DueView
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.public.views import clause_name

PASSAGES = 20
DONE = {
    "assignment.acknowledged": N_("Acknowledged"),
    "assignment.begun": N_("Begun"),
    "assignment.progress_noted": N_("Progress noted"),
    "assignment.sent_back": N_("Sent back"),
    "assignment.transferred": N_("Passed on"),
    "assignment.recalled": N_("Recalled"),
    "assignment.due_set": N_("Another last day set"),
    "assignment.reminded": N_("Reminded"),
    "assignment.answer_drafted": N_("Answer drafted"),
    "assignment.answered": N_("Answered for good"),
    "assignment.sender_asked": N_("Sender asked"),
    "assignment.cooperation_asked": N_("Cooperation asked for"),
}
"""Audit action → words; what isn't here is no concern of a department's."""


@dataclass(frozen=True)
class ClauseView:
    """A clause of the draft; `is_meant`: the suggestion is about this one, the others only stand around it."""

    name: str
    text: str
    is_meant: bool


@dataclass(frozen=True)
class OtherView:
    """Another department that has the same suggestion. Its answer is told once it is final."""

    department: str
    role: AssignmentRole
    state: AssignmentState
    kind: DispositionKind | None
    reason: str
    is_own: bool


@dataclass(frozen=True)
class AnswerView:
    kind: DispositionKind
    reason: str
    citizen_words: str
    approver: str
    dated_on: date | None
    document_number: str
    draft: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class CaseView:
    """The assignment itself. `may` are the codes of what can be done now."""

    id: uuid.UUID
    text: str
    theme: str
    persons: int
    consultation: str
    slug: str
    role: AssignmentRole
    state: AssignmentState
    why: str
    assigned_at: datetime
    last_day: date | None
    due: DueView | None
    return_remark: str
    ended_words: str
    may: frozenset[str]


@dataclass(frozen=True)
class Done:
    """A line of the history."""

    at: datetime
    words: str
    by: str
    detail: str


@dataclass(frozen=True)
class NoteView:
    text: str
    by: str
    at: datetime


def context(session: Session, actor: Actor, id: uuid.UUID, now: datetime, after: str) -> dict[str, Any]:
    """Raises NotFound for another department's assignment, as if it didn't exist."""
    department_id = own_department(actor)
    held = assignments.one(session, department_id, id)
    answer = dispositions.answers(session, [id]).get(id)
    names = departments.names(session)
    may_act = actor.may(Permission.ANSWER_OWN_ASSIGNMENTS)
    return {
        "case": _case(session, held, now, may_act, names),
        "clauses": _clauses(session, held),
        "others": _others(session, held, department_id),
        "answer": _answer(session, answer) if answer else None,
        "originals": originals.of_suggestion(session, held.suggestion.id, read_cursor(after), PASSAGES),
        "notes": _notes(session, id),
        "files": case_questions.of_answer(session, id),
        "questions": case_questions.questions(session, id),
        "history": _history(session, held, department_id),
        "departments": [row for row in departments.assignable(session) if row.id != department_id],
    }


def _case(session: Session, held: Held, now: datetime, may_act: bool, names: dict[str, str]) -> CaseView:
    row, suggestion = held.assignment, held.suggestion
    return CaseView(
        id=row.id,
        text=suggestion.text,
        theme=suggestion.theme,
        persons=suggestion.distinct_persons,
        consultation=held.consultation.title,
        slug=held.consultation.slug,
        role=row.role,
        state=row.state,
        why=row.why,
        assigned_at=row.assigned_at,
        last_day=working_time.due_day(row.due_at) if row.due_at and row.state in OPEN else None,
        due=due_words.due(row, calendars.calendar(session), now),
        return_remark=row.return_remark or "" if row.state in OPEN else "",
        ended_words=_ended(row, names),
        may=_may(row) if may_act else frozenset(),
    )


def _may(row: Assignment) -> frozenset[str]:
    allowed = {event.value for event in AssignmentEvent if LIFECYCLE.allows(row.state, event)}
    if row.state in OPEN:
        allowed |= {"note"} if row.question_id else {"note", "ask"}
        allowed |= {"join"} if row.role is AssignmentRole.LEAD else set()
    return frozenset(allowed)


def _ended(row: Assignment, names: dict[str, str]) -> str:
    """Why and where to, for an assignment that the department has no more."""
    if row.state is AssignmentState.SENT_BACK:
        return row.send_back_reason or ""
    if row.state is AssignmentState.TRANSFERRED:
        to = names.get(row.transferred_to or "", "")
        return _("Passed on to %(department)s: %(reason)s") % {"department": to, "reason": row.transfer_reason or ""}
    return row.recall_reason or "" if row.state is AssignmentState.RECALLED else ""


def _clauses(session: Session, held: Held) -> list[ClauseView]:
    """The clause with the one before and the one after it."""
    if held.clause is None:
        return []
    every = documents.clauses_of(session, held.clause.version_id)
    place = next(number for number, clause in enumerate(every) if clause.id == held.clause.id)
    around = every[max(0, place - 1) : place + 2]
    return [ClauseView(clause_name(one.number, one.heading), one.text, one.id == held.clause.id) for one in around]


def _others(session: Session, held: Held, department_id: str) -> list[OtherView]:
    found = assignments.of_suggestions(session, [held.suggestion.id])[held.suggestion.id]
    answers = dispositions.answers(session, [one.assignment.id for one in found])
    return [_other(one.assignment, one.department, answers.get(one.assignment.id), department_id) for one in found]


def _other(row: Assignment, name: str, answer: Answer | None, department_id: str) -> OtherView:
    told = answer if answer is not None and not answer.draft else None
    return OtherView(
        department=name,
        role=row.role,
        state=row.state,
        kind=told.kind if told else None,
        reason=told.reason if told else "",
        is_own=row.department_id == department_id,
    )


def _answer(session: Session, answer: Answer) -> AnswerView:
    names = accounts.names_of(session, [answer.answered_by])
    return AnswerView(
        kind=answer.kind,
        reason=answer.reason,
        citizen_words=answer.citizen_words,
        approver=answer.approver,
        dated_on=answer.dated_on,
        document_number=answer.document_number,
        draft=answer.draft,
        by=names.get(answer.answered_by, _("the department's program")),
        at=answer.answered_at,
    )


def _notes(session: Session, id: uuid.UUID) -> list[NoteView]:
    rows = session.scalars(
        select(ProgressNote).where(ProgressNote.assignment_id == id).order_by(ProgressNote.written_at, ProgressNote.id)
    ).all()
    names = accounts.names_of(session, [row.written_by for row in rows])
    return [
        NoteView(row.text, names.get(row.written_by, _("the department's program")), row.written_at) for row in rows
    ]


def _history(session: Session, held: Held, department_id: str) -> list[Done]:
    """Who of the department did what; of others only that they did."""
    entries = [entry for entry in audit.of_record(session, "assignment", held.assignment.id) if entry.action in DONE]
    colleagues = _colleagues(session, department_id, [entry.actor_id for entry in entries])
    done = [Done(held.assignment.assigned_at, _("Handed over"), _("the desk"), "")]
    for entry in entries:
        by = colleagues.get(entry.actor_id) or _by(entry.actor_kind)
        done.append(Done(entry.at, _(DONE[entry.action]), by, str(entry.detail.get("reason") or "")))
    return done


def _colleagues(session: Session, department_id: str, ids: Sequence[str]) -> dict[str, str]:
    own = accounts.of_department(session, department_id)
    return {id: name for id, name in own.items() if id in set(ids)}


def _by(kind: ActorKind) -> str:
    return {ActorKind.CLIENT: _("the department's program"), ActorKind.WORKER: _("by itself")}.get(kind, _("the desk"))
