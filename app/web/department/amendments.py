"""Which changes of a text go back to which suggestions: the drafting department's own head decides, one by one."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.amendments import queries
from app.consultations.models import Consultation
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession, WriteSession
from app.offices.actions import own_department
from app.permissions import Actor, Permission
from app.web import amendment_page
from app.web.amendment_page import Asked, Verb
from app.web.staff.access import OwnForm, allowed
from app.web.staff.outcomes import found
from app.web.templating import address, page

PATH = "/office/amendments"
ONE = PATH + "/{slug}"
Confirms = Annotated[Actor, allowed(Permission.CONFIRM_DISPOSITIONS)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="office_all_amendments")
def overview(request: Request, actor: Confirms, session: ReadSession) -> Response:
    """The consultations that the department drafts and that have a final text, the latest first."""
    return page(request, "department/amendments.html", {"items": queries.compared_of(session, own_department(actor))})


@router.get(ONE, name="office_amendments")
def show(
    request: Request,
    slug: str,
    actor: Confirms,
    session: ReadSession,
    change: str = "",
    clause: str | None = None,
    start: str = "",
) -> Response:
    own = _own(session, actor, slug)
    context = amendment_page.context(session, own, Asked(change, clause, start), office=True)
    return page(request, "staff/amendments.html", context)


@router.post(ONE + "/links/{id}/{verb}", name="office_decide_amendment")
def decide(
    request: Request,
    slug: str,
    id: uuid.UUID,
    verb: Verb,
    sent: OwnForm,
    actor: Confirms,
    session: WriteSession,
    now: Now,
) -> Response:
    _own(session, actor, slug)
    amendment_page.decide(session, actor, now, verb, id, sent.form)
    return _back(request, slug, sent.form.get("back", ""))


@router.post(ONE + "/add", name="office_add_amendment")
def add(request: Request, slug: str, sent: OwnForm, actor: Confirms, session: WriteSession, now: Now) -> Response:
    amendment_page.add(session, actor, now, _own(session, actor, slug).id, sent.form)
    return _back(request, slug, sent.form.get("back", ""))


def _own(session: Session, actor: Actor, slug: str) -> Consultation:
    """Raises NotFound for what another department drafts, as if it weren't there."""
    row = found(session, slug)
    if row.drafting_department_id != own_department(actor):
        raise NotFound("no_such_consultation")
    return row


def _back(request: Request, slug: str, asked: str) -> Response:
    where = {"start": asked} if asked.isdigit() else {"change": asked} if asked else {}
    return RedirectResponse(address(request, "office_amendments", slug=slug, **where), status_code=303)
