"""The board of what departments have, and the page of one assignment."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.assignments import board, pushes, queries, working_time
from app.assignments.board import Load, Narrowing
from app.assignments.ladder import tones
from app.assignments.lifecycle import LIFECYCLE, OPEN, AssignmentEvent, AssignmentRole, AssignmentState
from app.assignments.queries import HandedOver, Held
from app.calendars import queries as calendars
from app.calendars.working_days import Calendar
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.departments.models import Department
from app.departments.units import HandingOver
from app.events.catalogue import KINDS
from app.kit.http import Now, ReadSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.web.assignment_words import PUSH_STATES
from app.web.i18n import gettext as _
from app.web.i18n import language
from app.web.public.views import clause_name
from app.web.staff import assignment_part, history
from app.web.staff.access import ViewsDesk
from app.web.staff.fields import is_id
from app.web.templating import address, page
from app.webhooks.lifecycle import MessageState

PATH = "/staff/assignments"
PAGE_SIZE = 30
SHOWN_OF_TEXT = 60

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class RowView:
    id: uuid.UUID
    text: str
    department: str
    handing_over: HandingOver
    consultation: str
    role: AssignmentRole
    state: AssignmentState
    due_on: date
    days_late: int
    escalation: int


@dataclass(frozen=True)
class LoadView:
    """`counts` are of the open stages, in their order."""

    department_id: str
    department: str
    counts: list[int]
    late: int


@dataclass(frozen=True)
class PushView:
    """One event on its way to one receiver, of whose address the host is shown alone; `status` is what it answered."""

    id: uuid.UUID
    kind: str
    host: str
    state: MessageState
    words: str
    promised_at: datetime
    attempts: int
    last_at: datetime | None
    status: int | None
    error: str | None


class _Query:
    """What the board is narrowed to; what can't be read narrows nothing."""

    def __init__(self, given: Mapping[str, str]) -> None:
        consultation, stage = given.get("consultation", ""), given.get("stage", "")
        self.consultation = consultation if is_id(consultation) else ""
        self.department = given.get("department", "")
        self.stage = stage if stage in list(OPEN) else ""
        self.late = bool(given.get("late"))

    def narrowing(self, actor: Actor, now: datetime) -> Narrowing:
        return Narrowing(
            now,
            consultation_id=uuid.UUID(self.consultation) if self.consultation else None,
            department_id=self.department or None,
            state=AssignmentState(self.stage) if self.stage else None,
            late=self.late,
            within=actor.limits.get(Permission.VIEW_DESK),
        )

    def values(self, **given: str) -> dict[str, str]:
        values = {"consultation": self.consultation, "department": self.department, "stage": self.stage}
        return {name: value for name, value in (values | {"late": "1" if self.late else ""} | given).items() if value}


@router.get(PATH, name="staff_assignments")
def overview(request: Request, actor: ViewsDesk, session: ReadSession, now: Now, after: str = "") -> Response:
    asked = _Query(request.query_params)
    narrowing = asked.narrowing(actor, now)
    found = board.pressing_first(session, narrowing, read_cursor(after), PAGE_SIZE)
    names, following = departments.names(session), found.next_cursor
    chosen = session.get(Consultation, narrowing.consultation_id) if narrowing.consultation_id else None
    context = {
        "items": _rows(found.items, calendars.calendar(session), now),
        "loads": [_load(one, names) for one in board.loads(session, narrowing) if one.open],
        "stages": OPEN,
        "asked": asked,
        "chosen": chosen,
        "consultations": board.consultations(session),
        "departments": departments.in_order(session),
        "next_url": address(request, "staff_assignments", **asked.values(after=following)) if following else None,
        "terms": queries.terms(session, chosen.id) if chosen else None,
        "limits": (working_time.SHORTEST_TERM, working_time.LONGEST_TERM),
        "supervises": actor.may(Permission.SUPERVISE_ASSIGNMENTS),
    }
    return page(request, "staff/assignments/board.html", context)


@router.get(PATH + "/{id}", name="staff_assignment")
def show(request: Request, id: uuid.UUID, actor: ViewsDesk, session: ReadSession, now: Now) -> Response:
    held = queries.any_departments(session, id)
    department = departments.find(session, held.assignment.department_id)
    (view,) = assignment_part.views(session, now, [HandedOver(held.assignment, department.name)])
    return page(request, "staff/assignments/one.html", _context(session, actor, now, held, department) | {"one": view})


def _context(session: Session, actor: Actor, now: datetime, held: Held, department: Department) -> dict[str, object]:
    row, late = held.assignment, held.assignment.due_at is not None and now >= held.assignment.due_at
    reminders, notes = queries.reminders(session, row.id), queries.progress_notes(session, row.id)
    people = [row.assigned_by, *(one.sent_by or "" for one in reminders), *(one.written_by for one in notes)]
    supervises = actor.may_within(Permission.SUPERVISE_ASSIGNMENTS, held.consultation.id)
    runs = row.state in OPEN and row.clock_stopped_at is None
    return {
        "row": row,
        "suggestion": held.suggestion,
        "consultation": held.consultation,
        "clause": clause_name(held.clause.number, held.clause.heading) if held.clause else "",
        "department": department,
        "reminders": reminders,
        "notes": notes,
        "questions": queries.questions(session, row.id),
        "names": accounts.names_of(session, sorted({person for person in people if person})),
        "pushes": [_push(one) for one in pushes.of_assignment(session, row)],
        "may_push": supervises,
        "tones": tones(department.handing_over, late=late) if supervises and runs else (),
        "today": working_time.due_day(now).isoformat(),
        "may": {
            "recall": supervises and LIFECYCLE.allows(row.state, AssignmentEvent.RECALL),
            "set_due": supervises and row.state in OPEN,
        },
        "history": history.of_record(session, "assignment", row.id),
    }


def _rows(rows: Sequence[board.Row], calendar: Calendar, now: datetime) -> list[RowView]:
    return [
        RowView(
            id=one.assignment.id,
            text=one.text[:SHOWN_OF_TEXT] + ("…" if len(one.text) > SHOWN_OF_TEXT else ""),
            department=one.department.name,
            handing_over=one.department.handing_over,
            consultation=one.consultation.title,
            role=one.assignment.role,
            state=one.assignment.state,
            due_on=working_time.due_day(one.assignment.runs_out_at),
            days_late=working_time.days_late(calendar, one.assignment.runs_out_at, now),
            escalation=one.assignment.escalation,
        )
        for one in rows
        if one.assignment.runs_out_at is not None
    ]


def _push(push: pushes.Push) -> PushView:
    kind, last = KINDS.get(push.message.kind), push.last
    return PushView(
        id=push.message.id,
        kind=(kind.zh if language() == "zh_CN" else kind.en) if kind else push.message.kind,
        host=urlsplit(push.endpoint.url).hostname or "",
        state=push.message.state,
        words=_(PUSH_STATES[push.message.state]),
        promised_at=push.message.promised_at,
        attempts=push.message.attempts,
        last_at=last.at if last else None,
        status=last.status if last else None,
        error=last.error if last else None,
    )


def _load(load: Load, names: Mapping[str, str]) -> LoadView:
    counts = [load.by_state.get(state, 0) for state in OPEN]
    return LoadView(load.department_id, names.get(load.department_id, load.department_id), counts, load.late)
