"""One assignment: what is suggested, what it is about, who else has it; and what the office does with it."""

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.assignments import actions, joining
from app.kit.errors import Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web.department import case_page
from app.web.department.inbox import Reads
from app.web.staff.access import OwnForm, allowed
from app.web.templating import address, page

PATH = "/office/assignments/{id}"
Answers = Annotated[Actor, allowed(Permission.ANSWER_OWN_ASSIGNMENTS)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="office_assignment")
def assignment(
    request: Request, id: uuid.UUID, actor: Reads, session: ReadSession, now: Now, after: str = ""
) -> Response:
    return shown(request, session, actor, id, now, after)


@router.post(PATH + "/acknowledge", name="office_acknowledge")
def acknowledge(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Answers, session: WriteSession, now: Now
) -> Response:
    actions.acknowledge(session, actor, now, id)
    return to(request, id)


@router.post(PATH + "/begin", name="office_begin")
def begin(request: Request, id: uuid.UUID, sent: OwnForm, actor: Answers, session: WriteSession, now: Now) -> Response:
    actions.begin(session, actor, now, id)
    return to(request, id)


@router.post(PATH + "/notes", name="office_note")
def note(request: Request, id: uuid.UUID, sent: OwnForm, actor: Answers, session: WriteSession, now: Now) -> Response:
    actions.note_progress(session, actor, now, id, sent.form.get("text", ""))
    return to(request, id)


@router.post(PATH + "/send-back", name="office_send_back")
def send_back(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Answers, session: WriteSession, now: Now
) -> Response:
    suggested = sent.form.get("department", "") or None
    actions.send_back(session, actor, now, id, sent.form.get("reason", ""), suggested)
    return to(request, id)


@router.post(PATH + "/transfer", name="office_transfer")
def transfer(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Answers, session: WriteSession, now: Now
) -> Response:
    department_id = sent.form.get("department", "")
    if not department_id:
        raise Unprocessable("department_required")
    actions.transfer(session, actor, now, id, department_id, sent.form.get("reason", ""))
    return to(request, id)


@router.post(PATH + "/cooperating", name="office_ask_cooperation")
def ask_cooperation(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Answers, session: WriteSession, now: Now
) -> Response:
    department_id = sent.form.get("department", "")
    if not department_id:
        raise Unprocessable("department_required")
    joining.ask_cooperation(session, actor, now, id, department_id, sent.form.get("reason", ""))
    return to(request, id)


def shown(request: Request, session: Session, actor: Actor, id: uuid.UUID, now: datetime, after: str = "") -> Response:
    """The page of the assignment. Raises NotFound for another department's."""
    return page(request, "department/case.html", case_page.context(session, actor, id, now, after))


def to(request: Request, id: uuid.UUID) -> Response:
    return RedirectResponse(address(request, "office_assignment", id=id), status_code=303)
