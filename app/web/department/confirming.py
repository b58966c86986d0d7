"""What the drafting department's own head says to other departments' answers: agreed, or to be answered anew."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.dispositions import actions, queries
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.offices.actions import own_department
from app.permissions import Actor, Permission
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import revision_of
from app.web.staff.outcomes import outcome_row
from app.web.templating import address, page

PAGE_SIZE = 30
PATH = "/office/confirming/{id}"
Confirms = Annotated[Actor, allowed(Permission.CONFIRM_DISPOSITIONS)]

router = APIRouter(include_in_schema=False)


@router.get("/office/confirming", name="office_confirming")
def waiting(request: Request, actor: Confirms, session: ReadSession, after: str = "") -> Response:
    """Answers to what the department drafts, the one given first at the head."""
    found = queries.to_confirm(session, own_department(actor), read_cursor(after), PAGE_SIZE)
    more = address(request, "office_confirming", after=found.next_cursor) if found.next_cursor else None
    context = {"items": [outcome_row(one) for one in found.items], "next_url": more}
    return page(request, "department/confirming.html", context)


@router.post(PATH, name="office_confirm")
def confirm(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Confirms, session: WriteSession, now: Now
) -> Response:
    """`id` is the suggestion's. From here on its outcome lies in the outbox until it is released."""
    actions.confirm(session, actor, now, id, revision_of(sent.form))
    return _back(request)


@router.post(PATH + "/return", name="office_return")
def return_answer(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Confirms, session: WriteSession, now: Now
) -> Response:
    actions.return_answer(session, actor, now, id, revision_of(sent.form), sent.form.get("remark", ""))
    return _back(request)


def _back(request: Request) -> Response:
    return RedirectResponse(address(request, "office_confirming"), status_code=303)
