"""One suggestion: edit, approve, assign, publish."""

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.kit.errors import Conflict
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.publication import actions as publication
from app.screening import editing, suggestion_queries
from app.screening.editing import Wording
from app.teamwork.records import RecordKind
from app.web.errors import MESSAGES
from app.web.i18n import gettext as _
from app.web.said import changes_of
from app.web.staff import suggestion_page, team_part
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.desk.place import carried, onward, stay
from app.web.staff.fields import optional_id, revision_of
from app.web.staff.leasing import OpensSuggestion
from app.web.templating import address, page

PATH = "/staff/suggestions/{id}"
OWN_PAGE = "staff_suggestion"
Edits = Annotated[Actor, allowed(Permission.EDIT_SUGGESTIONS)]
Approves = Annotated[Actor, allowed(Permission.APPROVE_SUGGESTIONS)]
Publishes = Annotated[Actor, allowed(Permission.PUBLISH)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_suggestion")
def show(
    request: Request,
    id: uuid.UUID,
    actor: ViewsDesk,
    opened: OpensSuggestion,
    session: ReadSession,
    now: Now,
    after: str = "",
) -> Response:
    suggestion = editing.find(session, id)
    context = suggestion_page.context(session, actor, now, suggestion, read_cursor(after))
    context |= team_part.context(session, actor, now, RecordKind.SUGGESTION, id)
    return page(request, "staff/suggestion.html", context)


@router.post(PATH + "/edit", name="staff_edit")
def edit(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    form = sent.form
    wording = Wording(form.get("text", ""), form.get("theme", ""), optional_id(form.get("clause", "")))
    try:
        editing.edit(session, actor, now, id, revision_of(form), wording)
    except Conflict as error:
        if error.code != "changed_meanwhile":
            raise
        return _changed_meanwhile(request, session, actor, now, id, wording)
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/submit", name="staff_submit")
def submit(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    editing.submit_for_approval(session, actor, now, id, revision_of(sent.form), sent.form.get("answer", ""))
    return onward(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/approve", name="staff_approve")
def approve(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Approves, session: WriteSession, now: Now
) -> Response:
    editing.approve(session, actor, now, id, revision_of(sent.form))
    if sent.form.get("then") == "next" and carried(sent.form) is None:
        following = suggestion_queries.next_to_approve(session, editing.find(session, id), actor.id)
        return RedirectResponse(address(request, OWN_PAGE, id=following or id), status_code=303)
    return onward(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/return", name="staff_return")
def send_back_to_editor(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Approves, session: WriteSession, now: Now
) -> Response:
    editing.return_for_editing(session, actor, now, id, revision_of(sent.form), sent.form.get("remark", ""))
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


def _changed_meanwhile(
    request: Request, session: Session, actor: Actor, now: datetime, id: uuid.UUID, wording: Wording
) -> Response:
    """Nothing was stored: the page as it is now, with the words that were sent and how they differ from it."""
    suggestion = editing.find(session, id)
    context = suggestion_page.context(session, actor, now, suggestion)
    words = MESSAGES["changed_meanwhile"]
    context["error"] = _(words)
    context["unsaved"] = wording
    context["unsaved_pieces"] = changes_of(suggestion.text, wording.text.strip())
    return page(request, "staff/suggestion.html", context, status=409)
