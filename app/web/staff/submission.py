"""Deciding on one submission and gathering suggestions from it."""

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.screening import editing, undoing
from app.screening.editing import Wording
from app.submissions import queries as submissions
from app.web.services import Svc
from app.web.staff import submission_page
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.decision_form import LetterWaits, Way, decide_as
from app.web.staff.desk.panes import submission_case
from app.web.staff.desk.place import carried, onward, stay
from app.web.staff.desk.visit import Visit
from app.web.staff.fields import optional_id, revision_of, spans_of
from app.web.staff.leasing import OpensSubmission
from app.web.templating import address, page

PATH = "/staff/submissions/{id}"
OWN_PAGE = "staff_submission"
Screens = Annotated[Actor, allowed(Permission.SCREEN)]
Reopens = Annotated[Actor, allowed(Permission.REOPEN_DECISIONS)]
Edits = Annotated[Actor, allowed(Permission.EDIT_SUGGESTIONS)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_submission")
def show(
    request: Request,
    id: uuid.UUID,
    services: Svc,
    actor: ViewsDesk,
    opened: OpensSubmission,
    session: ReadSession,
    now: Now,
) -> Response:
    following = submission_page.next_id(session, submissions.get(session, id), actor, now)
    context = submission_case(Visit(request, session, services, actor, now), id)
    context["next_url"] = address(request, "staff_submission", id=following) if following else None
    return page(request, "staff/submission.html", context)


@router.post(PATH + "/decide/{way}", name="staff_decide")
def decide(
    request: Request,
    id: uuid.UUID,
    way: Way,
    waits: LetterWaits,
    sent: OwnForm,
    actor: Screens,
    session: WriteSession,
    now: Now,
) -> Response:
    """One address for each decision, so that a refused form comes back to the decision it was."""
    decide_as(session, actor, now, id, way, sent.form, waits)
    if way is Way.ACCEPT or carried(sent.form):
        return onward(request, sent.form, OWN_PAGE, id)
    return _next(request, session, id, actor, now)


@router.post(PATH + "/undo", name="staff_undo")
def undo(request: Request, id: uuid.UUID, sent: OwnForm, actor: Screens, session: WriteSession, now: Now) -> Response:
    undoing.undo(session, actor, now, id, revision_of(sent.form))
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/reopen", name="staff_reopen")
def reopen(request: Request, id: uuid.UUID, sent: OwnForm, actor: Reopens, session: WriteSession, now: Now) -> Response:
    undoing.reopen(session, actor, now, id, revision_of(sent.form), sent.form.get("reason", ""))
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/gather", name="staff_gather")
def gather(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    form = sent.form
    spans, into = spans_of(form.all("passage")), optional_id(form.get("suggestion", ""))
    if into is not None:
        editing.gather_into(session, actor, now, id, spans, into)
        return stay(request, form, OWN_PAGE, id)
    wording = Wording(form.get("text", ""), form.get("theme", ""), optional_id(form.get("clause", "")))
    made = editing.gather(session, actor, now, id, spans, wording)
    if carried(form):
        return stay(request, form, OWN_PAGE, id)
    return RedirectResponse(address(request, "staff_suggestion", id=made.id), status_code=303)


def _next(request: Request, session: Session, id: uuid.UUID, actor: Actor, now: datetime) -> Response:
    """After a close the next one that waits, or the queue when there is none."""
    following = submission_page.next_id(session, submissions.get(session, id), actor, now)
    where = address(request, "staff_submission", id=following) if following else address(request, "desk")
    return RedirectResponse(where, status_code=303)
