"""Which changes of a consultation's text go back to which suggestions, at the desk."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web import amendment_page
from app.web.amendment_page import Asked, Verb
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.outcomes import found
from app.web.templating import address, page

PATH = "/staff/consultations/{slug}/amendments"
Confirms = Annotated[Actor, allowed(Permission.CONFIRM_DISPOSITIONS)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_amendments")
def show(
    request: Request,
    slug: str,
    actor: ViewsDesk,
    session: ReadSession,
    change: str = "",
    clause: str | None = None,
    start: str = "",
) -> Response:
    context = amendment_page.context(session, found(session, slug), Asked(change, clause, start))
    return page(request, "staff/amendments.html", context)


@router.post(PATH + "/links/{id}/{verb}", name="staff_decide_amendment")
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
    """What is confirmed is so by the drafting department's letter, which the form names."""
    found(session, slug)
    amendment_page.decide(session, actor, now, verb, id, sent.form)
    return _back(request, slug, sent.form.get("back", ""))


@router.post(PATH + "/add", name="staff_add_amendment")
def add(request: Request, slug: str, sent: OwnForm, actor: Confirms, session: WriteSession, now: Now) -> Response:
    amendment_page.add(session, actor, now, found(session, slug).id, sent.form)
    return _back(request, slug, sent.form.get("back", ""))


def _back(request: Request, slug: str, asked: str) -> Response:
    """To what the person saw: one change, or changes from a place on."""
    where = {"start": asked} if asked.isdigit() else {"change": asked} if asked else {}
    return RedirectResponse(address(request, "staff_amendments", slug=slug, **where), status_code=303)
