"""Deciding on one submission and gathering suggestions from it."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.screening import editing
from app.screening.editing import Wording
from app.submissions import queries as submissions
from app.web.services import Svc
from app.web.staff import submission_page
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.case.subject import Case
from app.web.staff.decision_form import Way, decide_as
from app.web.staff.fields import optional_id, spans_of
from app.web.templating import address, page

PATH = "/staff/submissions/{id}"
Screens = Annotated[Actor, allowed(Permission.SCREEN)]
Edits = Annotated[Actor, allowed(Permission.EDIT_SUGGESTIONS)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_submission")
def show(request: Request, id: uuid.UUID, services: Svc, actor: ViewsDesk, session: ReadSession, now: Now) -> Response:
    submission = submissions.get(session, id)
    consultation = session.get_one(Consultation, submission.consultation_id)
    following = submission_page.next_id(session, submission)
    context = submission_page.context(Case(session, services, actor, now, submission, consultation))
    context["next_url"] = address(request, "staff_submission", id=following) if following else None
    return page(request, "staff/submission.html", context)


@router.post(PATH + "/decide/{way}", name="staff_decide")
def decide(
    request: Request, id: uuid.UUID, way: Way, sent: OwnForm, actor: Screens, session: WriteSession, now: Now
) -> Response:
    """One address for each decision, so that a refused form comes back to the decision it was."""
    decide_as(session, actor, now, id, way, sent.form)
    return _back(request, id) if way is Way.ACCEPT else _next(request, session, id)


@router.post(PATH + "/gather", name="staff_gather")
def gather(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    form = sent.form
    spans, into = spans_of(form.all("passage")), optional_id(form.get("suggestion", ""))
    if into is not None:
        editing.gather_into(session, actor, now, id, spans, into)
        return _back(request, id)
    wording = Wording(form.get("text", ""), form.get("theme", ""), optional_id(form.get("clause", "")))
    made = editing.gather(session, actor, now, id, spans, wording)
    return RedirectResponse(address(request, "staff_suggestion", id=made.id), status_code=303)


def _back(request: Request, id: uuid.UUID) -> Response:
    return RedirectResponse(address(request, "staff_submission", id=id), status_code=303)


def _next(request: Request, session: Session, id: uuid.UUID) -> Response:
    """After a close the next one that waits, or the queue when there is none."""
    following = submission_page.next_id(session, submissions.get(session, id))
    where = address(request, "staff_submission", id=following) if following else address(request, "desk")
    return RedirectResponse(where, status_code=303)
