"""How one consultation stands on the desk: what came in, what was decided, what waits and for how long."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.kit.http import Now, ReadSession
from app.permissions import Actor, Permission
from app.web.services import Svc
from app.web.staff import overview_page
from app.web.staff.access import allowed
from app.web.staff.desk.visit import Visit
from app.web.templating import page

Views = Annotated[Actor, allowed(Permission.VIEW_DESK)]

router = APIRouter(include_in_schema=False)


@router.get("/staff/overview", name="staff_overview")
def overview(
    request: Request, services: Svc, actor: Views, session: ReadSession, now: Now, consultation: str = ""
) -> Response:
    visit = Visit(request, session, services, actor, now)
    return page(request, "staff/overview.html", overview_page.context(visit, consultation))
