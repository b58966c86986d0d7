"""Unlocking who sent one submission."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.kit.http import Now, WriteSession
from app.permissions import Actor, Permission
from app.submissions import unlocking
from app.web.staff.access import OwnForm
from app.web.staff.proving import proven
from app.web.templating import address

Unlocks = Annotated[Actor, proven(Permission.UNLOCK_IDENTITY)]

router = APIRouter(include_in_schema=False)


@router.post("/staff/submissions/{id}/identity", name="staff_unlock_identity")
def unlock(request: Request, id: uuid.UUID, sent: OwnForm, actor: Unlocks, session: WriteSession, now: Now) -> Response:
    unlocking.unlock(session, actor, now, id, sent.form.get("reason", ""))
    return RedirectResponse(address(request, "staff_submission", id=id) + "#identity", status_code=303)
