"""Keeping that somebody who is signed in was refused a page."""

import structlog
from fastapi import Request
from sqlalchemy.exc import OperationalError

from app.audit import refusals
from app.kit.errors import Forbidden, Unavailable
from app.kit.http import now_of
from app.permissions import Actor
from app.web.services import services_of

log = structlog.get_logger("yanlu.refusals")


def note(request: Request, error: Forbidden) -> None:
    """In a transaction of its own, since the refused one left nothing. Of who isn't signed in nothing is kept.

    The page of the refusal is shown even where the store can't be written.
    """
    acting: Actor | None = getattr(request.state, "acting", None)
    if acting is None:
        return
    route = str(getattr(request.scope.get("route"), "path", "unmatched"))
    permission = str(error.details.get("permission", ""))
    try:
        with services_of(request).database.writing() as session:
            refusals.note(session, acting, now_of(request), route, error.code, permission)
    except (OperationalError, Unavailable) as failure:
        log.error("refusal_not_noted", route=route, kind=type(failure).__name__)
