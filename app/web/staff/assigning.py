"""Assigning a suggestion, and what the approver does about the assignments of its departments."""

import uuid
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.assignments import actions, supervising
from app.assignments.ladder import Tone
from app.assignments.moving import Due
from app.kit.errors import BadRequest
from app.kit.forms import Form
from app.kit.http import Now, WriteSession
from app.permissions import Actor, Permission
from app.screening import editing
from app.web.staff import assignment_part
from app.web.staff.access import OwnForm, allowed
from app.web.staff.desk.place import onward, stay
from app.web.staff.fields import number_of
from app.web.templating import address

SUGGESTION = "/staff/suggestions/{id}"
PATH = "/staff/assignments"
Assigns = Annotated[Actor, allowed(Permission.ASSIGN)]
Supervises = Annotated[Actor, allowed(Permission.SUPERVISE_ASSIGNMENTS)]

router = APIRouter(include_in_schema=False)


@router.post(SUGGESTION + "/assign", name="staff_assign")
def assign(request: Request, id: uuid.UUID, sent: OwnForm, actor: Assigns, session: WriteSession, now: Now) -> Response:
    form = sent.form
    proposed = assignment_part.proposed(session, editing.find(session, id))
    reasons = {row.department_id: row.why for row in proposed if row.department_id}
    cooperating = [department for department in form.all("cooperating") if department]
    actions.assign(session, actor, now, id, form.text("lead"), cooperating, reasons, _chosen_due(form, now))
    return onward(request, form, "staff_suggestion", id)


@router.post(SUGGESTION + "/cooperating", name="staff_add_cooperating")
def add_cooperating(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Assigns, session: WriteSession, now: Now
) -> Response:
    supervising.add_cooperating(session, actor, now, id, sent.form.text("department"), "chosen_by_approver")
    return stay(request, sent.form, "staff_suggestion", id)


@router.post(PATH + "/{id}/recall", name="staff_recall_assignment")
def recall(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Supervises, session: WriteSession, now: Now
) -> Response:
    supervising.recall(session, actor, now, id, sent.form.get("reason", ""))
    return _back(request, id)


@router.post(PATH + "/{id}/due", name="staff_set_due")
def set_due(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Supervises, session: WriteSession, now: Now
) -> Response:
    supervising.set_due(session, actor, now, id, _day(sent.form.text("due_on")), sent.form.get("reason", ""))
    return _back(request, id)


@router.post(PATH + "/{id}/remind", name="staff_remind")
def remind(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Supervises, session: WriteSession, now: Now
) -> Response:
    supervising.remind(session, actor, now, id, _tone(sent.form.text("tone")), sent.form.get("words", ""))
    return _back(request, id)


@router.post(PATH + "/{id}/pushes/{delivery_id}", name="staff_push_again")
def push_again(
    request: Request,
    id: uuid.UUID,
    delivery_id: uuid.UUID,
    sent: OwnForm,
    actor: Supervises,
    session: WriteSession,
    now: Now,
) -> Response:
    supervising.push_again(session, actor, now, id, delivery_id)
    return _back(request, id)


@router.post(PATH + "/terms/{consultation_id}", name="staff_set_assignment_terms")
def set_terms(
    request: Request, consultation_id: uuid.UUID, sent: OwnForm, actor: Supervises, session: WriteSession, now: Now
) -> Response:
    lead, cooperating = (number_of(sent.form.text(name), 0) for name in ("lead_days", "cooperating_days"))
    supervising.set_terms(session, actor, now, consultation_id, lead, cooperating)
    board = address(request, "staff_assignments", consultation=str(consultation_id))
    return RedirectResponse(board, status_code=303)


def _chosen_due(form: Form, now: datetime) -> Due | None:
    """None where the usual time is to hold. Raises Unprocessable for a day without a reason."""
    if not form.text("due_on"):
        return None
    return supervising.chosen_due(now, _day(form.text("due_on")), form.get("due_reason", ""))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest("bad_form") from error


def _tone(text: str) -> Tone:
    try:
        return Tone(text)
    except ValueError as error:
        raise BadRequest("bad_form") from error


def _back(request: Request, id: uuid.UUID) -> Response:
    return RedirectResponse(address(request, "staff_assignment", id=id), status_code=303)
