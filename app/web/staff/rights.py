"""Requests of people about their own data: what waits, until when, and each answered by a person."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.kit.clock import beijing_day
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.rights import actions, queries
from app.rights.lifecycle import RequestKind, RequestState
from app.rights.models import RightsRequest
from app.rights.sealing import Contact
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission
from app.submissions.restricted import title_for_lists
from app.web.services import Services, Svc
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import revision_of
from app.web.staff.proving import proven
from app.web.templating import address, page

PAGE_SIZE = 50
Answers = Annotated[Actor, allowed(Permission.ANSWER_RIGHTS_REQUESTS)]
LooksAtContact = Annotated[Actor, proven(Permission.ANSWER_RIGHTS_REQUESTS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class RowView:
    id: uuid.UUID
    number: str
    kind: RequestKind
    state: RequestState
    received_at: datetime
    due_on: date
    overdue: bool


@dataclass(frozen=True)
class AboutView:
    id: uuid.UUID
    title: str
    state: SubmissionState


@dataclass(frozen=True)
class CaseView(RowView):
    """A request with what it is about; `contact` only right after somebody asked to see it."""

    revision: int
    words: str
    about: list[AboutView]
    decided_at: datetime | None
    decided_by: str | None
    answer: str | None
    contact: Contact | None


@router.get("/staff/rights", name="staff_rights")
def overview(
    request: Request, actor: Answers, session: ReadSession, now: Now, state: str = "open", after: str = ""
) -> Response:
    chosen = next((each for each in RequestState if each.value == state), RequestState.OPEN)
    shown = queries.oldest_first(session, chosen, read_cursor(after), PAGE_SIZE)
    waiting, overdue = queries.open_and_overdue(session, beijing_day(now))
    context = {
        "items": [_row(row, now) for row in shown.items],
        "chosen": chosen,
        "states": list(RequestState),
        "waiting": waiting,
        "overdue": overdue,
        "next_url": _next_url(request, chosen, shown.next_cursor),
    }
    return page(request, "staff/rights/list.html", context)


@router.get("/staff/rights/{id}", name="staff_rights_request")
def case(request: Request, id: uuid.UUID, services: Svc, actor: Answers, session: ReadSession, now: Now) -> Response:
    return _case(request, services, session, id, now, None)


@router.post("/staff/rights/{id}/contact", name="staff_rights_contact")
def contact(
    request: Request,
    id: uuid.UUID,
    services: Svc,
    sent: OwnForm,
    actor: LooksAtContact,
    session: WriteSession,
    now: Now,
) -> Response:
    """Shown in the answer to the click and nowhere else; the click is on record."""
    seen = actions.view_contact(session, actor, now, services.keepers, id)
    return _case(request, services, session, id, now, seen)


@router.post("/staff/rights/{id}/grant", name="staff_grant_request")
def grant(
    request: Request, id: uuid.UUID, services: Svc, sent: OwnForm, actor: Answers, session: WriteSession, now: Now
) -> Response:
    actions.grant(session, actor, now, services.keepers, id, revision_of(sent.form), sent.form.get("answer", ""))
    return _back(request, id)


@router.post("/staff/rights/{id}/refuse", name="staff_refuse_request")
def refuse(request: Request, id: uuid.UUID, sent: OwnForm, actor: Answers, session: WriteSession, now: Now) -> Response:
    actions.refuse(session, actor, now, id, revision_of(sent.form), sent.form.get("reason", ""))
    return _back(request, id)


def _case(
    request: Request, services: Services, session: Session, id: uuid.UUID, now: datetime, seen: Contact | None
) -> Response:
    row = queries.get(session, id)
    own = [row.submission_id] if row.submission_id else []
    names = accounts.names_of(session, [row.decided_by] if row.decided_by else [])
    shown = CaseView(
        **vars(_row(row, now)),
        revision=row.revision,
        words=services.keepers.letters.words(row),
        about=[_about(submissions.get(session, each)) for each in (*own, *queries.reported(session, row.id))],
        decided_at=row.decided_at,
        decided_by=names.get(row.decided_by, row.decided_by) if row.decided_by else None,
        answer=row.answer,
        contact=seen,
    )
    answer = page(request, "staff/rights/case.html", {"case": shown, "has_contact": row.phone or row.email or row.name})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _about(submission: Submission) -> AboutView:
    return AboutView(submission.id, title_for_lists(submission), submission.state)


def _row(row: RightsRequest, now: datetime) -> RowView:
    overdue = row.state is RequestState.OPEN and row.due_on < beijing_day(now)
    return RowView(row.id, row.number, row.kind, row.state, row.received_at, row.due_on, overdue)


def _next_url(request: Request, state: RequestState, cursor: str | None) -> str | None:
    return address(request, "staff_rights", state=state.value, after=cursor) if cursor else None


def _back(request: Request, id: uuid.UUID) -> Response:
    return RedirectResponse(address(request, "staff_rights_request", id=id), status_code=303)
