"""Putting passages where they belong: taken out, divided off, two suggestions merged."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.consultations.models import Consultation
from app.kit.errors import BadRequest
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.screening import editing, regrouping
from app.web.staff.access import OwnForm, allowed
from app.web.staff.desk.place import stay
from app.web.staff.fields import number_of, optional_id, revision_of
from app.web.staff.suggestion_search import search
from app.web.templating import address, page

PATH = "/staff/suggestions/{id}"
OWN_PAGE = "staff_suggestion"
Edits = Annotated[Actor, allowed(Permission.EDIT_SUGGESTIONS)]

router = APIRouter(include_in_schema=False)


@router.post(PATH + "/remove", name="staff_remove_passage")
def remove(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    passage_id = _id(sent.form.get("remove", ""))
    regrouping.remove_passage(session, actor, now, id, revision_of(sent.form), passage_id)
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(PATH + "/split", name="staff_split")
def split(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    form = sent.form
    chosen = [_id(word) for word in form.all("held")]
    made = regrouping.split(session, actor, now, id, revision_of(form), chosen, form.get("text", ""))
    return RedirectResponse(address(request, OWN_PAGE, id=made.id), status_code=303)


@router.get(PATH + "/merge", name="staff_merge_choose")
def choose(request: Request, id: uuid.UUID, actor: Edits, session: ReadSession) -> Response:
    """Which one it shall be merged into."""
    suggestion = editing.find(session, id)
    consultation = session.get_one(Consultation, suggestion.consultation_id)
    found = search(session, consultation.id, consultation.version_id, request.query_params, without=id)
    context = {
        "g": suggestion,
        "search": found,
        "next_url": address(request, "staff_merge_choose", id=id, **found.onward()) if found.next_cursor else None,
    }
    return page(request, "staff/merge.html", context)


@router.post(PATH + "/merge", name="staff_merge")
def merge(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    """`into` names the one that stays, with the revision that the person saw: `id:revision`."""
    into, _, revision = sent.form.get("into", "").partition(":")
    kept = (_id(into), number_of(revision, -1))
    made = regrouping.merge(session, actor, now, kept, (id, revision_of(sent.form)))
    return RedirectResponse(address(request, OWN_PAGE, id=made.id), status_code=303)


def _id(word: str) -> uuid.UUID:
    found = optional_id(word)
    if found is None:
        raise BadRequest("bad_form")
    return found
