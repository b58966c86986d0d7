"""One suggestion: edit, approve, assign, publish."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.assignments import actions as assignments
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.publication import actions as publication
from app.screening import editing
from app.screening.editing import Wording
from app.web.staff import suggestion_page
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.desk.place import onward, stay
from app.web.staff.fields import optional_id, revision_of
from app.web.staff.leasing import OpensSuggestion
from app.web.templating import page

PATH = "/staff/suggestions/{id}"
OWN_PAGE = "staff_suggestion"
Edits = Annotated[Actor, allowed(Permission.EDIT_SUGGESTIONS)]
Approves = Annotated[Actor, allowed(Permission.APPROVE_SUGGESTIONS)]
Assigns = Annotated[Actor, allowed(Permission.ASSIGN)]
Publishes = Annotated[Actor, allowed(Permission.PUBLISH)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_suggestion")
def show(
    request: Request, id: uuid.UUID, actor: ViewsDesk, opened: OpensSuggestion, session: ReadSession
) -> Response:
    return page(request, "staff/suggestion.html", suggestion_page.context(session, actor, editing.find(session, id)))


@router.post(PATH + "/edit", name="staff_edit")
def edit(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    form = sent.form
    wording = Wording(form.get("text", ""), form.get("theme", ""), optional_id(form.get("clause", "")))
    editing.edit(session, actor, now, id, revision_of(form), wording)
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/submit", name="staff_submit")
def submit(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    editing.submit_for_approval(session, actor, now, id, revision_of(sent.form))
    return onward(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/approve", name="staff_approve")
def approve(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Approves, session: WriteSession, now: Now
) -> Response:
    editing.approve(session, actor, now, id, revision_of(sent.form))
    return onward(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/return", name="staff_return")
def send_back_to_editor(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Approves, session: WriteSession, now: Now
) -> Response:
    editing.return_for_editing(session, actor, now, id, revision_of(sent.form), sent.form.get("remark", ""))
    return onward(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/assign", name="staff_assign")
def assign(request: Request, id: uuid.UUID, sent: OwnForm, actor: Assigns, session: WriteSession, now: Now) -> Response:
    form = sent.form
    proposed = suggestion_page.proposed(session, editing.find(session, id))
    reasons = {row.department_id: row.why for row in proposed if row.department_id}
    cooperating = [department for department in form.all("cooperating") if department]
    assignments.assign(session, actor, now, id, form.text("lead"), cooperating, reasons)
    return onward(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/publish", name="staff_publish")
def publish(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Publishes, session: WriteSession, now: Now
) -> Response:
    keep = suggestion_page.contacts(session, editing.find(session, id))
    publication.publish(session, actor, now, id, sent.form.get("text", ""), keep)
    return onward(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/retract", name="staff_retract")
def retract(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Publishes, session: WriteSession, now: Now
) -> Response:
    publication.retract(session, actor, now, id, sent.form.get("reason", ""))
    return stay(request, sent.form, OWN_PAGE, id)
