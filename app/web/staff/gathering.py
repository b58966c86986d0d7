"""Adding passages to a suggestion that is there, and settling what is left of a submission."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.kit.errors import Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.screening import regrouping
from app.screening.passages import joined
from app.submissions import queries as submissions
from app.web.staff.access import OwnForm, allowed
from app.web.staff.desk.place import stay
from app.web.staff.fields import number_of, spans_of
from app.web.staff.suggestion_search import search
from app.web.templating import address, page

PATH = "/staff/submissions/{id}"
OWN_PAGE = "staff_submission"
Edits = Annotated[Actor, allowed(Permission.EDIT_SUGGESTIONS)]

router = APIRouter(include_in_schema=False)


@router.post(PATH + "/join", name="staff_join_choose")
def choose(id: uuid.UUID, request: Request, sent: OwnForm, actor: Edits) -> Response:
    """The chosen passages go along in the address, so that the search for a suggestion can be a plain form."""
    chosen = spans_of(sent.form.all("passage"))
    if not chosen:
        raise Unprocessable("passage_required")
    words = [f"{span.start}-{span.end}" for span in chosen]
    place = sent.form.get("place", "")
    return RedirectResponse(address(request, "staff_join", id=id, passage=words, place=place), status_code=303)


@router.get(PATH + "/join", name="staff_join")
def join(request: Request, id: uuid.UUID, actor: Edits, session: ReadSession) -> Response:
    submission = submissions.get(session, id)
    chosen = request.query_params.getlist("passage")
    spans = joined(submission.comment, spans_of(chosen))
    found = search(session, submission.consultation_id, submission.version_id, request.query_params)
    place = request.query_params.get("place", "")
    context = {
        "s": submission,
        "chosen": chosen,
        "place_words": place,
        "passages": [submission.comment[span.start : span.end] for span in spans],
        "search": found,
        "next_url": address(request, "staff_join", id=id, passage=chosen, place=place, **found.onward())
        if found.next_cursor
        else None,
    }
    return page(request, "staff/join.html", context)


@router.post(PATH + "/settle", name="staff_settle")
def settle(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    form = sent.form
    regrouping.settle_rest(session, actor, now, id, number_of(form.get("uncovered", ""), -1), form.get("remark", ""))
    return stay(request, form, OWN_PAGE, id)


@router.post(PATH + "/unsettle", name="staff_unsettle")
def unsettle(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    regrouping.reopen_rest(session, actor, now, id)
    return stay(request, sent.form, OWN_PAGE, id)
