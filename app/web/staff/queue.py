"""The desk: views with counts, one page of a list, and the chosen item beside it."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from app.desk import queries as desk
from app.desk.views import View
from app.kit.http import Now, ReadSession
from app.permissions import Actor, Permission
from app.web.services import Svc
from app.web.staff.access import ViewsDesk, allowed
from app.web.staff.desk import filter_form, panes, reading
from app.web.staff.desk.place import Place, place_of
from app.web.staff.desk.visit import Visit
from app.web.staff.leasing import OpensItem
from app.web.templating import address, page

OFFICES = {Permission.VIEW_ACCOUNTS: "staff_accounts", Permission.VIEW_AUDIT: "staff_audit"}
OwnSession = Annotated[Actor, allowed(Permission.USE_OWN_SESSION)]

router = APIRouter(include_in_schema=False)


@router.get("/staff", name="desk")
def desk_page(request: Request, services: Svc, actor: OwnSession, session: ReadSession, now: Now) -> Response:
    """The first page of whoever signed in: the queue or, for those who have none, the page of their office."""
    if actor.may(Permission.VIEW_DESK):
        visit = Visit(request, session, services, actor, now)
        return page(request, "staff/queue.html", panes.context(visit, Place(), None, None))
    office = next((name for permission, name in OFFICES.items() if actor.may(permission)), "own_account")
    return RedirectResponse(address(request, office), status_code=303)


@router.get("/staff/queue", name="queue")
def queue(
    request: Request,
    services: Svc,
    actor: ViewsDesk,
    opened: OpensItem,
    session: ReadSession,
    now: Now,
    item: uuid.UUID | None = None,
    done: uuid.UUID | None = None,
) -> Response:
    visit, place = Visit(request, session, services, actor, now), place_of(request.query_params)
    if place.view is View.SECOND_LOOK:  # on the desk the first decision stands beside the words
        slug = place.narrowed.get("consultation")
        return RedirectResponse(address(request, "staff_second_looks", consultation=slug), status_code=303)
    context = panes.context(visit, place, item, done)
    return page(request, "staff/queue.html", context, 422 if context["desk"].error else 200)


@router.get("/staff/queue/counts", name="queue_counts")
def counts(request: Request, services: Svc, actor: ViewsDesk, session: ReadSession, now: Now) -> Response:
    """View → number of rows, for a page that is open already."""
    place = place_of(request.query_params)
    narrowed = filter_form.filters_of(place, filter_form.consultation_of(session, place))
    found = desk.counts(session, narrowed, reading.reader(services, actor, now))
    return JSONResponse({view.value: count for view, count in found.items()})
