"""Who has a suggestion: each department's assignment, and what is proposed when it is to be assigned (anew)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.assignments import queries as assignments
from app.assignments import working_time
from app.assignments.lifecycle import ACTIVE, OPEN, AssignmentRole, AssignmentState
from app.assignments.models import Assignment
from app.assignments.proposals import GivenUp, ProposedDepartment, propose, propose_again
from app.assignments.queries import HandedOver
from app.calendars import queries as calendars
from app.calendars.working_days import Calendar
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.dispositions import queries as dispositions
from app.dispositions.kinds import DispositionKind
from app.documents import queries as documents
from app.permissions import Actor, Permission
from app.screening.models import Suggestion
from app.web import labels


@dataclass(frozen=True)
class AssignmentView:
    """One department's, whatever became of it. `days_late` counts working days; `by_itself`: recalled by nobody."""

    id: uuid.UUID
    department: str
    role: AssignmentRole
    state: AssignmentState
    why: str
    assigned_at: datetime
    due_on: date | None
    due_reason: str | None
    days_late: int
    is_open: bool
    is_stopped: bool
    asks_sender: bool
    escalation: int
    send_back_reason: str | None
    suggested_department: str | None
    transferred_to: str | None
    transfer_reason: str | None
    recall_reason: str | None
    by_itself: bool
    return_remark: str | None
    answer_kind: DispositionKind | None
    answer_reason: str | None
    answer_draft: bool


@dataclass(frozen=True)
class ProposalRow:
    """Rows with `standing` are shown and can't be ticked."""

    department_id: str | None
    name: str
    role: AssignmentRole
    why: str
    standing: bool


@dataclass(frozen=True)
class Proposal:
    lead_id: str | None
    lead_why: str
    cooperating_ids: frozenset[str]
    rows: list[ProposalRow]


def context(
    session: Session, actor: Actor, now: datetime, suggestion: Suggestion, held: Sequence[HandedOver]
) -> dict[str, object]:
    """What the part shows; the verbs that it offers stand in `assigning`."""
    lead = next((row for row in held if row.assignment.role is AssignmentRole.LEAD and _has_it(row)), None)
    adds = actor.may(Permission.ASSIGN) and lead is not None and lead.assignment.state in OPEN
    lead_days, cooperating_days = assignments.terms(session, suggestion.consultation_id)
    holders = {row.assignment.department_id for row in held if _has_it(row)}
    assignable = departments.assignable(session)
    return {
        "assignments": views(session, now, held),
        "proposal": _proposal(proposed(session, suggestion, held)),
        "departments": assignable,
        "assigning": {
            "adds": adds,
            "addable": [one for one in assignable if one.id not in holders] if adds else [],
            "lead_days": lead_days,
            "cooperating_days": cooperating_days,
            "today": working_time.due_day(now).isoformat(),
            "anew": bool(held),
        },
    }


def views(session: Session, now: datetime, held: Sequence[HandedOver]) -> list[AssignmentView]:
    """By a fixed number of queries, however many there are."""
    answers = dispositions.answers(session, [row.assignment.id for row in held])
    names, calendar = departments.names(session), calendars.calendar(session)
    made = []
    for row in held:
        answer = answers.get(row.assignment.id)
        told = {
            "answer_kind": answer.kind if answer else None,
            "answer_reason": answer.reason if answer else None,
            "answer_draft": answer.draft if answer else False,
        }
        made.append(_view(row, names, calendar, now, told))
    return made


def proposed(
    session: Session, suggestion: Suggestion, held: Sequence[HandedOver] | None = None
) -> tuple[ProposedDepartment, ...]:
    """The departments that the suggestion's clause names, or the drafting department; less who gave it up."""
    consultation = session.get_one(Consultation, suggestion.consultation_id)
    names = departments.names(session)
    drafting = (consultation.drafting_department_id, names[consultation.drafting_department_id])
    units = None
    if suggestion.clause_id is not None:
        units = documents.clauses_by_id(session, [suggestion.clause_id])[0].units
    first = propose(units, *drafting)
    if held is None:
        held = assignments.of_suggestions(session, [suggestion.id])[suggestion.id]
    given_up = [_given_up(row.assignment, names) for row in held if row.assignment.state not in ACTIVE]
    if not given_up:
        return first
    return propose_again(first, given_up, {row.assignment.department_id for row in held if _has_it(row)}, drafting)


def _given_up(row: Assignment, names: Mapping[str, str]) -> GivenUp:
    suggested = row.suggested_department_id
    return GivenUp(row.department_id, (suggested, names[suggested]) if suggested and suggested in names else None)


def _has_it(row: HandedOver) -> bool:
    return row.assignment.state in ACTIVE


def _view(
    held: HandedOver, names: Mapping[str, str], calendar: Calendar, now: datetime, told: Mapping[str, object]
) -> AssignmentView:
    row = held.assignment
    runs = row.runs_out_at is not None and row.due_at is not None
    return AssignmentView(
        id=row.id,
        department=held.department,
        role=row.role,
        state=row.state,
        why=labels.why(row.why),
        assigned_at=row.assigned_at,
        due_on=working_time.due_day(row.due_at) if row.due_at else None,
        due_reason=row.due_reason,
        days_late=working_time.days_late(calendar, row.due_at, now) if runs and row.due_at else 0,
        is_open=row.state in OPEN,
        is_stopped=row.state in OPEN and row.clock_stopped_at is not None,
        asks_sender=row.question_id is not None,
        escalation=row.escalation,
        send_back_reason=row.send_back_reason,
        suggested_department=names.get(row.suggested_department_id or ""),
        transferred_to=names.get(row.transferred_to or ""),
        transfer_reason=row.transfer_reason,
        recall_reason=row.recall_reason,
        by_itself=row.state is AssignmentState.RECALLED and row.recall_reason is None,
        return_remark=row.return_remark if row.state is AssignmentState.IN_PROGRESS else None,
        **told,  # type: ignore[arg-type]
    )


def _proposal(rows: tuple[ProposedDepartment, ...]) -> Proposal:
    lead = next((row for row in rows if row.lead), None)
    return Proposal(
        lead_id=lead.department_id if lead else None,
        lead_why=labels.why(lead.why if lead else "nobody_left"),
        cooperating_ids=frozenset(row.department_id for row in rows if row.department_id and not row.lead),
        rows=[
            ProposalRow(
                department_id=row.department_id,
                name=row.name,
                role=AssignmentRole.COOPERATING,
                why=labels.why(row.why),
                standing=row.department_id is None,
            )
            for row in rows
            if not row.lead
        ],
    )
